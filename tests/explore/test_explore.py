"""Tests of the explorers without a browser: what they draw and say, against closed forms and a network in NumPy.

test_browser.py uses them in a real JupyterLab.
"""

import asyncio
import json
import re
from base64 import b64decode
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
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

from mlp_tutorial.explore import Losses, Structure, Training, explorer
from mlp_tutorial.explore import structure as structure_module
from mlp_tutorial.explore import training as training_module
from mlp_tutorial.explore.explorer import Explorer

# D_in, hidden layers, H, D_out
NETWORKS = [(2, 1, 3, 1), (2, 0, 3, 1), (1000, 0, 1, 1000), (6, 5, 8, 1), (1, 2, 64, 5), (1000, 5, 1000, 10)]
PREDICTIONS = [(0, -6.0), (1, -1.5), (0, 0.0), (0, 4.0), (1, 6.0)]  # label, score
RUNS = [(4, 1, "ReLU", 1.0, 0.1), (8, 3, "tanh", 0.3, 0.5), (16, 2, "없음", 0.03, 0.3)]  # the controls, in order
DIVERGING = {"width": 64, "depth": 3, "activation": "없음", "learning_rate": 3.0}
STEPS = 20  # of a run in the tests of training: two parts, each as long as a validation needs
NUMBER = r"−?\d+\.\d{3}"
# name → the function and its derivative, of z
ACTIVATIONS: dict[str, tuple[Callable[[np.ndarray], np.ndarray], Callable[[np.ndarray], np.ndarray]]] = {
    "ReLU": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "tanh": (np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "없음": (lambda z: z, np.ones_like),
}
Layers = list[tuple[np.ndarray, np.ndarray]]  # weights (n_out, n_in) and biases (n_out,)


class Page(HTMLParser):
    """Reads the one picture of an HTML text, as a browser does."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, dict(attrs)))

    @property
    def image(self) -> dict[str, str | None]:
        """The attributes of the only tag, an img."""
        ((tag, attributes),) = self.tags
        assert tag == "img"
        return attributes


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
    return Page(explorer.picture.value).image["alt"]


def steps(training: Training) -> int:
    """Return the steps so far; the record, the title and the alt text agree."""
    n = len(training.history.losses)
    assert training.axes[1].get_title().startswith(f"{n} 스텝")
    assert f" {n} 스텝의 손실 곡선" in alt(training)
    return n


def inked(figure: Figure) -> Figure:
    """Give the figure a canvas that draws."""
    FigureCanvasAgg(figure)
    return figure


def layers_of(training: Training) -> Layers:
    """Return copies of the network's weights and biases."""
    parts = [part.detach().numpy().copy() for part in training.model.parameters()]
    return list(zip(parts[::2], parts[1::2], strict=True))


def outputs_of(layers: Layers, activation: str, x: np.ndarray) -> tuple[list[np.ndarray], list[np.ndarray]]:
    """Return each layer's input, and its output before the activation."""
    inputs, sums = [x], []
    for weight, bias in layers:
        sums.append(inputs[-1] @ weight.T + bias)
        inputs.append(ACTIVATIONS[activation][0](sums[-1]))
    return inputs[:-1], sums


def probabilities(scores: np.ndarray) -> np.ndarray:
    """Return the softmax of (N, 2)."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def loss_of(layers: Layers, activation: str, x: np.ndarray, y: np.ndarray) -> float:
    """Return the mean cross-entropy."""
    p = probabilities(outputs_of(layers, activation, x)[1][-1])
    return -np.log(p[np.arange(len(y)), y]).mean()


def descend(layers: Layers, activation: str, x: np.ndarray, y: np.ndarray, learning_rate: float) -> Layers:
    """Return the layers after one step of gradient descent on all rows, by the chain rule written out."""
    inputs, sums = outputs_of(layers, activation, x)
    upstream = (probabilities(sums[-1]) - np.eye(2)[y]) / len(y)  # (N, 2)
    new: Layers = []
    for i in reversed(range(len(layers))):
        weight, bias = layers[i]
        new.insert(0, (weight - learning_rate * upstream.T @ inputs[i], bias - learning_rate * upstream.sum(axis=0)))
        if i:
            upstream = upstream @ weight * ACTIVATIONS[activation][1](sums[i - 1])
    return new


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
    assert said == f"{'-'.join(map(str, widths))} 신경망의 그림. 매개변수는 {n_parameters:,d}개."
    assert alt(structure) == said
    nodes = [min(width, 6) for width in widths]  # drawn; of a wider layer the first five and the last
    assert sum(isinstance(patch, Ellipse) for patch in ax.patches) == sum(nodes)
    assert len(ax.lines) == sum(n_in * n_out for n_in, n_out in pairwise(nodes))
    assert [text for text in texts_of(ax) if "노드" in text] == [f"노드 {width:,d}개" for width in widths]
    assert_tidy(inked(figure).axes[0])


@pytest.mark.usefixtures("quick")
def test_structure_counts_without_memory_for_the_numbers_and_without_drawing_any(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made, state = [], torch.get_rng_state()
    build = structure_module.MLP
    monkeypatch.setattr(structure_module, "MLP", lambda *args: made.append(build(*args)) or made[-1])
    structure = Structure()
    choose(structure, D_in=1000, n_hidden=1, H=100, D_out=10)
    assert alt(structure) == "1000-100-10 신경망의 그림. 매개변수는 101,110개."  # the post's
    assert len(made) == 1 + 3, "a picture at the start and for each control that moved"
    assert all(parameter.is_meta for model in made for parameter in model.parameters())
    assert torch.equal(torch.get_rng_state(), state)
    assert torch.empty(1).device.type == "cpu"


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize(("label", "score"), PREDICTIONS)
def test_losses_and_gradients_are_the_closed_forms(label: int, score: float) -> None:
    losses = Losses()
    choose(losses, label=label, score=score)

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
        here = closed_forms(np.array(score))[what]
        assert (ax.get_xlabel(), ax.get_ylabel()) == ("클래스 1의 점수", what)
        assert texts_of(ax) == ["MSE", "CEE"]
        curves, marks = (
            [line for line in ax.lines if (line.get_marker() == "o") is marked] for marked in (False, True)
        )
        for curve, mark, name in zip(curves, marks, forms, strict=True):
            np.testing.assert_allclose(curve.get_xdata(), np.linspace(-6, 6, 121), atol=1e-12)
            np.testing.assert_allclose(curve.get_ydata(), forms[name], atol=1e-12)
            np.testing.assert_allclose(mark.get_xydata(), [[score, here[name]]], atol=1e-12)
            assert mark.get_color() == curve.get_color() == ax.texts[list(forms).index(name)].get_color()
        numbers = ", ".join(f"{name} {number:.3f}" for name, number in here.items())
        numbers = re.sub(r"-(?!0\.000)", "−", numbers).replace("-", "")
        assert ax.get_title() == f"{what} {numbers}"
        assert f"{what} {numbers}." in said
    sign = "−" if score < 0 else ""
    assert said.startswith(f"정답이 클래스 {label}이고 클래스 1의 점수가 {sign}{abs(score):g}일 때 ")
    assert len(re.findall(NUMBER, said)) == 4
    assert alt(losses) == said
    assert_tidy(inked(figure).axes[0])


@pytest.mark.parametrize(("width", "depth", "activation", "learning_rate", "noise"), RUNS)
def test_training_is_gradient_descent_in_numpy(
    width: int, depth: int, activation: str, learning_rate: float, noise: float, training: Training
) -> None:
    prepare(training, width, depth, activation, learning_rate, noise)
    assert steps(training) == 0
    layers, rows = layers_of(training), []
    for (weight, bias), (n_in, n_out) in zip(layers, pairwise([2, *[width] * depth, 2]), strict=True):
        assert (weight.shape, bias.shape, weight.dtype) == ((n_out, n_in), (n_out,), np.float64)
        assert np.abs(weight).max() <= n_in**-0.5
        assert {*weight.astype(np.float32).ravel()} - {*weight.ravel()}, "drawn as float32"
    parts = [[part.numpy() for part in data] for data in (training.train_data, training.validation_data)]
    for x, y in parts:
        rows += [(*point, label) for point, label in zip(x, y, strict=True)]
    assert [len(y) for _, y in parts] == [100, 500]
    moons, labels = make_moons(600, noise=noise, random_state=123)
    assert sorted(rows) == sorted(zip(*moons.astype(np.float32).T, labels, strict=True))

    press(training, "시작")
    expected, held_out = [], {}
    for step in range(1, STEPS + 1):
        expected.append(loss_of(layers, activation, *parts[0]))
        if step % 10 == 0:
            held_out[step] = loss_of(layers, activation, *parts[1])
        layers = descend(layers, activation, *parts[0], learning_rate)
    assert steps(training) == STEPS
    np.testing.assert_allclose(training.history.losses, expected, rtol=1e-9)
    for now, wanted in zip(layers_of(training), layers, strict=True):
        np.testing.assert_allclose(now[0], wanted[0], rtol=1e-7, atol=1e-12)
        np.testing.assert_allclose(now[1], wanted[1], rtol=1e-7, atol=1e-12)

    left, right = training.axes
    points = np.concatenate([part.get_offsets() for part in left.collections if len(part.get_offsets()) > 1])
    assert sorted(map(tuple, points)) == sorted(map(tuple, parts[0][0]))
    shares = [(outputs_of(layers, activation, x)[1][-1].argmax(axis=1) == y).mean() for x, y in parts]
    said = f"정확도: 학습 {shares[0]:.2f}, 검증 {shares[1]:.2f}"
    assert left.get_title() == said
    assert alt(training) == f"두 반달의 결정 영역과 {STEPS} 스텝의 손실 곡선. {said}."
    learnt, checked = right.lines
    np.testing.assert_allclose(learnt.get_xydata(), [*enumerate(expected, 1)], rtol=1e-9)
    np.testing.assert_allclose(checked.get_xydata(), [*held_out.items()], rtol=1e-9)
    assert {text.get_text(): text.get_color() for text in right.texts} == {
        "학습 손실": learnt.get_color(),
        "검증 손실": checked.get_color(),
    }


def test_the_first_picture_is_of_a_trained_network_and_start_goes_on() -> None:
    training = Training()
    assert training.values == {"width": 16, "depth": 1, "activation": "ReLU", "learning_rate": 1.0, "noise": 0.3}
    assert steps(training) == 400
    first = training.history
    press(training, "시작")
    assert steps(training) == 800
    assert torch.equal(training.history.losses[:400], first.losses)
    assert list(training.history.validation_losses) == list(range(10, 801, 10))
    assert training.axes[1].get_xlim() == (0, 1.3 * 800)
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


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_training_leaves_the_notebooks_torch_alone(dtype: torch.dtype, training: Training) -> None:
    wanted, n_threads, own = training.history.losses, torch.get_num_threads(), torch.get_default_dtype()
    try:
        torch.set_num_threads(2)
        torch.set_default_dtype(dtype)
        torch.manual_seed(7)
        np.random.seed(7)
        state, legacy = torch.get_rng_state(), np.random.get_state()[1].tolist()
        again = Training()
        press(again, "처음으로")
        press(again, "시작")
        assert torch.equal(torch.get_rng_state(), state)
        assert np.random.get_state()[1].tolist() == legacy
        assert (torch.get_num_threads(), torch.get_default_dtype()) == (2, dtype)
        assert torch.is_grad_enabled()
        assert again.history.losses.dtype == wanted.dtype == torch.float64
        assert torch.equal(again.history.losses, wanted)
    finally:
        torch.set_num_threads(n_threads)
        torch.set_default_dtype(own)


def test_divergence_ends_the_run_and_is_told_in_the_title_and_not_printed(
    training: Training, capfd: pytest.CaptureFixture[str]
) -> None:
    told = "발산해서 정확도를 잴 수 없습니다"
    prepare(training, **DIVERGING)
    shown = []
    training.picture.observe(lambda change: shown.append(change["new"]), names="value")
    press(training, "시작")
    n = steps(training)
    assert 0 < n < STEPS
    assert len(shown) == n // (STEPS // training_module.N_FRAMES) + 1, "a run that diverged goes on"
    assert training.history.losses.isfinite().all()
    assert training.axes[0].get_title() == told
    assert told in alt(training)
    assert "정확도:" not in alt(training)
    press(training, "시작")
    assert training.axes[0].get_title() == told
    assert training.history.diverged_at == n + 1
    choose(training, learning_rate=0.1)
    assert (training.axes[0].get_title() != told, steps(training)) == (True, STEPS)
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
    expected = "<p>그림을 그리지 못했습니다 (RuntimeError(&#x27;&lt;메모리&gt;&#x27;)). 셀을 다시 실행하십시오.</p>"
    assert explorer.picture.value == expected
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
    assert "그림을 그리지 못했습니다" in training.picture.value
    monkeypatch.undo()
    press(training, "처음으로")
    assert steps(training) == 0
    monkeypatch.setattr(training, "build", fail)
    press(training, "처음으로")
    assert "그림을 그리지 못했습니다" in training.picture.value
    monkeypatch.undo()
    press(training, "처음으로")


def test_explorers_work_where_gradients_are_off_and_leave_a_gpus_generator_alone(
    quick: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    seeded = []
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)
    with torch.no_grad():
        assert alt(Losses())
        assert steps(Training()) == STEPS
        assert not torch.is_grad_enabled()
    assert seeded == []


def test_pause_stops_a_run_before_its_end_and_start_goes_on(training: Training) -> None:
    async def session() -> tuple[int, int]:
        press(training, "처음으로")
        press(training, "시작")
        assert steps(training) == 0, "the buttons stay alive"
        while not steps(training):
            await asyncio.sleep(0)
        press(training, "멈춤")
        await asyncio.wait([training.task])
        paused = steps(training)
        press(training, "시작")
        await training.task
        return paused, steps(training)

    paused, end = asyncio.run(session())
    assert 0 < paused < STEPS
    assert end == paused + STEPS


def test_a_paused_run_and_a_new_start_show_sharp_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    async def session(training: Training, *pressed: str) -> tuple[dict[str, int], tuple[int, int]]:
        press(training, "시작")
        before = steps(training)
        while steps(training) == before:
            await asyncio.sleep(0)
        for name in pressed:
            press(training, name)
        await asyncio.wait([training.task])
        return training._repr_mimebundle_()[1]["image/png"], Image.open(BytesIO(training.png)).size

    monkeypatch.setattr(training_module, "N_STEPS", STEPS)
    training = Training()
    for pressed in (["멈춤"], ["처음으로"], ["멈춤", "처음으로"]):
        assert asyncio.run(session(training, *pressed)) == ({"width": 900, "height": 380}, (1800, 760)), pressed


def test_what_is_pressed_during_a_run_ends_it(training: Training) -> None:
    async def session() -> list[int]:
        seen = []
        for act in (
            lambda: press(training, "시작"),
            lambda: choose(training, width=4),
            lambda: press(training, "처음으로"),
        ):
            press(training, "처음으로")
            press(training, "시작")
            run = training.task
            while not steps(training):
                await asyncio.sleep(0)
            before = steps(training)
            act()
            await asyncio.wait([run, training.task])
            seen.append(steps(training) - (before if len(seen) == 0 else 0))
        return seen

    assert asyncio.run(session()) == [STEPS, STEPS, 0]


@pytest.mark.parametrize("kind", [Structure, Losses, Training])
def test_the_stored_output_holds_the_widget_and_the_picture(kind: type[Explorer]) -> None:
    explorer = kind()
    data, metadata = explorer._repr_mimebundle_(include=None, exclude=None)
    assert json.loads(json.dumps([data, metadata]))
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.widget.model_id
    assert data["text/plain"] == repr(explorer)
    assert repr(explorer).startswith(f"{kind.__name__}(")
    assert all(f"{name}={value!r}" in repr(explorer) for name, value in explorer.values.items())
    stored = b64decode(data["image/png"])
    image = Image.open(BytesIO(stored))
    assert (image.format, image.mode) == ("PNG", "RGB")
    size = metadata["image/png"]
    assert (2 * size["width"], 2 * size["height"]) == image.size
    assert image.size in ((1280, 780), (1800, 760))
    shown = Page(explorer.picture.value).image
    assert shown["style"] == f"width: {size['width']}px; max-width: 100%"
    assert b64decode(shown["src"].removeprefix("data:image/png;base64,")) == stored == explorer.png
    FigureCanvasAgg(figure := explorer.draw()[0]).draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert np.abs(drawn - np.asarray(image)).max() <= 1, "the picture is of other values"
    row, picture = explorer.widget.children
    assert picture is explorer.picture
    assert list(row.children)[: len(explorer.controls)] == [*explorer.controls.values()]


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
