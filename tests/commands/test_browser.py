"""Tests of the explorers as a reader has them: a real JupyterLab in a headless Chromium, used by the keyboard alone.

They need chromium and chromedriver and no network; where either is missing they are skipped, under CI=true they fail.
"""

import re
from base64 import b64encode
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path

import nbformat
import pytest
from browser import PATIENCE, chromium, lab
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

STRUCTURE, LOSSES, TRAINING = range(3)  # the cells
KINDS = ("Structure", "Losses", "Training")
STEPS = 2000  # of one run


def write(path: Path, *cells: NotebookNode) -> None:
    """Write a notebook file."""
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(new_notebook(cells=[*cells], metadata={"kernelspec": kernel}), path)


def write_notebooks(folder: Path) -> None:
    """Write the one of three explorers, where the command looks for the first, and the one with a stored picture."""
    file = BytesIO()
    Image.new("RGB", (60, 40), "#0072B2").save(file, "png")
    stored = new_output(
        "execute_result",
        {"image/png": b64encode(file.getvalue()).decode(), "text/plain": "Structure()"},
        execution_count=1,
        metadata={"image/png": {"width": 30, "height": 20}},
    )
    folder.mkdir()
    cells = (new_code_cell(f"from mlp_tutorial.explore import {kind}\n{kind}()") for kind in KINDS)
    write(folder / "01_structure.ipynb", *cells)
    write(folder / "stored.ipynb", new_code_cell("Structure()", outputs=[stored], execution_count=1))


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Start the browser; end it."""
    with chromium(tmp_path_factory.mktemp("browser")) as chrome:
        yield chrome


@pytest.fixture(scope="module")
def address(browser: webdriver.Chrome, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Start the lab, once there is a browser, in a folder of its own; give its address; end it."""
    root = tmp_path_factory.mktemp("lab")
    write_notebooks(root / "notebooks")
    with lab(root) as address:
        yield address


class Page:
    """The notebook in the browser: its controls, pictures and what they say."""

    def __init__(self, chrome: webdriver.Chrome) -> None:
        self.chrome = chrome

    def wait(self, until: Callable[[], object], why: str) -> object:
        """Wait until this is true, and return it."""
        return WebDriverWait(self.chrome, PATIENCE, poll_frequency=0.05).until(lambda _: until(), why)

    def press(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        ActionChains(self.chrome, duration=0).send_keys(*keys).perform()

    def images(self) -> list[dict[str, str]]:
        """Return the alt text and source of each explorer's picture."""
        return self.chrome.execute_script(
            "return [...document.querySelectorAll('.jp-OutputArea .widget-html img')]"
            ".map(image => ({alt: image.alt, src: image.src, width: image.naturalWidth}))"
        )

    def alt(self, cell: int) -> str:
        """Return what the picture of this cell says."""
        return self.images()[cell]["alt"]

    def steps(self) -> int:
        """Return the steps that the picture of Training tells."""
        return int(re.search(r"(\d+) 스텝", self.alt(TRAINING))[1])

    def controls(self, cell: int) -> list[WebElement]:
        """Return the cell's widgets that take the focus, in their order."""
        (row,) = self.chrome.find_elements(By.CSS_SELECTOR, ".jp-CodeCell")[cell].find_elements(
            By.CSS_SELECTOR, ".jp-OutputArea .widget-vbox > .widget-box"
        )
        return row.find_elements(By.CSS_SELECTOR, ".noUi-handle, button, select")

    def button(self, name: str) -> WebElement:
        """Return the button of Training with this name."""
        (found,) = (control for control in self.controls(TRAINING) if control.text == name)
        return found

    def focused(self) -> WebElement:
        """Return what the keys go to."""
        return self.chrome.switch_to.active_element

    def focus(self, control: WebElement) -> None:
        """Send the keys there from now on."""
        self.chrome.execute_script("arguments[0].focus()", control)
        assert self.focused() == control

    def change(self, cell: int, control: int, key: str) -> str:
        """Press a key on a control; return what the picture says once it is another."""
        before = self.images()[cell]
        self.focus(self.controls(cell)[control])
        self.press(key)
        self.wait(lambda: self.images()[cell]["alt"] != before["alt"], f"no other alt text than {before['alt']}")
        assert self.images()[cell]["src"] != before["src"], "the same picture"
        return self.alt(cell)

    def settle(self) -> None:
        """Wait for as many answers of the kernel as a run has parts; one that was not paused is over by then."""
        for key in (Keys.ARROW_LEFT, Keys.ARROW_RIGHT) * 2:
            self.change(STRUCTURE, 1, key)


@pytest.fixture(scope="module")
def page(browser: webdriver.Chrome, address: str) -> Page:
    """Open the notebook and run its cells."""
    page = Page(browser)
    browser.get(address)
    cells = "return document.querySelectorAll('.jp-Notebook .jp-CodeCell .cm-content').length"
    page.wait(lambda: browser.execute_script(cells) == len(KINDS), "no cells")
    status = "return document.querySelector('#jp-main-statusbar')?.textContent ?? ''"
    page.wait(lambda: "| 대기" in browser.execute_script(status), "no kernel")  # until then a cell would not run
    browser.find_element(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell .cm-content").click()
    for n in range(len(KINDS)):
        ActionChains(browser).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()
        page.wait(lambda n=n: len(page.images()) == n + 1, f"no output of {KINDS[n]}")
    page.wait(lambda: all(image["width"] for image in page.images()), "no picture")
    return page


def test_jupyterlab_is_korean_and_asks_nothing(page: Page) -> None:
    shown = {
        "#jp-menu-panel .lm-MenuBar-itemLabel": "파일 편집 보기 실행 커널 탭 설정 도움말",
        ".jp-Dialog, .Toastify__toast": "",  # as the question whether to look for news
    }
    texts = "return [...document.querySelectorAll(arguments[0])].map(shown => shown.textContent).join(' ')"
    assert {what: page.chrome.execute_script(texts, what) for what in shown} == shown


def test_the_cells_show_the_first_values(page: Page) -> None:
    structure, losses, training = (image["alt"] for image in page.images())
    assert structure == "2-3-1 신경망의 그림. 매개변수는 13개."
    assert losses.startswith("정답이 클래스 0이고 클래스 1의 로짓이 4일 때 ")
    assert training.startswith(f"두 반달의 결정 영역과 {STEPS} 스텝의 손실 곡선.")
    assert [image["width"] for image in page.images()] == [1280, 1800, 1800]


def test_an_arrow_key_moves_a_slider_and_the_picture_follows(page: Page) -> None:
    assert page.change(STRUCTURE, 1, Keys.ARROW_RIGHT) == f"2-3-3-1 신경망의 그림. 매개변수는 {9 + 12 + 4}개."
    assert page.change(STRUCTURE, 2, Keys.ARROW_RIGHT) == f"2-4-4-1 신경망의 그림. 매개변수는 {12 + 20 + 5}개."
    assert page.change(STRUCTURE, 0, Keys.ARROW_LEFT) == f"1-4-4-1 신경망의 그림. 매개변수는 {8 + 20 + 5}개."
    assert page.change(STRUCTURE, 3, Keys.END) == f"1-4-4-1000 신경망의 그림. 매개변수는 {8 + 20 + 5000:,}개."


def test_losses_follow_the_keyboard(page: Page) -> None:
    score = float(re.search(r"로짓이 (\S+)일 때", page.alt(LOSSES))[1].replace("−", "-"))
    assert f"로짓이 {score - 0.5:g}일 때" in page.change(LOSSES, 2, Keys.ARROW_LEFT)
    assert "정답이 클래스 1이고" in page.change(LOSSES, 1, Keys.SPACE)
    assert "정답이 클래스 0이고" in page.change(LOSSES, 0, Keys.ENTER)
    assert f"로짓이 {score:g}일 때" in page.change(LOSSES, 2, Keys.ARROW_RIGHT)


@pytest.mark.parametrize("cell", [STRUCTURE, LOSSES, TRAINING], ids=KINDS)
def test_tab_goes_through_the_controls_in_their_order(cell: int, page: Page) -> None:
    controls = page.controls(cell)
    assert len(controls) == (4, 3, 8)[cell]
    page.focus(controls[0])
    reached = [controls[0]]
    for _ in range(2 * len(controls)):  # a slider's number may take the focus too
        page.press(Keys.TAB)
        reached.append(page.focused())
    assert [control for control in reached if control in controls] == controls


def test_a_changed_control_trains_anew(page: Page) -> None:
    before = page.alt(TRAINING)
    page.change(TRAINING, 0, Keys.ARROW_LEFT)
    page.wait(lambda: page.steps() == STEPS, "not trained to the end")
    assert page.alt(TRAINING) != before
    page.focus(page.controls(TRAINING)[0])
    page.press(Keys.ARROW_RIGHT)
    page.wait(lambda: page.alt(TRAINING) == before, "not the first result again")


@pytest.mark.parametrize("key", [Keys.SPACE, Keys.ENTER], ids=["Space", "Enter"])
def test_the_buttons_start_pause_and_reset_by_keyboard(key: str, page: Page) -> None:
    page.focus(page.button("처음으로"))
    page.press(key)
    page.wait(lambda: page.steps() == 0, "not reset")
    page.focus(page.button("시작"))
    page.press(key, Keys.TAB, key)  # start, and at once pause
    assert page.focused() == page.button("멈춤")
    page.settle()
    paused = page.steps()
    assert paused < STEPS, "not paused"
    page.focus(page.button("시작"))
    page.press(key)
    page.wait(lambda: page.steps() == paused + STEPS, "did not go on from there")
    page.focus(page.button("처음으로"))
    page.press(key)
    page.wait(lambda: page.steps() == 0, "not reset")
    page.focus(page.button("시작"))
    page.press(key)
    page.wait(lambda: page.steps() == STEPS, "not trained from the start")


def test_a_stored_picture_shows_without_a_run(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address.replace("01_structure", "stored"))
    open_panel = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # the other notebook may be open beside it
    shown = (
        f"return [...document.querySelectorAll('{open_panel} .jp-OutputArea img')]"
        ".map(image => [image.naturalWidth, image.naturalHeight, image.width, image.height])"
    )
    page = Page(browser)
    page.wait(lambda: browser.execute_script(shown) == [[60, 40, 30, 20]], "the picture does not show")
    counts = f"return [...document.querySelectorAll('{open_panel} .jp-InputPrompt')].map(prompt => prompt.textContent)"
    assert browser.execute_script(counts) == ["[1]:"]
