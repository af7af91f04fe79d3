"""Tests of the explorers in handouts: what a page holds for them, and the page as a reader opens it, from a file.

What they compute and say is tested in explore/test_web.py, in the page of all of them.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Callable
from copy import deepcopy
from html import unescape
from pathlib import Path

import nbformat
import pytest
from browser import PATIENCE, wider_than_the_page
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from mlp_tutorial.classroom import explorers, page
from mlp_tutorial.classroom.notebooks import notebooks

MOST = 60_000  # bytes that explorers may add to a handout
PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
TEXTS = {
    "01": ["Structure(D_in=2, n_hidden=1, H=3, D_out=1)", "Perceptron(gate='XOR')"],
    "02": ["Training(noise=0.1, width_1=4)", "Hinges(n=2)"],
    "03": ["Losses(label=1, logit=-2.5)", "Descent()"],
}
SOURCES = sorted(explorers.WEB.glob("*.js"))


def notebook(*texts: str) -> NotebookNode:
    """Return a notebook whose cells show these explorers as a stored notebook does, by their pictures."""
    about = {"image/png": {"alt": "그림", "width": 640, "height": 390}}
    cells = [new_markdown_cell("# 제목\n\n## 학습 목표\n\n- 봅니다.")]
    for text in texts:
        data = {"image/png": PIXEL, "text/plain": text}
        cells.append(new_code_cell(text, outputs=[new_output("execute_result", data, metadata=about)]))
    return new_notebook(cells=cells)


@pytest.fixture
def opened(browser: webdriver.Chrome, tmp_path: Path) -> Callable[..., None]:
    """Return what opens a handout with these explorers, one part of which, standing there once, may be another."""

    def opened(*texts: str, part: str = "<main>", instead: str = "<main>") -> None:
        text, file = page.pages({"student": notebook(*texts)})["student"], tmp_path / "handout.html"
        assert text.count(part) == 1
        file.write_text(text.replace(part, instead), encoding="utf-8")
        browser.get(file.as_uri())

    return opened


def test_an_output_names_its_explorer_and_what_was_set() -> None:
    found = unescape(explorers.place("Losses(label=1, logit=-2.5)"))
    assert json.loads(re.search(r'data-state="(.*?)">', found)[1]) == {"label": 1, "logit": -2.5}
    assert 'data-explorer="Losses"' in found
    assert json.loads(re.search(r'data-state="(.*?)">', unescape(explorers.place("Losses()")))[1])["logit"] == 4
    for other in ("<Figure size 640x360 with 1 Axes>", "Linear(in_features=2, out_features=3, bias=True)", "13", ""):
        assert explorers.place(other) == ""


@pytest.mark.parametrize("number", TEXTS)
def test_a_handout_grows_by_little_and_asks_nothing_of_the_network(number: str) -> None:
    nb, texts = nbformat.read(notebooks()[number], as_version=4), TEXTS[number]
    for output in (output for cell in nb.cells for output in cell.get("outputs", []) if "data" in output):
        if explorers.place(output.data.get("text/plain", "")):
            output.data["text/plain"] = "<Figure>"
    pages = []
    for added in (texts, ["<Figure>" for _ in texts]):
        copy = deepcopy(nb)
        copy.cells += notebook(*added).cells[1:]
        pages.append(page.pages({"student": copy})["student"])
    with_them, without = pages
    assert 0 < len(with_them.encode()) - len(without.encode()) <= MOST
    assert with_them.count("<div data-explorer=") == len(texts)
    assert "data-explorer" not in without.partition("<main>")[2]


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("texts", TEXTS.values(), ids=TEXTS)
def test_the_explorers_of_a_handout_live_and_paper_keeps_the_pictures(
    texts: list[str], width: int, opened: Callable[..., None], browser: webdriver.Chrome
) -> None:
    size = {"width": width, "height": 1000, "deviceScaleFactor": 1, "mobile": width < 1280}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    opened(*texts)
    said = "return [...document.querySelectorAll('.mlp-explorer .said')].filter(one => one.textContent).length"
    WebDriverWait(browser, PATIENCE).until(lambda _: browser.execute_script(said) == len(texts), "they don't live")
    shown = {"screen": [], "print": []}
    for medium, found in shown.items():
        browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium})
        for selector in ("figure img", ".mlp-explorer"):
            found.append(sum(part.is_displayed() for part in browser.find_elements(By.CSS_SELECTOR, selector)))
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert shown == {"screen": [0, len(texts)], "print": [len(texts), 0]}
    assert not wider_than_the_page(browser)
    assert browser.get_log("browser") == []


def seen(browser: webdriver.Chrome) -> tuple[list[str], list[bool], list[bool]]:
    """Return the sentences in the places of explorers, whether each still picture shows, and each explorer."""
    told = browser.execute_script(
        "return [...document.querySelectorAll('[data-explorer] > p')].filter(one => one.checkVisibility("
        "{ visibilityProperty: true })).map(one => one.textContent)"
    )
    shown = (
        [part.is_displayed() for part in browser.find_elements(By.CSS_SELECTOR, one)]
        for one in (".still img", ".mlp-explorer")
    )
    return told, *shown


STOPPED = r"오류로 멈추었으니 다시 열고, 또 멈추면 브라우저를 새 판으로 바꾸어 여십시오 \(.*Error.*\)\."
LOSSES = 'data-file="losses.js">'
BROKEN = {
    "a module that can't be read": {"part": LOSSES, "instead": f"{LOSSES}import {{"},
    "a module that throws": {"part": LOSSES, "instead": f"{LOSSES}null.x;"},
    "a module that is not there": {"part": LOSSES, "instead": 'data-file="loss.js">'},
}


@pytest.mark.parametrize("what", BROKEN)
def test_a_module_that_fails_leaves_a_sentence_the_picture_and_the_other_explorers(
    what: str, opened: Callable[..., None], browser: webdriver.Chrome
) -> None:
    opened("Losses()", "Descent()", **BROKEN[what])
    alive = lambda _: seen(browser)[1:] == ([True, False], [True]) and seen(browser)[0][:1] != [explorers.CLOSED]  # noqa: E731
    WebDriverWait(browser, PATIENCE).until(alive, f"{seen(browser)}")
    (told,) = seen(browser)[0]
    assert re.fullmatch(STOPPED, told)
    assert browser.get_log("browser") != []


@pytest.mark.parametrize(
    ("explorer", "script"),
    [
        ("Losses", "control.stepDown(); control.dispatchEvent(new Event('input'))"),
        ("Descent", "[...place.querySelectorAll('button')].find(one => one.textContent === '한 걸음').click()"),
        ("Descent", "[...place.querySelectorAll('button')].find(one => one.textContent === '걷기').click()"),
        ("Hinges", "place.querySelector('canvas').dispatchEvent(new KeyboardEvent('keydown', { key: 'ArrowUp' }))"),
        ("Losses", "location.hash = 'Losses.logit=1'"),
    ],
)
def test_an_error_while_it_runs_is_told_beside_the_picture(
    explorer: str, script: str, opened: Callable[..., None], browser: webdriver.Chrome
) -> None:
    opened(f"{explorer}()")
    WebDriverWait(browser, PATIENCE).until(lambda _: seen(browser)[1:] == ([False], [True]), "it does not live")
    names = (
        "const place = document.querySelector('[data-explorer]'), control = place.querySelector('input[type=range]');"
    )
    fails = "CanvasRenderingContext2D.prototype.fillRect = () => { throw new TypeError('no paper'); };"
    browser.execute_script(f"{names} {fails} {script}")
    WebDriverWait(browser, PATIENCE).until(lambda _: seen(browser)[1:] == ([True], []), "nothing is told")
    assert re.fullmatch(STOPPED, seen(browser)[0][0])
    assert "no paper" in seen(browser)[0][0]
    browser.get_log("browser")


def test_a_browser_that_runs_no_modules_says_so_beside_the_picture(
    opened: Callable[..., None], browser: webdriver.Chrome
) -> None:
    opened("Losses()", part='<script type="module">', instead='<script type="not-known">')
    WebDriverWait(browser, PATIENCE).until(lambda _: seen(browser)[0] == [explorers.CLOSED], "nothing is told")
    assert seen(browser)[1:] == ([True], [])


@pytest.mark.skipif(shutil.which("node") is None, reason="node가 없습니다.")
@pytest.mark.parametrize("path", SOURCES, ids=[path.name for path in SOURCES])
def test_modules_are_plain_and_fit_into_a_page(path: Path, tmp_path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "</script" not in text
    assert {*re.findall(r'^import .* from "(.*?)";$', text, re.MULTILINE)} <= {f"./{other.name}" for other in SOURCES}
    shortened = re.search(f'data-file="{path.name}">(.*?)</script>', explorers.playground(), re.DOTALL)[1]
    for one in (text, shortened):
        (tmp_path / "module.mjs").write_text(one, encoding="utf-8")
        subprocess.run(["node", "--check", tmp_path / "module.mjs"], check=True)


def test_the_playground_has_each_explorer_with_three_missions() -> None:
    text = explorers.playground()
    assert re.findall(r'<div data-explorer="(\w+)"', text) == [*explorers.controls()]
    for spec in explorers.controls().values():
        assert all(mission in unescape(text) for mission in spec["missions"])
    assert not re.search(r'(src|href)="(?!data:|#)', text)
