"""Explorers: controls above a picture that follows them; `Structure`, `Losses` and `Training`.

In a running notebook an explorer is a widget. Its output also holds the picture by itself, which is all that the stored
notebooks keep (tests/rerun.py), for paper and for GitHub.
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from io import BytesIO
from typing import Any

import ipywidgets as widgets
import numpy as np
import torch
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial import figures
from mlp_tutorial.data import split, two_moons
from mlp_tutorial.model import MLP, count_parameters
from mlp_tutorial.style import OFFSET
from mlp_tutorial.training import History, accuracy, fit

SCALE = 2  # pixels per pixel of the screen, so that the picture is sharp on paper and on a projector
SIZES = (1, 2, 3, 4, 5, 6, 8, 10, 16, 32, 64, 100, 256, 1000)  # nodes of a layer
ACTIVATIONS = {"ReLU": F.relu, "tanh": torch.tanh, "없음": lambda z: z}
N_STEPS, N_FRAMES = 400, 4  # of one run: about a second on two cores, half more for the largest network
LOOK = {"continuous_update": False, "style": {"description_width": "initial"}}


class Explorer:
    """Controls, and below them the picture that `draw` makes of their values.

    Attributes:
        controls: name → widget; a changed value draws the picture anew.
        picture: shows the figure, with its alt text.
        png: the figure as a PNG file.
        size: its width and height on the screen, in pixels.
    """

    def __init__(self, controls: dict[str, widgets.ValueWidget], *buttons: widgets.Button) -> None:
        self.controls, self.picture, self.png = controls, widgets.HTML(), b""
        row = widgets.Box([*controls.values(), *buttons], layout=widgets.Layout(flex_flow="row wrap"))
        self.widget = widgets.VBox([row, self.picture])
        for control in controls.values():
            control.observe(lambda _: self.act(self.change), names="value")

    @property
    def values(self) -> dict[str, Any]:
        """The controls' values by name."""
        return {name: control.value for name, control in self.controls.items()}

    def draw(self) -> tuple[Figure, str]:
        """Return the figure for the present values, and what it shows in words."""
        raise NotImplementedError

    def change(self) -> None:
        """Follow a control that was moved."""
        self.show()

    def act(self, action: Callable[[], None]) -> None:
        """Do what a control or button stands for; say so in the picture's place if that fails, and raise."""
        try:
            action()
        except Exception as error:
            self.tell(error)
            raise

    def tell(self, error: Exception) -> None:
        """Say in the picture's place that there is none; Jupyter would show the learner nothing."""
        self.picture.value = f"<p>그림을 그리지 못했습니다 ({escape(repr(error))}). 셀을 다시 실행하십시오.</p>"

    def show(self, scale: int = SCALE) -> None:
        """Put the figure of `draw` into the picture, with `scale` pixels per pixel of the screen."""
        figure, alt = self.draw()
        figure.set_dpi(100 * scale)
        self.png = _png(figure)
        self.size = {"width": round(100 * figure.get_figwidth()), "height": round(100 * figure.get_figheight())}
        source = f"data:image/png;base64,{b64encode(self.png).decode()}"
        style = f"width: {self.size['width']}px; max-width: 100%"
        self.picture.value = f'<img alt="{escape(alt)}" style="{style}" src="{source}">'

    def _repr_mimebundle_(self, **_: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """Give a notebook the widget, and beside it the picture for where no kernel runs."""
        still = {"text/plain": repr(self), "image/png": b64encode(self.png).decode()}
        return self.widget._repr_mimebundle_() | still, {"image/png": self.size}

    def __repr__(self) -> str:
        """Name the controls' values."""
        return f"{type(self).__name__}({', '.join(f'{name}={value!r}' for name, value in self.values.items())})"


class Structure(Explorer):
    """Layer sizes → the network's diagram and the number of its parameters."""

    def __init__(self) -> None:
        super().__init__(
            {
                "D_in": _choice("입력 노드", SIZES, 2),
                "n_hidden": widgets.IntSlider(1, 0, 5, description="은닉층의 수", **LOOK),
                "H": _choice("은닉층의 너비", SIZES, 3),
                "D_out": _choice("출력 노드", SIZES, 1),
            }
        )
        self.show()

    def draw(self) -> tuple[Figure, str]:
        """Return the diagram under the number of parameters."""
        D_in, n_hidden, H, D_out = self.values.values()
        widths = (D_in, *[H] * n_hidden, D_out)
        with torch.device("meta"):  # counts without memory for the numbers
            n_parameters = count_parameters(MLP(widths))
        figure, (ax,) = _axes(1)
        figures.network(widths, ax=ax).set_title(f"매개변수 {n_parameters:,d}개")
        return figure, f"{'-'.join(map(str, widths))} 신경망의 그림. 매개변수는 {n_parameters:,d}개."


class Losses(Explorer):
    """A prediction between two classes and the right answer → MSE, CEE and their gradients."""

    def __init__(self) -> None:
        super().__init__(
            {
                "label": widgets.ToggleButtons(options=(0, 1), description="정답 클래스"),
                "score": widgets.FloatSlider(4.0, min=-6, max=6, step=0.5, description="클래스 1의 점수", **LOOK),
            }
        )
        self.show()

    def draw(self) -> tuple[Figure, str]:
        """Return both losses and both gradients against the score, with the present prediction marked."""
        label, score = self.values.values()
        scores = torch.linspace(-6, 6, 121, dtype=torch.float64)
        curves, here = (_two_losses(label, at) for at in (scores, torch.tensor([score], dtype=torch.float64)))
        figure, axes = _axes(2)
        said = []
        for ax, what in zip(axes, ("손실", "기울기"), strict=True):
            series = {name: (scores, curves[name, what]) for name in ("MSE", "CEE")}
            figures.curves(series, xlabel="클래스 1의 점수", ylabel=what, ax=ax)
            numbers = [here[name, what].item() for name in series]
            for line, number in zip(list(ax.lines), numbers, strict=True):
                ax.plot(score, number, "o", color=line.get_color())
            mse, cee = (f"{number:z.3f}".replace("-", "−") for number in numbers)  # z: no −0.000
            said.append(f"{what} MSE {mse}, CEE {cee}")
            ax.set_title(said[-1])
        where = f"정답이 클래스 {label}이고 클래스 1의 점수가 {score:g}일 때".replace("-", "−")
        return figure, f"{where} 두 손실과 그 기울기의 곡선. {said[0]}. {said[1]}."


class Training(Explorer):
    """Width, depth, activation, learning rate and noise → a network that learns the two moons before one's eyes."""

    def __init__(self) -> None:
        actions = {"시작": self.start, "멈춤": self.pause, "처음으로": self.reset}
        buttons = [widgets.Button(description=name) for name in actions]
        super().__init__(
            {
                "width": _choice("너비", (1, 2, 4, 8, 16, 64), 16),
                "depth": widgets.IntSlider(1, 1, 3, description="깊이", **LOOK),
                "activation": widgets.Dropdown(
                    options=list(ACTIVATIONS), description="활성화 함수", style=LOOK["style"]
                ),
                "learning_rate": _choice("학습률", (0.01, 0.03, 0.1, 0.3, 1.0, 3.0), 1.0),
                "noise": widgets.FloatSlider(0.3, min=0.05, max=0.5, step=0.05, description="잡음", **LOOK),
            },
            *buttons,
        )
        for button, action in zip(buttons, actions.values(), strict=True):
            button.on_click(lambda _, action=action: self.act(action))
        self.task: asyncio.Task | None = None
        self.figure, self.axes = _axes(2)
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

    def build(self) -> None:
        """Make the data and an untrained network."""
        self.stop()
        width, depth, activation, _, noise = self.values.values()
        x, y = two_moons(600, noise=noise, seed=123)
        self.train_data, self.validation_data = split(x.double(), y, fractions=(1 / 6, 5 / 6), seed=123)
        with torch.random.fork_rng(devices=[]):  # leaves the notebook's own random numbers alone
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
        with _one_thread(), torch.enable_grad():
            part = fit(
                self.model,
                *self.train_data,
                loss_fn=F.cross_entropy,
                learning_rate=self.values["learning_rate"],
                n_steps=n_steps,
                validation=self.validation_data,
                validate_every=10,
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
        figures.decision_regions(self.model, *self.train_data, ax=left)
        said = "발산해서 정확도를 잴 수 없습니다"
        if not self.history.diverged_at:
            on_train, on_validation = (accuracy(self.model, *part) for part in (self.train_data, self.validation_data))
            said = f"정확도: 학습 {on_train:.2f}, 검증 {on_validation:.2f}"
        left.set_title(said)
        n_steps = len(self.history.losses)
        _live_losses(right, self.history)
        for ax in self.axes:
            ax.locator_params(nbins=5)  # each number on an axis costs time
        if self.history.diverged_at:
            right.set_yscale("log")
        right.set_title(f"{n_steps} 스텝")
        return self.figure, f"두 반달의 결정 영역과 {n_steps} 스텝의 손실 곡선. {said}."


def _choice(name: str, options: tuple[float, ...], value: float) -> widgets.SelectionSlider:
    """Return a slider over `options`, so that one step on the keyboard is one option."""
    labels = [(f"{option:,g}", option) for option in options]
    return widgets.SelectionSlider(options=labels, value=value, description=name, **LOOK)


def _axes(n: int) -> tuple[Figure, list[Axes]]:
    """Return a figure of `n` axes side by side; it's apart from pyplot, which would show it again below the cell."""
    figure = Figure(figsize=(6.4, 3.9) if n == 1 else (9, 3.8), dpi=100 * SCALE)
    figure.get_layout_engine().set(w_pad=0.1, h_pad=0.1)  # inches of margin
    return figure, [figure.add_subplot(1, n, i + 1) for i in range(n)]


def _live_losses(ax: Axes, history: History) -> None:
    """Draw the losses of a run that goes on, each curve named at its end, one above and one below.

    `figures.loss_curve` finds places for more names, but its search takes longer than the rest of the picture.
    """
    n_steps = len(history.losses)
    series = {"학습 손실": (range(1, n_steps + 1), history.losses.tolist())}
    if history.validation_losses:
        series["검증 손실"] = (list(history.validation_losses), list(history.validation_losses.values()))
    ax.set(xlabel="스텝", ylabel="손실", xlim=(0, 1.3 * max(N_STEPS, n_steps)))
    ax.margins(y=0.1)  # room for a name below
    ends = {name: ys[-1] for name, (_, ys) in series.items() if ys}
    for name, (xs, ys) in series.items():
        (line,) = ax.plot(xs, ys)
        if name in ends:
            above = "bottom" if ends[name] == max(ends.values()) else "top"
            ax.annotate(name, (xs[-1], ys[-1]), (4, 0), color=line.get_color(), va=above, **OFFSET)


@contextmanager
def _one_thread() -> Iterator[None]:
    """Compute with one thread: so small a network gains nothing from two, and loses much on a busy machine."""
    n_threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(n_threads)


def _png(figure: Figure) -> bytes:
    """Return the figure as a PNG file."""
    canvas, file = FigureCanvasAgg(figure), BytesIO()
    canvas.draw()
    Image.fromarray(np.asarray(canvas.buffer_rgba())).convert("RGB").save(file, "png", compress_level=3)
    return file.getvalue()


@torch.enable_grad()
def _two_losses(label: int, scores: Tensor) -> dict[tuple[str, str], Tensor]:
    """Return (name, 손실 or 기울기) → (n,) for two classes whose scores are 0 and `scores` (n,)."""
    z = scores.clone().requires_grad_()
    logits = torch.stack([torch.zeros_like(z), z], dim=1)  # (n, 2)
    labels = torch.full(z.shape, label)
    squared_errors = (torch.softmax(logits, dim=1) - F.one_hot(labels, 2)) ** 2
    both = {"MSE": squared_errors.mean(dim=1), "CEE": F.cross_entropy(logits, labels, reduction="none")}
    gradients = {name: torch.autograd.grad(loss.sum(), z, retain_graph=True)[0] for name, loss in both.items()}
    return {(name, "손실"): loss.detach() for name, loss in both.items()} | {
        (name, "기울기"): gradient for name, gradient in gradients.items()
    }
