"""The explorer of 02_hidden_layers: a network that learns the two moons before one's eyes.

It trains in parts, so that the picture follows and the buttons are heard in between.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import ipywidgets as widgets
import torch
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from torch.nn import functional as F

from mlp_tutorial import figures
from mlp_tutorial.data import split, two_moons
from mlp_tutorial.explore.explorer import LOOK, SCALE, Explorer, blank_axes, choice
from mlp_tutorial.figures.style import OFFSET
from mlp_tutorial.model import MLP
from mlp_tutorial.training import History, accuracy, evaluate, fit

ACTIVATIONS = {"ReLU": F.relu, "tanh": torch.tanh, "없음": lambda z: z}  # all that the menu offers; add one here
N_STEPS, N_FRAMES = 2000, 4  # of one run: about a second on two cores, three for the largest network


class Training(Explorer):
    """Width, depth, activation, learning rate and noise → a network that learns the two moons before one's eyes."""

    def __init__(self) -> None:
        actions = {"시작": self.start, "멈춤": self.pause, "처음으로": self.reset}
        buttons = [widgets.Button(description=name) for name in actions]
        super().__init__(
            {
                "width": choice("너비", (1, 2, 4, 8, 16, 64), 16),
                "depth": widgets.IntSlider(1, 1, 3, description="깊이", **LOOK),
                "activation": widgets.Dropdown(
                    options=list(ACTIVATIONS), description="활성화 함수", style=LOOK["style"]
                ),
                "learning_rate": choice("학습률", (0.01, 0.03, 0.1, 0.3, 1.0, 3.0), 0.3),
                "noise": widgets.FloatSlider(0.3, min=0.05, max=0.5, step=0.05, description="잡음", **LOOK),
            },
            *buttons,
        )
        for button, action in zip(buttons, actions.values(), strict=True):
            button.on_click(lambda _, action=action: self.act(action))
        self.task: asyncio.Task | None = None
        self.figure, self.axes = blank_axes(2)
        self.figure.set_layout_engine("none")  # fixed places: a layout takes as long as the picture
        for ax, left in zip(self.axes, (0.07, 0.57), strict=True):
            ax.set_position((left, 0.15, 0.42, 0.77))
        self.build()
        for _ in range(N_FRAMES):  # the still picture shows a trained network
            self.advance()
        self.show()

    def change(self) -> None:
        """Train anew with the values that were chosen."""
        self.build()
        self.start()

    def reset(self) -> None:
        """Go back to the untrained network."""
        self.build()
        self.show()

    @torch.inference_mode(False)  # so that the network can be trained wherever the cell stands
    def build(self) -> None:
        """Make the data and an untrained network."""
        self.stop()
        width, depth, activation, _, noise = self.values.values()
        x, y = two_moons(600, noise=noise, seed=0)  # the notebook's moons(0)
        self.train_data, self.validation_data = split(x.double(), y, fractions=(1 / 6, 5 / 6), seed=0)
        with torch.random.fork_rng(devices=[]), torch.device("cpu"):  # leaves the notebook's own random numbers alone
            self.model = MLP((2, *[width] * depth, 2), ACTIVATIONS[activation]).double()
            torch.random.default_generator.manual_seed(0)  # torch.manual_seed would reach a GPU's as well
            for layer in self.model.children():
                layer.reset_parameters()  # drawn as float64, alike on every processor
        self.history = History(torch.empty(0, device="cpu"))

    def start(self) -> None:
        """Train N_STEPS more; in a notebook the buttons stay alive meanwhile."""
        self.stop()
        run = self.run()
        try:
            self.task = asyncio.get_running_loop().create_task(run)
        except RuntimeError:  # a script or a test
            asyncio.run(run)

    def pause(self) -> None:
        """Stop training and show where it is; `start` goes on from there."""
        self.stop()
        self.show()

    def stop(self) -> None:
        """Stop training, if it runs."""
        if self.task:
            self.task.cancel()

    async def run(self) -> None:
        """Train in N_FRAMES parts, each shown when it ends."""
        try:
            for left in reversed(range(N_FRAMES)):
                self.advance()
                ended = not left or self.history.diverged_at
                self.show(SCALE if ended else 1)  # coarse on the way, for speed
                if ended:
                    return
                await asyncio.sleep(0.01)  # lets the kernel hear a button
        except Exception as error:
            self.tell(error)
            raise

    def advance(self) -> None:
        """Train one part."""
        n_before, n_steps = len(self.history.losses), N_STEPS // N_FRAMES
        with _one_thread():
            part = fit(
                self.model,
                *self.train_data,
                loss_fn=F.cross_entropy,
                learning_rate=self.values["learning_rate"],
                n_steps=n_steps,
                validation=self.validation_data,
                validate_every=1,  # of every second step alone an oscillation would look like a smooth curve
                verbose=False,  # the title tells if it diverged
            )
        later = {n_before + step: loss for step, loss in part.validation_losses.items()}
        losses = torch.cat([self.history.losses, part.losses])
        diverged_at = part.diverged_at and n_before + part.diverged_at
        self.history = History(losses, self.history.validation_losses | later, diverged_at)

    def draw(self) -> tuple[Figure, str]:
        """Return the decision regions beside the loss curves, on the same axes each time, which is quicker."""
        left, right = self.axes
        left.clear()
        right.clear()
        said, now = "발산해서 정확도를 잴 수 없습니다", []
        if self.history.diverged_at:
            figures.points(*self.train_data, ax=left)  # the network answers nothing any more
        else:
            figures.decision_regions(self.model, *self.train_data, ax=left)
            parts = self.train_data, self.validation_data
            on_train, on_validation = (accuracy(self.model, *part) for part in parts)
            said = f"정확도: 학습 {on_train:.2f}, 검증 {on_validation:.2f}"
            now = [evaluate(self.model, *part, loss_fn=F.cross_entropy) for part in parts]
        left.set_title(said)
        n_steps = len(self.history.losses)
        _live_losses(right, self.history, now)
        for ax in self.axes:
            ax.locator_params(nbins=5)  # each number on an axis costs time
        if self.history.diverged_at:
            right.set_yscale("log")
        right.set_title(f"{n_steps} 스텝")
        left_side = "점들" if self.history.diverged_at else "결정 영역"
        return self.figure, f"두 반달의 {left_side}과 {n_steps} 스텝의 손실 곡선. {said}."


def _live_losses(ax: Axes, history: History, now: list[float]) -> None:
    """Draw the losses after 0, 1, 2, … updates, each curve named at its end, one above and one below.

    `figures.loss_curve` finds places for more names, but its search takes longer than the rest of the picture.

    Args:
        ax: to draw into.
        history: of the run so far, each loss measured before its step's update.
        now: the two losses after the last update, which belong to the regions beside; empty if it diverged.
    """
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
