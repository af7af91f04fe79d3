"""Tests of the explorers without any Python behind them: their numbers against torch, and their pages in a browser.

They need chromium and chromedriver and no network; where either is missing they are skipped, under CI=true they fail.
With WEBKIT=1 they run in WebKitGTK instead (webkit2gtk-driver), all but what only Chromium can be told to imitate.
"""

import json
import math
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

import numpy as np
import pytest
import torch
from browser import PATIENCE, Tab, chromium, webkit, wider_than_the_page
from selenium import webdriver
from selenium.webdriver.common.actions.action_builder import ActionBuilder
from selenium.webdriver.common.actions.pointer_input import PointerInput
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

import mlp_tutorial as mt
from mlp_tutorial.classroom import explorers
from mlp_tutorial.explore.points import points
from mlp_tutorial.explore.training import ACTIVATIONS, LOSSES
from mlp_tutorial.explore.weights import loss_and_gradient

WIDTHS = {"ReLU": (2, 16, 2), "tanh": (2, 8, 8, 2), "sigmoid": (2, 5, 2), "none": (2, 4, 3, 4, 3, 2)}
CLOUDS = ("moons", "rings", "xor", "spiral", "clusters", "noise")
SETTINGS = {
    "first": {},
    "mini-batches": {"data": "spiral", "noise": 0.1, "depth": 3, "width_1": 8, "activation": "tanh", "batch_size": 20}
    | {"loss": "MSE", "weight_seed": 5, "split_seed": 7, "data_seed": 3, "n_train": 200},
    "linear": {"data": "noise", "depth": 0, "n_train": 10},
    "sigmoid": {
        "data": "rings",
        "depth": 2,
        "width_2": 3,
        "activation": "sigmoid",
        "learning_rate": 3,
        "batch_size": 5,
    },
    "no noise": {"data": "clusters", "noise": 0, "n_train": 540, "learning_rate": 0.001},
    "no activation": {"data": "xor", "depth": 4, "width_4": 1, "activation": "none", "learning_rate": 0.03},
}
Browser = webdriver.Chrome | webdriver.WebKitGTK
AXE = metadata.distribution("axe-playwright-python").locate_file("axe_playwright_python/axe.min.js")
DESKTOP, PHONE = 1280, 390  # pixels
POINTERS = pytest.mark.parametrize(("kind", "width"), [("mouse", DESKTOP), ("touch", PHONE)])
SPY = """
window.spied = [];
const fillText = CanvasRenderingContext2D.prototype.fillText;
CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
  spied.push([text, x, y]);
  return fillText.call(this, text, x, y);
};
"""
MODULES = """
const [file, body, given] = arguments, done = arguments[arguments.length - 1];
const files = [...document.querySelectorAll("script[data-file]")];
const texts = Object.fromEntries(files.map((script) => [script.dataset.file, script.textContent]));
const url = URL.createObjectURL(new Blob([texts["loader.js"]], { type: "text/javascript" }));
import(url).then(({ load }) => load(texts, file)).then(new Function("given", `return (module) => { ${body} }`)(given))
    .then(done, (error) => done({ error: String(error) }));
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start the browser, Chromium cut off from every network; end it."""
    if "WEBKIT" in os.environ:
        with webkit() as browser:
            browser.set_script_timeout(PATIENCE)
            yield browser
        return
    with chromium(tmp_path_factory.mktemp("browser")) as chrome:
        chrome.set_script_timeout(PATIENCE)
        chrome.execute_cdp_cmd("Network.enable", {})
        chrome.execute_cdp_cmd(
            "Network.emulateNetworkConditions",
            {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0},
        )
        yield chrome


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the page of all explorers; return it."""
    path = tmp_path_factory.mktemp("page") / "놀이터.html"
    path.write_text(explorers.playground(), encoding="utf-8")
    return path


class Page(Tab):
    """The page of all explorers in the browser: its controls and what they say."""

    def __init__(self, chrome: Browser, file: Path) -> None:
        super().__init__(chrome)
        self.file = file

    def open(self, width: int = DESKTOP, calm: bool = False, **settings: object) -> None:
        """Open the page with an address that holds these settings, such as Training.noise; wait for its explorers."""
        if isinstance(self.chrome, webdriver.Chrome):
            size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < DESKTOP}
            self.chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
            features = [{"name": "prefers-reduced-motion", "value": "reduce" if calm else ""}]
            self.chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": features})
        elif calm:
            pytest.skip("WebKitGTK's driver sets no reduced motion")
        else:
            self.chrome.set_window_size(width, 1000)
        self.chrome.get("about:blank")
        settings = {name: value if isinstance(value, str) else json.dumps(value) for name, value in settings.items()}
        self.chrome.get(
            f"{self.file.as_uri()}#{'&'.join(f'{name}={quote(value)}' for name, value in settings.items())}"
        )
        for name in explorers.controls():
            self.wait(lambda name=name: self.said(name), f"{name} says nothing")
        assert not isinstance(self.chrome, webdriver.Chrome) or self.chrome.get_log("browser") == []

    def run(self, file: str, body: str, given: object = None) -> object:
        """Return what `body` makes of the imported module and of `given`."""
        found = self.chrome.execute_async_script(MODULES, file, body, given)
        assert not (isinstance(found, dict) and "error" in found), found
        return found

    def said(self, name: str) -> str:
        """Return the sentence that a screen reader hears."""
        script = f"return document.querySelector('[data-explorer={name}] .said')?.textContent"
        return self.chrome.execute_script(script)

    def find(self, name: str, selector: str) -> list[webdriver.remote.webelement.WebElement]:
        """Return the parts of an explorer that are shown."""
        found = self.chrome.find_elements(By.CSS_SELECTOR, f"[data-explorer={name}] {selector}")
        return [part for part in found if part.is_displayed()]

    def press(self, name: str, selector: str, *keys: str) -> str:
        """Focus the one part of an explorer that is called so and press keys; return what is said once it differs."""
        before = self.said(name)
        self.focus(*self.find(name, selector))
        self.keys(*keys)
        self.wait(lambda: self.said(name) != before, f"{name} says nothing else than {before}")
        return self.said(name)

    def button(self, name: str, text: str, key: str = Keys.ENTER) -> None:
        """Press a button by the keyboard."""
        self.focus(*(one for one in self.find(name, "button") if one.text == text))
        self.keys(key)

    def drag(self, name: str, kind: str, *places: tuple[float, float], canvas: int = 0) -> None:
        """Press at the first place of a picture, go to the others and let go; places are shares of its width, height.

        What the page hears are a browser's own events of a pointer of this kind.
        """
        if kind == "touch" and not isinstance(self.chrome, webdriver.Chrome):
            pytest.skip("WebKitGTK's driver has no finger")
        part = self.find(name, "canvas")[canvas]
        heard = "window.heard = []; addEventListener('pointermove', (event) => heard.push(event.pointerType), true);"
        self.chrome.execute_script(f"{heard} arguments[0].scrollIntoView({{block: 'center'}})", part)
        size = part.size
        pointer = PointerInput(kind, kind)
        actions = ActionBuilder(self.chrome, mouse=pointer, duration=30)
        for i, (across, up) in enumerate(places):
            x, y = round((across - 0.5) * size["width"]), round((up - 0.5) * size["height"])
            actions.pointer_action.move_to(part, x, y)
            if i == 0:
                actions.pointer_action.pointer_down()
        actions.pointer_action.pointer_up()
        actions.perform()
        assert {*self.chrome.execute_script("return heard")} <= {kind}

    def steps(self) -> int:
        """Return the steps in the picture of Training."""
        script = "return document.querySelector('[data-explorer=Training] .mlp-explorer').dataset.steps"
        return int(self.chrome.execute_script(script))

    def trained(self) -> str:
        """Wait for the end of a run; return what is said."""
        return self.wait(lambda: self.steps() == 2000 and self.said("Training"), "not trained to the end")


@pytest.fixture(scope="module")
def page(browser: Browser, file: Path) -> Page:
    """Open the page once, for the tests that leave it alone."""
    page = Page(browser, file)
    page.open()
    return page


@pytest.mark.parametrize("cloud", CLOUDS)
def test_the_points_and_their_split_are_those_of_numpy_and_torch(cloud: str, page: Page) -> None:
    given = {"data": cloud, "noise": 0.35, "data_seed": 7, "split_seed": 4, "n_train": 50}
    body = "return module.parts(given).map(({ x, y, n }) => [Array.from(x), Array.from(y), n])"
    x, y = points(cloud, 0.35, 7)
    parts = mt.split(torch.from_numpy(x).float(), torch.from_numpy(y), fractions=(50 / 600, 550 / 600), seed=4)
    for (columns, labels, n), (rows, classes) in zip(page.run("points.js", body, given), parts, strict=True):
        assert n == len(rows)
        np.testing.assert_array_equal(np.reshape(columns, (2, n)).T, rows.double().numpy())
        assert labels == classes.tolist()
    if cloud == "moons":
        assert torch.equal(torch.from_numpy(x).float(), mt.two_moons(600, noise=0.35, seed=7)[0])


def test_the_first_weights_are_those_of_torch(page: Page) -> None:
    body = "return new module.Network([2, 16, 3, 2], 'ReLU', 'CEE').reset(11).layers.map(({ W, b }) => [...W, ...b])"
    torch.manual_seed(11)
    layers = [torch.nn.Linear(n_in, n_out, dtype=torch.float64) for n_in, n_out in ((2, 16), (16, 3), (3, 2))]
    for found, layer in zip(page.run("network.js", body), layers, strict=True):
        expected = torch.cat([part.flatten() for part in layer.parameters()]).detach()
        np.testing.assert_allclose(found, expected, rtol=1e-14)


TRAIN = """
const { weights, x, y, held, answers, widths, activation, loss, steps, ...rest } = given;
const network = new module.Network(widths, activation, loss);
network.layers.forEach(({ W, b }, i) => { W.set(weights[2 * i].flat()); b.set(weights[2 * i + 1]); });
const column = (rows) => Float64Array.from([...rows.map((row) => row[0]), ...rows.map((row) => row[1])]);
const run = new module.Run(network, { x: column(x), y, n: y.length },
                           { x: column(held), y: answers, n: answers.length }, rest);
network.backward(column(x), y, y.length);
const first = network.layers.flatMap(({ dW, db }) => [[...dW], [...db]]);
run.advance(steps);
network.backward(column(x), y, y.length);
const last = network.layers.flatMap(({ dW, db }) => [[...dW], [...db]]);
return { losses: run.losses, held: run.validationLosses.map(([, loss]) => loss), diverged: run.divergedAt, first, last,
         parameters: network.layers.flatMap(({ W, b }) => [[...W], [...b]]) };
"""


def train(page: Page, activation: str, loss: str, learning_rate: float, batch_size: int | None, steps: int) -> None:
    """Train the same network in the page and with mt.fit, and compare all that there is."""
    x, y = mt.two_moons(120, noise=0.25, seed=2)
    (x, y), (held, answers) = mt.split(x.double(), y, fractions=(0.5, 0.5), seed=2)
    widths, loss_fn = WIDTHS[activation], LOSSES[loss]
    torch.manual_seed(3)
    model = mt.MLP(widths, ACTIVATIONS[activation]).double()
    given = {"weights": [part.tolist() for part in model.parameters()], "widths": widths, "activation": activation}
    given |= {"x": x.tolist(), "y": y.tolist(), "held": held.tolist(), "answers": answers.tolist(), "loss": loss}
    given |= {"learning_rate": learning_rate, "batch_size": batch_size, "steps": steps}
    found = page.run("network.js", TRAIN, given)

    def gradients() -> list[np.ndarray]:
        parts = torch.autograd.grad(loss_fn(model(x), y), [*model.parameters()])
        return [part.flatten().numpy() for part in parts]

    first = gradients()
    settings = {"loss_fn": loss_fn, "learning_rate": learning_rate, "n_steps": steps, "batch_size": batch_size}
    history = mt.fit(model, x, y, **settings, validation=(held, answers), validate_every=1, verbose=False)
    assert found["diverged"] == (history.diverged_at or 0)
    np.testing.assert_allclose(found["losses"], history.losses, rtol=1e-9)
    if history.diverged_at:
        return
    np.testing.assert_allclose(found["held"], [*history.validation_losses.values()], rtol=1e-9)
    for name, parts in (("first", first), ("last", gradients())):
        for one, other in zip(found[name], parts, strict=True):
            np.testing.assert_allclose(one, other, rtol=1e-9, atol=1e-14)  # at a minimum they are 0
    for one, other in zip(found["parameters"], model.parameters(), strict=True):
        np.testing.assert_allclose(one, other.detach().flatten(), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("batch_size", [None, 7])
def test_losses_gradients_and_parameters_are_those_of_fit(
    activation: str, loss: str, batch_size: int | None, page: Page
) -> None:
    train(page, activation, loss, 0.1, batch_size, 1000)


@pytest.mark.parametrize(("activation", "loss"), [("none", "MSE"), ("ReLU", "MSE"), ("none", "CEE")])
@pytest.mark.parametrize("learning_rate", [3.0, 30.0, 1e5])
def test_divergence_is_noticed_at_the_same_step(activation: str, loss: str, learning_rate: float, page: Page) -> None:
    train(page, activation, loss, learning_rate, None, 60)


def test_the_pytorch_programs_find_the_pages_losses(page: Page, browser: Browser, tmp_path: Path) -> None:
    said, programs = {}, {name: tmp_path / f"{name}.py" for name in SETTINGS}
    for name, settings in SETTINGS.items():
        page.open(**{f"Training.{key}": value for key, value in settings.items()})
        said[name] = page.trained()
        page.button("Training", "PyTorch 코드")
        (code,) = page.wait(lambda: page.find("Training", "textarea"), "no program")
        assert browser.switch_to.active_element == code
        programs[name].write_text(code.get_property("value"), encoding="utf-8")
    in_turn = "import runpy, sys\nfor path in sys.argv[1:]: runpy.run_path(path, run_name='__main__')"
    command = [sys.executable, "-W", "error", "-c", in_turn, *programs.values()]  # a fresh process, none of its imports
    environment = os.environ | {"PYTHONUTF8": "1", "OMP_NUM_THREADS": "1"}
    ran = subprocess.run(command, capture_output=True, encoding="utf-8", cwd=tmp_path, env=environment, check=False)
    assert ran.stderr == ""
    assert dict(zip(SETTINGS, ran.stdout.splitlines(), strict=True)) == {
        name: sentence.removesuffix(".") for name, sentence in said.items()
    }
    loss, share = r"\d+\.\d{6}", r"[01]\.\d\d"
    for sentence in said.values():
        told = rf"2000 스텝: 학습 손실 {loss}, 검증 손실 {loss}, 정확도: 학습 {share}, 검증 {share}\."
        assert re.fullmatch(told, sentence)


def test_buttons_start_pause_step_and_go_back_to_the_same_weights(page: Page) -> None:
    page.open()
    first = page.trained()
    page.button("Training", "처음으로", Keys.SPACE)
    page.wait(lambda: page.steps() == 0, "not reset")
    untrained = page.said("Training")
    page.button("Training", "한 스텝")
    page.wait(lambda: page.steps() == 1, "no step")
    page.button("Training", "시작")
    page.wait(lambda: page.steps() > 1, "not started")
    page.button("Training", "멈춤")
    paused = page.steps()
    assert 1 < paused < 2001, "not paused"
    page.button("Training", "처음으로")
    page.wait(lambda: page.said("Training") == untrained, "not the same weights")
    page.button("Training", "시작")
    assert page.trained() == first


def test_a_control_trains_anew_and_the_address_keeps_it(page: Page) -> None:
    page.open()
    first = page.trained()
    other = page.press("Training", "[data-name=width_1]", Keys.ARROW_LEFT)
    assert "Training.width_1=12" in page.chrome.current_url
    page.trained()
    address = page.chrome.current_url
    page.chrome.get("about:blank")
    page.chrome.get(address)
    page.wait(lambda: page.said("Training") == other, "the address does not bring the setting back")
    assert page.press("Training", "[data-name=width_1]", Keys.ARROW_RIGHT) == first
    assert [len(page.find("Training", f"[data-name=width_{layer}]")) for layer in (1, 2, 3, 4)] == [1, 0, 0, 0]
    page.press("Training", "[data-name=depth]", Keys.END)
    assert [len(page.find("Training", f"[data-name=width_{layer}]")) for layer in (1, 2, 3, 4)] == [1] * 4


def test_twenty_seeds_are_told(page: Page) -> None:
    page.open(**{"Training.data": "xor", "Training.width_1": 2})
    page.trained()
    page.button("Training", "20개 시드")
    told = page.wait(lambda: re.match(r"20개 시드, 2,000 스텝: .*?(\d+)개입니다", page.said("Training")), "no spread")
    body = """
    const [train] = given.parts.map(({ x, y }) => ({ x: Float64Array.from(x), y, n: y.length }));
    return Array.from({ length: 20 }, (_, seed) => {
      const network = new module.Network([2, 2, 2], "ReLU", "CEE").reset(seed);
      const run = new module.Run(network, train, null, { learning_rate: 0.3 });
      run.advance(2000);
      return run.network.measure(train)[1];
    });"""
    x, y = points("xor", 0.3, 0)
    x, y = mt.split(torch.from_numpy(x).float().double(), torch.from_numpy(y), fractions=(1 / 6, 5 / 6), seed=0)[0]
    shares = page.run("network.js", body, {"parts": [{"x": x.T.flatten().tolist(), "y": y.tolist()}]})
    assert int(told[1]) == sum(share >= 0.95 for share in shares)
    assert f"학습 정확도 {min(shares):.2f}–{max(shares):.2f}" in told[0]


def test_nodes_weights_and_places_are_told_by_keyboard(page: Page) -> None:
    page.open()
    page.trained()
    here = page.press("Training", "figure:nth-child(1) canvas", Keys.ARROW_UP)
    assert here.startswith("x = (0.00, 0.10)에서 은닉층 1: ")
    told = page.press("Training", "figure:nth-child(2) canvas", Keys.END)
    assert re.fullmatch(r"은닉층 1의 노드 16 → 출력 1: 가중치 −?\d\.\d{4}", told)
    assert page.press("Training", "figure:nth-child(2) canvas", Keys.HOME) == "입력 x₁: 십자 자리의 값 0.0000"


def test_structure_counts_layer_by_layer(page: Page) -> None:
    page.open()
    assert page.said("Structure") == "2-3-1 신경망의 그림. 매개변수는 13개."
    assert (
        page.press("Structure", "[data-name=n_hidden]", Keys.ARROW_RIGHT) == "2-3-3-1 신경망의 그림. 매개변수는 25개."
    )
    assert page.press("Structure", "[data-name=D_in]", Keys.END).startswith("1000-3-3-1 ")
    counts = [part.text for part in page.find("Structure", "li")]
    assert counts[0] == "1,000 → 3: 가중치 3,000 + 편향 3 = 3,003"
    assert len(counts) == 3


@pytest.mark.parametrize(("label", "logit"), [(0, -6.0), (1, -1.5), (0, 0.0), (1, 6.0)])
def test_losses_are_those_of_the_still_picture(label: int, logit: float, page: Page) -> None:
    from mlp_tutorial.explore import Losses

    page.open(**{"Losses.label": label, "Losses.logit": logit})
    said = Losses(label=label, logit=logit).draw()[1]
    assert page.said("Losses") == said.replace(" 두 손실과 그 기울기의 곡선.", "")


def test_the_perceptron_solves_and_with_some_keys_and_xor_with_none(page: Page) -> None:
    page.open(**{"Perceptron.b": -1.5})
    assert page.said("Perceptron").startswith("AND: 넷 가운데 4개가 맞습니다.")
    assert page.press("Perceptron", "[data-name=gate]", Keys.END).startswith("XOR: 넷 가운데 1개가 맞습니다.")
    moved = page.press("Perceptron", "canvas", Keys.ARROW_LEFT, Keys.ARROW_LEFT)
    assert "1.0·x₁ + 1.0·x₂ − 1.3 > 0" in moved
    page.wait(lambda: "XOR에 들인 시간: 0분" in page.find("Perceptron", ".mlp-explorer")[0].text, "no clock")


def test_hinges_are_a_network_and_fit_the_curve(page: Page) -> None:
    page.open()
    error = lambda: float(re.search(r"오차 (\d+\.\d+)", page.said("Hinges"))[1])  # noqa: E731
    nodes = [(-2, 1), (-0.8, -1.2), (0.8, 1.2)]
    x = np.linspace(-3, 3, 121)
    total = sum(slope * np.maximum(0, x - kink) for kink, slope in nodes)
    assert error() == round(((total - np.sin(x)) ** 2).mean(), 4)
    before = error()
    page.button("Hinges", "맞추기")
    page.wait(lambda: error() < before / 5, "not fitted")


def test_descent_walks_as_gradient_descent(page: Page) -> None:
    page.open(**{"Descent.learning_rate": 0.21})
    for step in range(3):
        page.button("Descent", "한 걸음")
        page.wait(lambda step=step: page.said("Descent").startswith(f"{step + 1} 걸음"), "no step")
    w = np.array([-2 * (1 - 0.21) ** 3, 1.5 * (1 - 2.1) ** 3])
    assert f"손실 {(w[0] ** 2 + 10 * w[1] ** 2) / 2:.4f}" in page.said("Descent")
    assert "학습률이 너무 큽니다" in page.said("Descent")


def at(
    x: float, y: float, ends: tuple[float, float], side: float, left: float = 46, top: float = 24
) -> tuple[float, float]:
    """Return where a point of a square plot lies, as shares of the picture; drawing.js has the margins."""
    across, up = ((place - ends[0]) / (ends[1] - ends[0]) for place in (x, y))
    return (left + across * (side - 10 - left)) / side, (side - 38 - up * (side - 38 - top)) / side


@POINTERS
def test_the_perceptrons_line_is_moved_and_turned_by_a_pointer(kind: str, width: int, page: Page) -> None:
    page.open(width)
    side = 380 if width == DESKTOP else 340
    place = lambda x, y: at(x, y, (-0.6, 1.6), side)  # noqa: E731
    page.drag("Perceptron", kind, place(0.25, 0.25), place(0.5, 0.6), place(0.75, 0.75))
    assert page.said("Perceptron").startswith("AND: 넷 가운데 4개가 맞습니다. 1.0·x₁ + 1.0·x₂ − 1.5 > 0")
    # a handle lies 0.6 from the middle of the line x₁ + x₂ = 1.5; turned about the other one, to stand upright
    far = 0.6 / math.sqrt(2)
    page.drag("Perceptron", kind, place(0.75 - far, 0.75 + far), place(0.75 + far, 0.75 + far))
    w_1, w_2, b = (
        float(number.replace("−", "-").replace(" ", ""))
        for number in re.search(r"(−?[\d.]+)·x₁ ([+−] [\d.]+)·x₂ ([+−] [\d.]+) > 0", page.said("Perceptron")).groups()
    )
    assert abs(w_1) > 1.3
    assert abs(w_2) <= 0.1, "the line does not stand upright"
    assert -b / w_1 == pytest.approx(0.75 + far, abs=0.15)


@POINTERS
def test_a_hinges_kink_and_slope_are_dragged(kind: str, width: int, page: Page) -> None:
    page.open(width, **{"Hinges.n": 1, "Hinges.nodes": [[-1, 1]] + [[0, 1]] * 5, "Hinges.bias": 1})
    wide = 520 if width == DESKTOP else 340

    def place(x: float, y: float) -> tuple[float, float]:
        return (46 + (x + 3) / 6 * (wide - 116)) / wide, (340 - 38 - (y + 3) / 7 * (340 - 38 - 42)) / 340

    page.drag("Hinges", kind, place(-1, 1), place(0, 1), place(0.5, 1))
    assert page.said("Hinges").endswith("노드 1: 0.5에서 꺾이고, 더하는 기울기는 1.0입니다.")
    page.drag("Hinges", kind, place(1.1, 1.6), place(1.1, 2.2))
    assert page.said("Hinges").endswith("노드 1: 0.5에서 꺾이고, 더하는 기울기는 2.0입니다.")
    page.drag("Hinges", kind, place(-2, -2), place(2, 3))
    assert page.said("Hinges").endswith("노드 1: 0.5에서 꺾이고, 더하는 기울기는 2.0입니다."), "nothing was held"


@POINTERS
def test_the_ball_is_put_where_the_pointer_is(kind: str, width: int, page: Page) -> None:
    page.open(width, **{"Descent.valley": "bowl"})
    page.button("Descent", "한 걸음")
    page.drag("Descent", kind, at(1, 1, (-2.5, 2.5), 340), at(2, 1, (-2.5, 2.5), 340))
    assert page.said("Descent").startswith("0 걸음 뒤의 손실 2.5000, 기울기의 크기 2.236.")
    assert "Descent.w_1=2&Descent.w_2=1" in page.chrome.current_url


@POINTERS
def test_the_prediction_is_dragged_along_either_curve(kind: str, width: int, page: Page) -> None:
    page.open(width)
    wide = 420 if width == DESKTOP else 340
    place = lambda z: ((46 + (z + 6) / 12 * (wide - 92)) / wide, 0.5)  # noqa: E731
    page.drag("Losses", kind, place(0), place(-3))
    assert "로짓이 −3일 때" in page.said("Losses")
    page.drag("Losses", kind, place(2.4), canvas=1)
    assert "로짓이 2.5일 때" in page.said("Losses")


@POINTERS
def test_a_pointer_chooses_a_place_and_a_node(kind: str, width: int, page: Page) -> None:
    page.open(width)
    page.trained()
    shown = lambda: page.find("Training", "p:not(.said):not(.name)")[0].text  # noqa: E731
    page.drag("Training", kind, (330 / 360, (26 + 280 * 0.75) / 340), canvas=1)
    page.wait(lambda: "출력 1: 편향" in shown(), "no node chosen")
    before = shown()
    page.drag("Training", kind, (0.3, 0.3))
    page.wait(lambda: shown() != before, "the cross does not move")


def test_descents_map_names_its_lines_and_marks_what_is_lowest(page: Page) -> None:
    def drawn(valley: str) -> list[list[object]]:
        page.open(**{"Descent.valley": valley, "Descent.w_1": 2, "Descent.w_2": -1.5})
        page.chrome.execute_script(SPY)
        page.button("Descent", "처음으로")
        return page.chrome.execute_script("return spied")

    for valley, names in {"bowl": ["0.1", "1"], "ravine": ["1", "10"], "tanh": ["0.1", "1"]}.items():
        texts = [text for text in drawn(valley) if text[0] in {"0.01", "0.1", "1", "10"}]
        inside = [(text, x, y) for text, x, y in texts if 60 < x < 320 and 30 < y < 290]
        assert {text for text, *_ in inside} == {*names}, (valley, texts)
        # a name lies on its line: the loss at its place, as Python finds it, is what it says
        for text, x, y in inside:
            w = [np.array(-2.5 + 5 * (x - 46) / 284), np.array(-2.5 + 5 * (302 - y) / 278)]
            assert float(loss_and_gradient(valley, *w)[0]) == pytest.approx(float(text), rel=0.12), (valley, text, w)


def test_a_link_hides_controls_and_what_no_control_can_show_is_left_out(page: Page) -> None:
    settings = {"hide": "noise, loss,width_1", "depth": 2.5, "activation": "Tanh", "learning_rate": 0.1}
    page.open(**{f"Training.{name}": value for name, value in settings.items()}, **{"Hinges.nodes": [[1, 2]]})
    page.trained()
    assert page.find("Training", "[data-name=noise], [data-name=loss], [data-name=width_1]") == []
    (rate,) = page.find("Training", "[data-name=learning_rate]")
    assert rate.get_attribute("aria-valuetext") == "0.1"
    assert page.find("Training", "[data-name=activation]")[0].get_property("value") == "ReLU"
    assert page.find("Training", "[data-name=depth]")[0].get_attribute("aria-valuetext") == "1"
    page.press("Training", "[data-name=depth]", Keys.ARROW_RIGHT)
    assert "Training.hide=noise" in page.chrome.current_url
    page.chrome.execute_script("location.hash = 'Training.hide=loss&Training.depth=2'")  # a second link, same page
    page.wait(lambda: page.find("Training", "[data-name=noise]"), "the second link still hides what the first one did")
    assert page.find("Training", "[data-name=loss]") == []


def test_the_shown_program_keeps_up_with_the_page(page: Page) -> None:
    page.open()
    page.trained()
    page.button("Training", "PyTorch 코드")
    (code,) = page.wait(lambda: page.find("Training", "textarea"), "no program")
    assert "range(2000)" in code.get_property("value")
    page.button("Training", "한 스텝")
    page.wait(lambda: "range(2001)" in code.get_property("value"), "the program is that of a step before")
    page.button("Training", "시작")
    page.wait(lambda: not code.is_displayed(), "a program stands beside a network that goes on")


def test_answers_alone_colour_the_plane_with_two_colours(page: Page) -> None:
    count = (
        "const canvas = document.querySelector('[data-explorer=Training] canvas'), g = canvas.getContext('2d');"
        "const { data } = g.getImageData(60, 40, 200, 200), found = new Map();"
        "for (let i = 0; i < data.length; i += 4) { const key = data.slice(i, i + 3).join();"
        " found.set(key, (found.get(key) ?? 0) + 1); }"
        "return [...found.values()].filter((n) => n > 3000).length"
    )
    page.open(**{"Training.answers": True, "Training.data": "clusters", "Training.depth": 0})
    page.trained()
    assert page.chrome.execute_script(count) == 2


@pytest.mark.parametrize("width", [DESKTOP, PHONE])
def test_axe_finds_nothing_and_nothing_is_wider_than_the_page(width: int, page: Page) -> None:
    page.open(width)
    page.trained()
    page.button("Training", "20개 시드")
    page.wait(lambda: page.said("Training").startswith("20개"), "no spread")
    page.button("Training", "PyTorch 코드")
    page.chrome.execute_script(AXE.read_text(encoding="utf-8"))
    found = page.chrome.execute_async_script("axe.run(document).then(arguments[0])")
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found["violations"]] == []
    assert len(found["passes"]) > 20
    assert not wider_than_the_page(page.chrome)
    for name in explorers.controls():
        page.button(name, "큰 글자")
    assert not wider_than_the_page(page.chrome)


def test_no_picture_lets_a_dark_page_through(page: Page) -> None:
    page.open()
    page.trained()
    transparent = page.chrome.execute_script(
        "return [...document.querySelectorAll('canvas')].filter((canvas) => canvas.offsetParent).map((canvas) =>"
        " canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data"
        ".reduce((n, value, i) => n + (i % 4 === 3 && value < 255), 0))"
    )
    assert len(transparent) >= len(explorers.controls())
    assert {*transparent} == {0}


def test_reduced_motion_shows_the_end_alone(page: Page) -> None:
    page.open(calm=True)
    page.trained()
    root = "return document.querySelector('[data-explorer=Training] .mlp-explorer').dataset.redraws"
    assert page.chrome.execute_script(root) == "1"
    page.open()
    page.trained()
    assert int(page.chrome.execute_script(root)) >= 20
