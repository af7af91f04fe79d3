"""What every test and every notebook's kernel inherits, so that a busy machine changes neither outputs nor patience."""

import os

os.environ["TQDM_DISABLE"] = "1"  # a progress bar would be an output that the notebook does not hold
os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")  # pytest's workers share the cores: waiting threads must not spin
