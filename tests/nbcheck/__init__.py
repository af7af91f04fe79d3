"""What the tests of the notebooks share: where they lie, how they run, what is checked and how outputs are compared."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NOTEBOOKS = sorted(path for path in ROOT.glob("notebooks/**/*.ipynb") if ".ipynb_checkpoints" not in path.parts)
# What every kernel inherits, so that a busy machine changes neither outputs nor patience.
ENVIRONMENT = {
    "TQDM_DISABLE": "1",  # a progress bar would be an output that the notebook does not hold
    "OMP_WAIT_POLICY": "PASSIVE",  # kernels side by side share the cores: waiting threads must not spin
    "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),  # nor get in each other's way
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # a caller's Agg would show no figure
    "MATPLOTLIBRC": os.devnull,  # nor do the user's own settings of matplotlib count
}
if "mlp_tutorial_ipython_" not in os.environ.get("IPYTHONDIR", ""):  # nor those of IPython
    _folder = tempfile.mkdtemp(prefix="mlp_tutorial_ipython_")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    ENVIRONMENT["IPYTHONDIR"] = _folder
    if not os.access(os.path.expanduser("~"), os.W_OK):  # where Jupyter and matplotlib keep their files
        ENVIRONMENT |= {"JUPYTER_RUNTIME_DIR": _folder, "MPLCONFIGDIR": _folder}
