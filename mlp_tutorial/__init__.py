"""다층 퍼셉트론 튜토리얼의 도우미: what several notebooks need, and nothing that a notebook should teach by itself.

`from mlp_tutorial import figures` loads matplotlib, so `import mlp_tutorial` leaves it out and costs little over torch.
"""

from mlp_tutorial import reference as reference
from mlp_tutorial.data import digits as digits
from mlp_tutorial.data import learnable_data as learnable_data
from mlp_tutorial.data import random_data as random_data
from mlp_tutorial.data import split as split
from mlp_tutorial.data import two_moons as two_moons
from mlp_tutorial.data import xor as xor
from mlp_tutorial.device import use_device as use_device
from mlp_tutorial.hyperparameters import Hyperparameters as Hyperparameters
from mlp_tutorial.model import MLP as MLP
from mlp_tutorial.model import TwoLayerNet as TwoLayerNet
from mlp_tutorial.model import count_parameters as count_parameters
from mlp_tutorial.training import History as History
from mlp_tutorial.training import accuracy as accuracy
from mlp_tutorial.training import evaluate as evaluate
from mlp_tutorial.training import fit as fit
