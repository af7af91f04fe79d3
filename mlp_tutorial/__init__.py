"""다층 퍼셉트론 튜토리얼의 도우미: what several notebooks need, and nothing that a notebook should teach by itself.

`figures` loads matplotlib and is imported when first used, so that `import mlp_tutorial` costs little over torch.
"""

import importlib
from types import ModuleType

from mlp_tutorial import reference as reference
from mlp_tutorial.data import digits as digits
from mlp_tutorial.data import learnable_data as learnable_data
from mlp_tutorial.data import random_data as random_data
from mlp_tutorial.data import split as split
from mlp_tutorial.data import two_moons as two_moons
from mlp_tutorial.data import xor as xor
from mlp_tutorial.hyperparameters import Hyperparameters as Hyperparameters
from mlp_tutorial.model import MLP as MLP
from mlp_tutorial.model import TwoLayerNet as TwoLayerNet
from mlp_tutorial.model import count_parameters as count_parameters
from mlp_tutorial.training import History as History
from mlp_tutorial.training import accuracy as accuracy
from mlp_tutorial.training import evaluate as evaluate
from mlp_tutorial.training import fit as fit
from mlp_tutorial.training import predict as predict


def __getattr__(name: str) -> ModuleType:
    """Import `mlp_tutorial.figures` when it is first asked for."""
    if name == "figures":
        return importlib.import_module("mlp_tutorial.figures")
    raise AttributeError(f"module 'mlp_tutorial' has no attribute {name!r}")
