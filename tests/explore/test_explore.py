"""Tests of the explorers in Python: their still pictures, against closed forms and autograd, and their widgets' state.

test_web.py tests what runs in the browser; commands/test_browser.py uses both in a real JupyterLab.
"""

import json
import re
from base64 import b64decode
from collections.abc import Iterator
from io import BytesIO
from itertools import pairwise

import matplotlib.pyplot as plt
import numpy as np
import pytest
import torch
from drawn import assert_tidy, texts_of
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Ellipse
from PIL import Image
from sklearn.datasets import make_circles, make_moons
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial import explore
from mlp_tutorial.explore import Descent, Hinges, Losses, Perceptron, Structure, Training
from mlp_tutorial.explore import training as training_module
from mlp_tutorial.explore.explorer import CONTROLS, TEXTS, Explorer
from mlp_tutorial.explore.points import points

# D_in, hidden layers, H, D_out
NETWORKS = [(2, 1, 3, 1), (2, 0, 3, 1), (1000, 0, 1, 1000), (6, 5, 8, 1), (1, 2, 64, 5), (1000, 5, 1000, 10)]
PREDICTIONS = [(0, -6.0), (1, -1.5), (0, 0.0), (0, 4.0), (1, 6.0)]  # label, logit
RUNS = [
    {"width_1": 4, "learning_rate": 1, "noise": 0.1},
    {"data": "rings", "depth": 3, "width_1": 8, "activation": "tanh", "noise": 0.5, "data_seed": 4, "weight_seed": 9},
    {"data": "noise", "depth": 2, "activation": "none", "learning_rate": 0.03, "split_seed": 5, "n_train": 20},
    {"data": "spiral", "depth": 0, "loss": "MSE", "learning_rate": 0.1},
    {"data": "xor", "width_1": 3, "activation": "sigmoid", "loss": "MSE"},
]
DIVERGING = {"width_1": 64, "width_2": 64, "depth": 3, "activation": "none", "learning_rate": 3}
STEPS = 20  # of a run in the tests of training
ACTIVATIONS = {"ReLU": nn.ReLU(), "tanh": nn.Tanh(), "sigmoid": nn.Sigmoid(), "none": nn.Identity()}
KINDS = [Structure, Losses, Training, Perceptron, Hinges, Descent]
ALL = pytest.mark.parametrize("kind", KINDS)


@pytest.fixture(autouse=True)
def _nothing_for_pyplot() -> Iterator[None]:
    yield
    assert plt.get_fignums() == [], "a notebook would show the figure once more"


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make runs short."""
    monkeypatch.setattr(training_module, "N_STEPS", STEPS)


def drawn(explorer: Explorer) -> tuple[Figure, str]:
    """Return the still picture and what it shows in words; assert that it is tidy."""
    figure, said = explorer.draw()
    FigureCanvasAgg(figure)
    assert_tidy(figure.axes[0])
    return figure, said


def test_each_explorer_has_its_controls_its_module_and_three_missions() -> None:
    assert {*CONTROLS} == {*explore.__all__}
    for name, spec in CONTROLS.items():
        assert f"{name.lower()}.js" in TEXTS
        assert len(spec["missions"]) == 3


@pytest.mark.parametrize(("D_in", "n_hidden", "H", "D_out"), NETWORKS)
def test_structure_draws_the_layers_and_counts_their_parameters(D_in: int, n_hidden: int, H: int, D_out: int) -> None:
    figure, said = drawn(Structure(D_in=D_in, n_hidden=n_hidden, H=H, D_out=D_out))
    widths = [D_in, *[H] * n_hidden, D_out]
    n_parameters = sum(n_in * n_out + n_out for n_in, n_out in pairwise(widths))
    (ax,) = figure.axes
    assert ax.get_title() == f"매개변수 {n_parameters:,d}개"
    assert said == f"{'-'.join(map(str, widths))} 신경망의 그림. 매개변수는 {n_parameters:,d}개."
    nodes = [min(width, 6) for width in widths]  # drawn; of a wider layer the first five and the last
    assert sum(isinstance(patch, Ellipse) for patch in ax.patches) == sum(nodes)
    assert len(ax.lines) == sum(n_in * n_out for n_in, n_out in pairwise(nodes))
    assert [text for text in texts_of(ax) if "노드" in text] == [f"노드 {width:,d}개" for width in widths]


@pytest.mark.parametrize(("label", "logit"), PREDICTIONS)
def test_losses_and_gradients_are_autograds(label: int, logit: float) -> None:
    def by_autograd(at: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
        z = torch.tensor(at, requires_grad=True)
        scores, labels = torch.stack([torch.zeros_like(z), z], dim=-1), torch.full(z.shape, label)
        squares = (scores.softmax(dim=-1) - F.one_hot(labels, 2)) ** 2
        cee = -F.log_softmax(scores, dim=-1)[..., label]
        losses = {"MSE": squares.mean(dim=-1), "CEE": cee}
        gradients = {name: torch.autograd.grad(loss.sum(), z, retain_graph=True)[0] for name, loss in losses.items()}
        return {"손실": {name: loss.detach() for name, loss in losses.items()}, "기울기": gradients}

    figure, said = drawn(Losses(label=label, logit=logit))
    for ax, (what, forms) in zip(figure.axes, by_autograd(np.linspace(-6, 6, 121)).items(), strict=True):
        here = by_autograd(np.array(logit))[what]
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


@pytest.mark.usefixtures("quick")
@pytest.mark.parametrize("chosen", RUNS)
def test_training_is_gradient_descent_on_the_points(chosen: dict[str, object]) -> None:
    training = Training(**chosen)
    values = training.values
    torch.manual_seed(values["weight_seed"])
    widths = [2, *[values[f"width_{layer}"] for layer in range(1, values["depth"] + 1)], 2]
    layers = [nn.Linear(n_in, n_out, dtype=torch.float64) for n_in, n_out in pairwise(widths)]
    bent = [part for layer in layers for part in (layer, ACTIVATIONS[values["activation"]])]
    model = nn.Sequential(*bent[:-1])  # none behind the last layer
    optimizer = torch.optim.SGD(model.parameters(), lr=values["learning_rate"])
    cloud, labels = points(values["data"], values["noise"], values["data_seed"])
    order = torch.randperm(600, generator=torch.Generator().manual_seed(values["split_seed"]))
    x, y = torch.from_numpy(cloud.astype(np.float32)).double()[order], torch.from_numpy(labels)[order]
    data = [(x[rows], y[rows]) for rows in (slice(values["n_train"]), slice(values["n_train"], 600))]

    def loss_of(x: Tensor, y: Tensor) -> Tensor:
        wanted = torch.stack([1.0 - y, 1.0 * y], dim=1)
        return ((model(x) - wanted) ** 2).mean() if values["loss"] == "MSE" else F.cross_entropy(model(x), y)

    expected = []  # training and validation losses after 0, 1, …, STEPS updates
    for step in range(STEPS + 1):
        losses = [loss_of(x, y) for x, y in data]
        expected.append([loss.item() for loss in losses])
        if step < STEPS:
            optimizer.zero_grad()
            losses[0].backward()
            optimizer.step()
    figure, said = training.draw()
    left, right = figure.axes
    drawn = np.concatenate([part.get_offsets() for part in left.collections if len(part.get_offsets()) > 1])
    assert sorted(map(tuple, drawn)) == sorted(map(tuple, data[0][0].numpy()))
    shares = [(model(x).argmax(dim=1) == y).double().mean() for x, y in data]
    assert left.get_title() == f"정확도: 학습 {shares[0]:.2f}, 검증 {shares[1]:.2f}"
    assert said == f"{training_module.NAMES[values['data']]}의 결정 영역과 20 스텝의 손실 곡선. {left.get_title()}."
    assert right.get_title() == "20 스텝"
    for line, losses in zip(right.lines, zip(*expected, strict=True), strict=True):
        np.testing.assert_allclose(line.get_xydata(), [*enumerate(losses)], rtol=1e-9)
    names = {text.get_text(): text.get_color() for text in right.texts}
    assert names == dict(zip(("학습 손실", "검증 손실"), (line.get_color() for line in right.lines), strict=True))


def test_moons_and_rings_are_scikit_learns_and_the_others_have_two_classes() -> None:
    for found, expected in (
        (points("moons", 0.2, 3), make_moons(600, noise=0.2, random_state=3)),
        (points("rings", 0.2, 3), make_circles(600, noise=0.1, factor=0.4, random_state=3)),
    ):
        assert all(np.array_equal(one, other) for one, other in zip(found, expected, strict=True))
    for cloud in ("xor", "spiral", "clusters", "noise"):
        x, y = points(cloud, 1e-9, 3)
        assert x.shape == (600, 2)
        assert {*y} == {0, 1}
        assert np.abs(x).max() <= 1
        if cloud == "xor":
            assert np.array_equal(y, (x[:, 0] * x[:, 1] < 0).astype(int))
        elif cloud == "clusters":
            np.testing.assert_allclose(x, np.where(y, 0.5, -0.5)[:, None].repeat(2, axis=1), atol=1e-8)


def test_the_first_picture_is_of_a_trained_network_and_tidy() -> None:
    training = Training()
    _, parts, history = training.train()
    assert [len(y) for _, y in parts] == [100, 500]
    assert len(history.losses) == len(history.validation_losses) == 2000
    assert round(history.losses[-1].item(), 3) == 0.166
    assert drawn(training)[0].axes[1].get_xlim() == (0, 1.3 * 2000)


@pytest.mark.parametrize(("dtype", "without"), [(torch.float32, torch.no_grad), (torch.float64, torch.inference_mode)])
@pytest.mark.usefixtures("quick")
def test_explorers_leave_the_notebooks_torch_alone(
    dtype: torch.dtype, without: type, monkeypatch: pytest.MonkeyPatch
) -> None:
    wanted, seeded = Training().train()[2].losses, []
    n_threads, own = torch.get_num_threads(), torch.get_default_dtype()
    torch.manual_seed(7)  # not where the explorers' own seed leaves the generator
    np.random.seed(7)
    monkeypatch.setattr(torch.cuda, "manual_seed_all", seeded.append)
    try:
        torch.set_num_threads(2)
        torch.set_default_dtype(dtype)
        state, legacy = torch.get_rng_state(), np.random.get_state()[1].tolist()
        with without(), torch.device("meta"):  # as a default device would
            for kind in KINDS:
                kind()._repr_mimebundle_()
            losses = Training().train()[2].losses
            assert not torch.is_grad_enabled()
        assert torch.equal(torch.get_rng_state(), state)
        assert np.random.get_state()[1].tolist() == legacy
        assert (torch.get_num_threads(), torch.get_default_dtype(), seeded) == (2, dtype, [])
        assert losses.dtype == torch.float64
        assert torch.equal(losses, wanted)
    finally:
        torch.set_num_threads(n_threads)
        torch.set_default_dtype(own)


def test_divergence_is_told_in_the_title_and_not_printed(capfd: pytest.CaptureFixture[str]) -> None:
    training = Training(**DIVERGING)
    history = training.train()[2]
    figure, said = drawn(training)
    assert 0 < history.diverged_at < 2000
    assert figure.axes[0].get_title() == "발산해서 정확도를 잴 수 없습니다"
    assert figure.axes[1].get_title() == f"{history.diverged_at - 1} 스텝"
    assert said.startswith("두 반달의 점들과 ")
    assert figure.axes[0].get_title() in said
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(("gate", "right"), [("AND", 4), ("OR", 2), ("NAND", 0), ("XOR", 1)])
def test_the_perceptron_counts_what_is_right(gate: str, right: int) -> None:
    figure, said = drawn(Perceptron(gate=gate, b=-1.5))
    assert figure.axes[0].get_title() == f"{gate}: 넷 가운데 {right}개가 맞습니다"
    assert said.endswith(f"넷 가운데 {right}개가 맞습니다.")


@pytest.mark.parametrize("target", ["sin", "square", "step", "abs"])
def test_hinges_are_summed(target: str) -> None:
    figure, said = drawn(Hinges(target=target, n=2, nodes=[[-3, -1], [0, 2]], bias=3))
    wanted, total = figure.axes[0].lines
    x = total.get_xdata()
    np.testing.assert_allclose(total.get_ydata(), 3 - (x + 3) + 2 * np.maximum(0, x), atol=1e-12)  # |x|
    error = np.mean((wanted.get_ydata() - np.abs(x)) ** 2)
    assert f"평균제곱오차 {error:.4f}" in said
    assert (target == "abs") == (error < 1e-20)


@pytest.mark.parametrize(("valley", "learning_rate"), [("bowl", 0.3), ("ravine", 0.1), ("ravine", 0.3), ("tanh", 0.2)])
def test_descent_follows_autograd(valley: str, learning_rate: float) -> None:
    x = torch.linspace(-2, 2, 21, dtype=torch.float64)
    losses = {
        "bowl": lambda w: (w**2).sum() / 2,
        "ravine": lambda w: (w[0] ** 2 + 10 * w[1] ** 2) / 2,
        "tanh": lambda w: ((w[1] * torch.tanh(w[0] * x) - torch.tanh(x)) ** 2).mean(),
    }
    figure, said = drawn(Descent(valley=valley, learning_rate=learning_rate))
    path = max((line.get_xydata() for line in figure.axes[0].lines), key=len)
    w = torch.tensor([-2.0, 1.5], dtype=torch.float64, requires_grad=True)
    for place in path:
        np.testing.assert_allclose(place, w.detach(), rtol=1e-9, atol=1e-12)
        loss = losses[valley](w)
        (gradient,) = torch.autograd.grad(loss, w)
        w = (w - learning_rate * gradient).detach().requires_grad_()
    assert said.endswith(f"{len(path) - 1} 걸음 뒤의 손실 {loss.item():.4f}.")
    assert len(path) == 41 or w.abs().max() >= 100


@pytest.mark.usefixtures("quick")
@ALL
def test_the_stored_output_holds_the_widget_and_the_picture(kind: type[Explorer]) -> None:
    explorer = kind()
    data, about = explorer._repr_mimebundle_(include=None, exclude=None)
    assert json.loads(json.dumps([data, about]))
    assert set(data) == {"text/plain", "image/png", "application/vnd.jupyter.widget-view+json"}
    view = data["application/vnd.jupyter.widget-view+json"]
    assert view["model_id"] == explorer.widget.model_id
    assert data["text/plain"] == repr(explorer)
    assert all(f"{name}={value!r}" in repr(explorer) for name, value in explorer.values.items())
    assert eval(repr(explorer), vars(explore)).values == explorer.values
    assert explorer.widget.still["src"] == f"data:image/png;base64,{data['image/png']}"
    image = Image.open(BytesIO(b64decode(data["image/png"])))
    assert (image.format, image.mode) == ("PNG", "RGB")
    size = about["image/png"]
    assert (2 * size["width"], 2 * size["height"]) == image.size
    assert image.size in ((1280, 780), (1800, 760))
    figure, alt = explorer.draw()
    assert size["alt"] == alt
    figure.set_dpi(200)
    FigureCanvasAgg(figure).draw()
    drawn = np.asarray(figure.canvas.buffer_rgba())[..., :3].astype(int)
    assert np.abs(drawn - np.asarray(image)).max() <= 1, "the picture is of other values"


@ALL
def test_a_cell_can_set_what_is_shown_first(kind: type[Explorer]) -> None:
    explorer = kind()
    first = {name: control["value"] for name, control in CONTROLS[kind.__name__]["controls"].items()}
    assert explorer.values == explorer.widget.state == first
    kind(**first)  # the controls can show them
    name, control = next(iter(CONTROLS[kind.__name__]["controls"].items()))
    options = [option for option, _ in control.get("options", [])] or control["values"]
    assert kind(**{name: options[-1]}).values == first | {name: options[-1]}
    assert kind(**{name: np.array(options[-1])}).values == first | {name: options[-1]}
    explorer.widget.state = first | {name: options[-1]}
    assert explorer.values[name] == options[-1]


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"width": 3}, "이름이 data, noise, .* 가운데 하나여야 합니다"),
        ({"noise": 3}, r"0부터 0\.5까지의 수여야 합니다 \(받은 값: noise=3\)"),
        ({"depth": 1.5}, r"0부터 4까지의 정수여야 합니다 \(받은 값: depth=1\.5\)"),
        ({"depth": True}, "까지의 정수여야 합니다"),
        ({"noise": "0.1"}, "까지의 수여야 합니다"),
        ({"width_1": 5}, r"\[1, 2, 3, 4, 6, .*\] 가운데 하나여야 합니다"),
        ({"data": "moon"}, r"\['moons', 'xor', .*\] 가운데 하나여야 합니다"),
        ({"validation": 3}, "False와 같은 꼴이어야 합니다"),
    ],
)
def test_a_wrong_setting_is_told(given: dict[str, object], told: str) -> None:
    with pytest.raises(ValueError, match=told):
        Training(**given)
