"""The claims of 05 that hang on chance, to be run again on other data and other seeds than the notebook's."""

from torch import Tensor
from torch.nn import functional as F

import mlp_tutorial as mt

N_RUNS = 10  # freshly drawn data sets, each with first weights of its own


def learnable(n_rows: int, seed: int) -> mt.data.Data:
    """Return rows of the rule that can be learned, in float64."""
    x, y = mt.learnable_data(n_rows, 1000, 10, seed=seed)
    return x.double(), y.double()


def validation_losses(
    first: int, *, learning_rate: float, H: int = 100, n_rows: int = 64, batch_size: int = 64, n_steps: int = 30
) -> Tensor:
    """Return (10, 1): the validation loss after training on the data of each seed from `first` on."""
    seeds = range(first, first + N_RUNS)
    return mt.repeat(
        lambda: mt.TwoLayerNet(1000, H, 10).double(),
        [(learnable(n_rows, seed), learnable(200, seed + 1000)) for seed in seeds],
        seeds=[[seed] for seed in seeds],
        loss_fn=F.mse_loss,
        learning_rate=learning_rate,
        n_steps=n_steps,
        batch_size=batch_size,
    ).validation_losses


def a_rate_below_the_chosen_one_is_worse(first: int) -> Tensor:
    """Return how much the validation loss of rate 0.05 lies above that of 0.1."""
    return validation_losses(first, learning_rate=0.05) - validation_losses(first, learning_rate=0.1)


def a_wider_network_gains_less(first: int) -> Tensor:
    """Return what widening from 10 to 30 gains more than widening from 30 to 100."""
    narrow, middle, wide = (validation_losses(first, learning_rate=0.1, H=H) for H in (10, 30, 100))
    return (narrow - middle) - (middle - wide)


def a_large_batch_wants_the_larger_rate(first: int) -> Tensor:
    """Return how much rate 0.2 changes the validation loss against 0.05, all 128 rows a step, five epochs."""
    slow, fast = (
        validation_losses(first, learning_rate=learning_rate, n_rows=128, batch_size=128, n_steps=5)
        for learning_rate in (0.05, 0.2)
    )
    return fast - slow


def a_small_batch_learns_more_in_as_many_epochs(first: int) -> Tensor:
    """Return how much the validation loss of batches of 128 lies above that of 16, five epochs at rate 0.05."""
    large, small = (
        validation_losses(first, learning_rate=0.05, n_rows=128, batch_size=batch_size, n_steps=5 * 128 // batch_size)
        for batch_size in (128, 16)
    )
    return large - small


CLAIMS = {
    "05.5": a_rate_below_the_chosen_one_is_worse,
    "05.8": a_wider_network_gains_less,
    "05.10": a_small_batch_learns_more_in_as_many_epochs,
    "05.11": a_large_batch_wants_the_larger_rate,
}
