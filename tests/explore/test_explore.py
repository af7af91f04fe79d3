"""Tests of the explorers without a browser: what they draw and say, against closed forms and autograd.

commands/test_browser.py uses them in a real JupyterLab.
"""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Iterator
from html import unescape
from io import BytesIO
from itertools import pairwise

import ipywidgets as widgets
import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from drawn import assert_tidy, texts_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from PIL import Image
from sklearn.datasets import make_moons
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial.explore import Losses, Structure, Training, explorer
from mlp_tutorial.explore import training as training_module
from mlp_tutorial.explore.explorer import Explorer

# D_in, hidden layers, H, D_out
NETWORKS = [(2, 1, 3, 1), (2, 0, 3, 1), (1000, 0, 1, 1000), (6, 5, 8, 1), (1, 2, 64, 5), (1000, 5, 1000, 10)]
PREDICTIONS = [(0, -6.0), (1, -1.5), (0, 0.0), (0, 4.0), (1, 6.0)]  # label, logit
RUNS = [(4, 1, "ReLU", 1.0, 0.1), (8, 3, "tanh", 0.3, 0.5), (16, 2, "없음", 0.03, 0.3)]  # the controls, in order
DIVERGING = {"width": 64, "depth": 3, "activation": "없음", "learning_rate": 3.0}
STEPS = 20  # of a run in the tests of training: two parts, each as long as a validation needs
IMAGE = re.compile(r'<img alt="([^"<>]*)" style="([^"<>]*)" src="data:image/png;base64,([^"<>]*)">')
ACTIVATIONS = {"ReLU": lambda z: z.clamp(min=0), "tanh": lambda z: 1 - 2 / (torch.exp(2 * z) + 1), "없음": lambda z: z}


@pytest.fixture(autouse=True)
def _nothing_for_pyplot() -> Iterator[None]:
    yield
    assert plt.get_fignums() == [], "a notebook would show the figure once more"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make runs short, and pictures without pixels."""
    monkeypatch.setattr(training_module, "N_STEPS", STEPS)
    monkeypatch.setattr(training_module, "N_FRAMES", 2)
    monkeypatch.setattr(explorer, "_png", lambda _: b"")


@pytest.fixture
def training(quick: None) -> Training:
    """Return the explorer of training, with short runs."""
    return Training()


def choose(explorer: Explorer, **values: object) -> None:
    """Move these controls, one after the other, as a reader does."""
    for name, value in values.items():
        explorer.controls[name].value = value


def prepare(explorer: Explorer, *values: object, **named: object) -> None:
    """Set the controls, in order or by name, without following each; then show the picture, or an untrained network."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(explorer, "change", lambda: None)
        choose(explorer, **dict(zip(explorer.controls, values, strict=False)), **named)
    explorer.reset() if isinstance(explorer, Training) else explorer.show()


def press(training: Training, name: str) -> None:
    """Press the button of this name."""
    (row,) = (child for child in training.widget.children if isinstance(child, widgets.Box))
    (button,) = (child for child in row.children if isinstance(child, widgets.Button) and child.description == name)
    button.click()


def alt(explorer: Explorer) -> str:
    """Return the alt text that a browser reads out."""
    return unescape(IMAGE.fullmatch(explorer.picture.value)[1])


def steps(training: Training) -> int:
    """Return the steps so far; the record, the title and the alt text agree."""
    n = len(training.history.losses)
    assert training.axes[1].get_title().startswith(f"{n} 스텝")
    assert f" {n} 스텝의 손실 곡선" in alt(training)
    return n


def scores_of(parts: list[Tensor], activation: str, x: Tensor) -> Tensor:
    """Return what a network of these weights and biases, in turn, gives out for x."""
    for weight, bias in zip(parts[::2], parts[1::2], strict=True):
        x = x @ weight.T + bias
        if bias is not parts[-1]:
            x = ACTIVATIONS[activation](x)
    return x


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("D_in", "n_hidden", "H", "D_out"), NETWORKS)
def test_structure_draws_the_layers_and_counts_their_parameters(D_in: int, n_hidden: int, H: int, D_out: int) -> None:
    structure = Structure()
    prepare(structure, D_in, n_hidden, H, D_out)
    widths = [D_in, *[H] * n_hidden, D_out]
    n_parameters = sum(n_in * n_out + n_out for n_in, n_out in pairwise(widths))
    figure, said = structure.draw()
    (ax,) = figure.axes
    assert ax.get_title() == f"매개변수 {n_parameters:,d}개"
    assert said.startswith(f"{'-'.join(map(str, widths))} ")
    assert f"{n_parameters:,d}개" in said
    assert alt(structure) == said
    nodes = [min(width, 6) for width in widths]  # drawn; of a wider layer the first five and the last
    assert sum(isinstance(patch, Ellipse) for patch in ax.patches) == sum(nodes)
    assert len(ax.lines) == sum(n_in * n_out for n_in, n_out in pairwise(nodes))
    assert [text for text in texts_of(ax) if "노드" in text] == [f"노드 {width:,d}개" for width in widths]
    FigureCanvasAgg(figure)
    assert_tidy(figure.axes[0])


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("label", "logit"), PREDICTIONS)
def test_losses_and_gradients_are_the_closed_forms(label: int, logit: float) -> None:
    losses = Losses()
    choose(losses, label=label, logit=logit)

    def closed_forms(at: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
        p = 1 / (1 + np.exp(-at))  # the probability of class 1; that of class 0 is 1 − p
        mse = ((p - label) ** 2 + ((1 - p) - (1 - label)) ** 2) / 2  # the mean over the two one-hot squares
        cee = np.log1p(np.exp(-at if label else at))
        return {
            "손실": {"MSE": mse, "CEE": cee},
            "기울기": {"MSE": 2 * (p - label) * p * (1 - p), "CEE": p - label},
        }

    figure, said = losses.draw()
    for ax, (what, forms) in zip(figure.axes, closed_forms(np.linspace(-6, 6, 121)).items(), strict=True):
        here = closed_forms(np.array(logit))[what]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("클래스 1의 로짓", what)
        assert texts_of(ax) == ["MSE", "CEE"]
        curves, marks = (
            [line for line in ax.lines if (line.get_marker() == "o") is marked] for marked in (False, True)
        )
        for curve, mark, name in zip(curves, marks, forms, strict=True):
            np.testing.assert_allclose(curve.get_xdata(), np.linspace(-6, 6, 121), atol=1e-12)
            np.testing.assert_allclose(curve.get_ydata(), forms[name], atol=1e-12)
            np.testing.assert_allclose(mark.get_xydata(), [[logit, here[name]]], atol=1e-12)
            assert mark.get_color() == curve.get_color() == ax.texts[list(forms).index(name)].get_color()
        numbers = ", ".join(f"{name} {number:.3f}" for name, number in here.items())
        numbers = re.sub(r"-(?!0\.000)", "−", numbers).replace("-", "")
        assert ax.get_title() == f"{what} {numbers}"
        assert f"{what} {numbers}." in said
    sign = "−" if logit < 0 else ""
    assert said.startswith(f"정답이 클래스 {label}이고 클래스 1의 로짓이 {sign}{abs(logit):g}일 때 ")
    assert alt(losses) == said
    FigureCanvasAgg(figure)
    assert_tidy(figure.axes[0])


@pytest.mark.parametrize(("width", "depth", "activation", "learning_rate", "noise"), RUNS)
def test_training_is_gradient_descent_on_the_moons(
    width: int, depth: int, activation: str, learning_rate: float, noise: float, training: Training
) -> None:
    prepare(training, width, depth, activation, learning_rate, noise)
    assert steps(training) == 0
    parts = [part.detach().clone().requires_grad_() for part in training.model.parameters()]
    assert [tuple(part.shape) for part in parts[::2]] == [
        (n_out, n_in) for n_in, n_out in pairwise([2, *[width] * depth, 2])
    ]
    data = training.train_data, training.validation_data
    rows = [(*point, label) for x, y in data for point, label in zip(x.tolist(), y.tolist(), strict=True)]
    assert [len(y) for _, y in data] == [100, 500]
    moons, labels = make_moons(600, noise=noise, random_state=0)
    assert sorted(rows) == sorted(zip(*moons.astype(np.float32).T.tolist(), labels, strict=True))

    press(training, "시작")
    expected, held_out = [], []  # after 0, 1, …, STEPS updates
    for step in range(STEPS + 1):
        losses = [F.cross_entropy(scores_of(parts, activation, x), y) for x, y in data]
        expected.append(losses[0].item())
        held_out.append(losses[1].item())
        if step < STEPS:
            gradients = torch.autograd.grad(losses[0], parts)
            parts = [part - learning_rate * by for part, by in zip(parts, gradients, strict=True)]
            parts = [part.detach().requires_grad_() for part in parts]
    assert steps(training) == STEPS
    np.testing.assert_allclose(training.history.losses, expected[:-1], rtol=1e-9)

    left, right = training.axes
    points = np.concatenate([part.get_offsets() for part in left.collections if len(part.get_offsets()) > 1])
    assert sorted(map(tuple, points)) == sorted(map(tuple, data[0][0].numpy()))
    shares = [(scores_of(parts, activation, x).argmax(dim=1) == y).double().mean() for x, y in data]
    said = f"정확도: 학습 {shares[0]:.2f}, 검증 {shares[1]:.2f}"
    assert left.get_title() == said
    assert said in alt(training)
    learnt, checked = right.lines
    np.testing.assert_allclose(learnt.get_xydata(), [*enumerate(expected)], rtol=1e-9)
    np.testing.assert_allclose(checked.get_xydata(), [*enumerate(held_out)], rtol=1e-9)
    names = {text.get_text(): text.get_color() for text in right.texts}
    assert names == {"학습 손실": learnt.get_color(), "검증 손실": checked.get_color()}


def test_the_first_picture_is_of_a_trained_network_and_start_goes_on() -> None:
    training = Training()
    assert training.values == {"width": 16, "depth": 1, "activation": "ReLU", "learning_rate": 0.3, "noise": 0.3}
    assert steps(training) == 2000
    first = training.history
    press(training, "시작")
    assert steps(training) == 4000
    assert torch.equal(training.history.losses[:2000], first.losses)
    assert list(training.history.validation_losses) == list(range(1, 4001))
    assert training.axes[1].get_xlim() == (0, 1.3 * 4000)
    assert_tidy(training.axes[0])


def test_reset_and_a_changed_control_train_anew_with_the_same_result(training: Training) -> None:
    said, first = alt(training), training.history
    press(training, "처음으로")
    assert steps(training) == 0
    assert training.history.validation_losses == {}
    press(training, "시작")
    assert torch.equal(training.history.losses, first.losses)
    assert (training.history.validation_losses, alt(training)) == (first.validation_losses, said)
    choose(training, width=4)
    assert steps(training) == STEPS
    assert training.model.widths == (2, 4, 2)
    assert not torch.equal(training.history.losses, first.losses)
    choose(training, width=16)
    assert torch.equal(training.history.losses, first.losses)
    assert torch.equal(Training().history.losses, first.losses)


@pytest.mark.parametrize("name", ["width", "depth", "activation", "learning_rate", "noise"])
def test_every_control_of_training_counts_from_end_to_end(name: str, training: Training) -> None:
    control, first = training.controls[name], training.history.losses
    if isinstance(control, widgets.FloatSlider | widgets.IntSlider):
        ends = control.min, control.max
    else:
        values = [option[1] if isinstance(option, tuple) else option for option in control.options]
        ends = values[0], values[-1]
    for end in ends:
        choose(training, **{name: end})
        assert training.values[name] == end
        assert steps(training) == STEPS
        assert end == {"depth": 1, "activation": "ReLU"}.get(name) or not torch.equal(training.history.losses, first)


@pytest.mark.parametrize(("dtype", "without"), [(torch.float32, torch.no_grad), (torch.float64, torch.inference_mode)])
def test_explorers_leave_the_notebooks_torch_alone(
    dtype: torch.dtype, without: type, training: Training, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, n_threads, own, seeded = training.history.losses, torch.get_num_threads(), torch.get_default_dtype(), []
    torch.manual_seed(7)  # not where the explorers' own seed leaves the generator
    np.random.seed(7)
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)
    try:
        torch.set_num_threads(2)
        torch.set_default_dtype(dtype)
        state, legacy = torch.get_rng_state(), np.random.get_state()[1].tolist()
        with without(), torch.device("meta"):  # as a default device would
            explorers = Training(), Structure(), Losses()
            press(explorers[0], "처음으로")
            press(explorers[0], "시작")
            assert not torch.is_grad_enabled()
        assert torch.equal(torch.get_rng_state(), state)
        assert np.random.get_state()[1].tolist() == legacy
        assert (torch.get_num_threads(), torch.get_default_dtype(), seeded) == (2, dtype, [])
        assert explorers[0].history.losses.dtype == torch.float64
        assert torch.equal(explorers[0].history.losses, wanted)
    finally:
        torch.set_num_threads(n_threads)
        torch.set_default_dtype(own)


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("activation", training_module.ACTIVATIONS)
def test_every_activation_of_the_menu_trains(activation: str, depth: int, training: Training) -> None:
    prepare(training, depth=depth, activation=activation, learning_rate=0.03)
    press(training, "시작")
    assert steps(training) == STEPS
    assert training.history.losses[-1] < training.history.losses[0]


def test_divergence_ends_the_run_and_is_told_in_the_title_and_not_printed(
    training: Training, capfd: pytest.CaptureFixture[str]
) -> None:
    prepare(training, **DIVERGING)
    shown = []
    training.picture.observe(lambda change: shown.append(change["new"]), names="value")
    press(training, "시작")
    n = steps(training)
    assert 0 < n < STEPS
    assert len(shown) == n // (STEPS // training_module.N_FRAMES) + 1, "a run that diverged goes on"
    assert training.history.losses.isfinite().all()
    assert "발산" in training.axes[0].get_title()
    assert training.axes[0].get_title() in alt(training)
    press(training, "시작")
    assert "발산" in training.axes[0].get_title()
    assert training.history.diverged_at == n + 1
    choose(training, learning_rate=0.1)
    assert ("발산" in training.axes[0].get_title(), steps(training)) == (False, STEPS)
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("kind", [Structure, Losses, Training])
def test_an_error_is_told_in_the_pictures_place_and_raised(kind: type[Explorer]) -> None:
    explorer = kind()
    control = next(iter(explorer.controls.values()))

    def fail() -> None:
        raise RuntimeError("<메모리>")

    explorer.draw = fail
    with pytest.raises(RuntimeError):
        control.value = 1
    assert "RuntimeError(&#x27;&lt;메모리&gt;&#x27;)" in explorer.picture.value
    del explorer.draw
    explorer.show()
    assert alt(explorer)


def test_an_error_in_a_run_or_a_button_is_told(training: Training, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise RuntimeError

    async def session() -> BaseException | None:
        press(training, "시작")
        await asyncio.wait([training.task])
        return training.task.exception()

    press(training, "처음으로")
    monkeypatch.setattr(training, "advance", fail)
    assert isinstance(asyncio.run(session()), RuntimeError)
    assert "RuntimeError" in training.picture.value
    monkeypatch.undo()
    press(training, "처음으로")
    assert steps(training) == 0
    monkeypatch.setattr(training, "build", fail)
    press(training, "처음으로")
    assert "RuntimeError" in training.picture.value
    monkeypatch.undo()
    press(training, "처음으로")


@pytest.mark.parametrize(
    ("pressed", "anew", "more"),  # whether the network is a new one then, and how many steps it does
    [
        (["멈춤"], False, 0),
        (["멈춤", "시작"], False, STEPS),
        (["시작"], False, STEPS),
        (["처음으로"], True, 0),
        (["멈춤", "처음으로"], True, 0),
        (["너비"], True, STEPS),
    ],
)
def test_what_is_pressed_during_a_run_ends_it_and_the_last_picture_is_sharp(
    pressed: list[str], anew: bool, more: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def session() -> int:
        press(training, "처음으로")
        press(training, "시작")
        run = training.task
        assert steps(training) == 0, "the buttons stay alive"
        while not steps(training):
            await asyncio.sleep(0)
        before = steps(training)
        for name in pressed:
            choose(training, width=4) if name == "너비" else press(training, name)
        await asyncio.wait([run, training.task])
        return before

    monkeypatch.setattr(training_module, "N_STEPS", STEPS)
    monkeypatch.setattr(training_module, "N_FRAMES", 2)
    training = Training()
    before = asyncio.run(session())
    assert 0 < before < STEPS
    assert steps(training) == before * (not anew) + more
    assert Image.open(BytesIO(training.png)).size == (1800, 760)
    assert training.size == {"width": 900, "height": 380}


@pytest.mark.parametrize("kind", [Structure, Losses, Training])
def test_the_stored_output_holds_the_widget_and_the_picture(kind: type[Explorer]) -> None:
    explorer = kind()
    data, metadata = explorer._repr_mimebundle_(include=None, exclude=None)
    assert json.loads(json.dumps([data, metadata]))
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.widget.model_id
    assert data["text/plain"] == repr(explorer)
    assert all(f"{name}={value!r}" in repr(explorer) for name, value in explorer.values.items())
    stored = b64decode(data["image/png"])
    image = Image.open(BytesIO(stored))
    assert (image.format, image.mode) == ("PNG", "RGB")
    size = metadata["image/png"]
    assert (2 * size["width"], 2 * size["height"]) == image.size
    assert image.size in ((1280, 780), (1800, 760))
    _, style, shown = IMAGE.fullmatch(explorer.picture.value).groups()
    assert style == f"width: {size['width']}px; max-width: 100%"
    assert b64decode(shown) == stored == explorer.png
    FigureCanvasAgg(figure := explorer.draw()[0]).draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert np.abs(drawn - np.asarray(image)).max() <= 1, "the picture is of other values"


def test_the_alt_text_is_escaped() -> None:
    class Hostile(Explorer):
        def draw(self) -> tuple[Figure, str]:
            return Figure(figsize=(1, 1)), "a < b > c & \"d\" 'e' <script>"

    explorer = Hostile({})
    explorer.show()
    assert alt(explorer) == "a < b > c & \"d\" 'e' <script>"


def test_training_is_tidy_at_every_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training_module, "N_FRAMES", 1)
    training = Training()
    assert_tidy(training.axes[0])
    for values in (
        {"activation": "tanh", "width": 64, "noise": 0.05},
        {"activation": "없음", "width": 1, "learning_rate": 0.01, "noise": 0.5},
        {"activation": "ReLU", "depth": 3, "learning_rate": 3.0},
        DIVERGING,
    ):
        prepare(training, **values)
        assert_tidy(training.axes[0])
        press(training, "시작")
        assert_tidy(training.axes[0])
