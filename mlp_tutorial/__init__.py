"""다층 퍼셉트론 튜토리얼의 도우미: what several notebooks need, and nothing that a notebook should teach by itself.

`from mlp_tutorial import figures` loads matplotlib, so `import mlp_tutorial` leaves it out and costs little over torch.
"""

from mlp_tutorial import reference
from mlp_tutorial.data import digits, learnable_data, random_data, split, two_moons, xor
from mlp_tutorial.exercises import check
from mlp_tutorial.hyperparameters import Hyperparameters
from mlp_tutorial.model import MLP, TwoLayerNet, count_parameters
from mlp_tutorial.repetition import Estimate, Runs, estimate, repeat
from mlp_tutorial.training import History, accuracy, evaluate, fit

__all__ = [
    "MLP",
    "Estimate",
    "History",
    "Hyperparameters",
    "Runs",
    "TwoLayerNet",
    "accuracy",
    "check",
    "count_parameters",
    "digits",
    "estimate",
    "evaluate",
    "fit",
    "learnable_data",
    "random_data",
    "reference",
    "repeat",
    "split",
    "two_moons",
    "xor",
]
