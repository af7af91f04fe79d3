"""The post's hyperparameters in one frozen object. Numbers that must agree are held once and checked when set."""

from dataclasses import dataclass

import torch
from torch.nn import functional as F

from mlp_tutorial import checks


@dataclass(frozen=True)
class Hyperparameters:
    """Everything that is chosen before training, with the post's values as defaults.

    Taught in 05.

    Raises:
        ValueError: a size that is no whole number of at least 1, negative steps or seed, a learning rate that is not
            finite and above 0, a device that this machine lacks.
        TypeError: a loss_fn that can't be called, or a class such as nn.MSELoss.
    """

    device: str | torch.device = "cpu"  # "cuda" where there is a GPU; becomes a torch.device
    batch_size: int = 64  # rows of x and y
    D_in: int = 1000  # nodes of the input layer = columns of x
    H: int = 100  # nodes of the hidden layer
    D_out: int = 10  # nodes of the output layer = columns of y
    loss_fn: checks.LossFunction = F.mse_loss
    learning_rate: float = 1e-4
    n_steps: int = 500
    seed: int = 123

    def __post_init__(self) -> None:
        """Check every value; a bad one raises before anything is built from it."""
        checks.function("loss_fn", self.loss_fn, checks.LOSS_FORMS)
        checked: dict[str, object] = {"device": checks.usable_device(self.device)}
        checked |= {one: checks.whole_number(one, getattr(self, one)) for one in ("batch_size", "D_in", "H", "D_out")}
        checked["n_steps"] = checks.whole_number("n_steps", self.n_steps, least=0)
        checked["seed"] = checks.random_seed(self.seed)
        checked["learning_rate"] = checks.positive_number("learning_rate", self.learning_rate)
        for name, value in checked.items():
            object.__setattr__(self, name, value)


EXAMPLE = "mt.Hyperparameters(learning_rate=0.1, n_steps=100)"
Hyperparameters.__init__ = checks.called_as(EXAMPLE)(Hyperparameters.__init__)  # which the dataclass has made
