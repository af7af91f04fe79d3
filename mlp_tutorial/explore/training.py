"""The still picture of the explorer of training: what its first values have learnt after 2,000 steps, by mt.fit."""

from collections.abc import Iterator
from contextlib import contextmanager

import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch.nn import functional as F

from mlp_tutorial import figures
from mlp_tutorial.data import Data, split
from mlp_tutorial.explore.explorer import CONTROLS, Explorer, blank_axes
from mlp_tutorial.figures.style import OFFSET
from mlp_tutorial.model import MLP
from mlp_tutorial.training import History, accuracy, evaluate, fit

ACTIVATIONS = {"ReLU": F.relu, "tanh": torch.tanh, "sigmoid": torch.sigmoid, "none": lambda z: z}
LOSSES = {"CEE": F.cross_entropy, "MSE": lambda y_pred, y: F.mse_loss(y_pred, F.one_hot(y, 2).double())}
NAMES = dict(CONTROLS["Training"]["controls"]["data"]["options"])
N_STEPS = 2000


class Training(Explorer):
    """Data, network and the way it learns → a network that learns before one's eyes."""

    @torch.inference_mode(False)  # so that the network can be trained wherever the cell stands
    def train(self) -> tuple[MLP, tuple[Data, Data], History]:
        """Return the trained network, its training and validation data, and what was recorded."""
        from mlp_tutorial.explore.points import points  # scikit-learn takes a second, which 01 need not wait

        chosen = self.values
        x, y = map(torch.from_numpy, points(chosen["data"], chosen["noise"], chosen["data_seed"]))
        shares = (chosen["n_train"] / len(x), 1 - chosen["n_train"] / len(x))
        train, validation = split(x.float().double(), y, fractions=shares, seed=chosen["split_seed"])
        widths = (2, *[chosen[f"width_{layer}"] for layer in range(1, chosen["depth"] + 1)], 2)
        with torch.random.fork_rng(devices=[]), torch.device("cpu"):  # leaves the notebook's own random numbers alone
            model = MLP(widths, ACTIVATIONS[chosen["activation"]]).double()
            torch.random.default_generator.manual_seed(chosen["weight_seed"])  # alone: a GPU's has nothing to do here
            for layer in model.children():
                layer.reset_parameters()  # drawn as float64, alike on every processor
        settings = {"loss_fn": LOSSES[chosen["loss"]], "learning_rate": chosen["learning_rate"]}
        settings |= {"batch_size": min(chosen["batch_size"], chosen["n_train"]) or None, "n_steps": N_STEPS}
        with _one_thread():
            history = fit(model, *train, **settings, validation=validation, validate_every=1, verbose=False)
        return model, (train, validation), history

    def draw(self) -> tuple[Figure, str]:
        """Return the decision regions beside the loss curves."""
        model, (train, validation), history = self.train()
        figure, (left, right) = blank_axes(2)
        figure.set_layout_engine("none")  # fixed places: a layout takes as long as the picture
        for ax, start in ((left, 0.07), (right, 0.57)):
            ax.set_position((start, 0.15, 0.42, 0.77))
        said, now = "발산해서 정확도를 잴 수 없습니다", []
        if history.diverged_at:
            figures.points(*train, ax=left)  # the network answers nothing any more
        else:
            figures.decision_regions(model, *train, ax=left)
            shares = [accuracy(model, *part) for part in (train, validation)]
            said = f"정확도: 학습 {shares[0]:.2f}, 검증 {shares[1]:.2f}"
            now = [evaluate(model, *part, loss_fn=LOSSES[self.values["loss"]]) for part in (train, validation)]
        left.set_title(said)
        _losses(right, history, now)
        for ax in (left, right):
            ax.locator_params(nbins=5)
        if history.diverged_at:
            right.set_yscale("log")
        right.set_title(f"{len(history.losses)} 스텝")
        left_side = "점들" if history.diverged_at else "결정 영역"
        cloud = NAMES[self.values["data"]]
        return figure, f"{cloud}의 {left_side}과 {len(history.losses)} 스텝의 손실 곡선. {said}."


def _losses(ax: Axes, history: History, now: list[float]) -> None:
    """Draw both losses after 0, 1, 2, … updates, the last in `now`, each named at its end, one above and one below."""
    n_steps = len(history.losses)
    ax.set(xlabel="스텝", ylabel="손실", xlim=(0, 1.3 * max(N_STEPS, n_steps)))
    ax.margins(y=0.1)  # room for a name below
    if not n_steps:
        return
    before = history.losses.tolist(), list(history.validation_losses.values())
    ys = [[*losses, *now[i : i + 1]] for i, losses in enumerate(before)]
    names = {"학습 손실": ys[0], "검증 손실": ys[1]}
    top = max(names, key=lambda name: names[name][-1])
    for name, losses in names.items():
        (line,) = ax.plot(losses)
        above = "bottom" if name == top else "top"
        ax.annotate(name, (len(losses) - 1, losses[-1]), (4, 0), color=line.get_color(), va=above, **OFFSET)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute with one thread: so small a network gains nothing from two, and loses much on a busy machine."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)
