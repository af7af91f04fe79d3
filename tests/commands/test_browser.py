"""Tests of the explorers as a reader has them: a real JupyterLab in a headless Chromium, used by the keyboard alone.

They need chromium and chromedriver and no network; where either is missing they are skipped, under CI=true they fail.
explore/test_web.py tests what the explorers compute and say; here a notebook shows them and shares their state.
"""

from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from browser import Tab, chromium, lab
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from sample import KERNEL, picture
from selenium import webdriver
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement

KINDS = ("Structure", "Losses", "Training", "Perceptron", "Hinges", "Descent")  # the cells
STRUCTURE, LOSSES, TRAINING = range(3)
LAST = len(KINDS) + 1  # the cell that sets and tells what Python knows
ASK = "one.widget.state = one.widget.state | {'H': 8}; one.values, two.values['width_1']"
BROKEN = """bad = explore.Losses(logit=1.0)
bad.widget.modules = bad.widget.modules | {"losses.js": "export const render = null;"}
bad"""  # the last cell but one
STEPS = 2000  # of one run


def write(path: Path, *cells: NotebookNode) -> None:
    """Write a notebook file."""
    nbformat.write(new_notebook(cells=[*cells], metadata={"kernelspec": KERNEL}), path)


def write_notebooks(folder: Path) -> None:
    """Write the one of all explorers, where the command looks for the first, and the one with a stored picture."""
    place = {"image/png": {"width": 400, "height": 200}}
    stored = new_output("display_data", {"image/png": picture()}, metadata=place)
    folder.mkdir()
    names = {STRUCTURE: "one", TRAINING: "two"}
    sources = [
        f"from mlp_tutorial.explore import {kind}\n{names.get(i, 'more')} = {kind}()\n{names.get(i, 'more')}"
        for i, kind in enumerate(KINDS)
    ]
    write(
        folder / "01_structure.ipynb",
        *map(new_code_cell, [*sources, f"from mlp_tutorial import explore\n{BROKEN}", ASK]),
    )
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


class Page(Tab):
    """The notebook in the browser: its explorers' controls and what they say."""

    def run_cell(self) -> None:
        """Run the chosen cell and go to the next."""
        ActionChains(self.chrome).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(Keys.SHIFT).perform()

    def said(self) -> list[str]:
        """Return the sentence of each explorer that a screen reader hears."""
        return self.chrome.execute_script(
            "return [...document.querySelectorAll('.jp-OutputArea .mlp-explorer .said')].map(said => said.textContent)"
        )

    def controls(self, cell: int) -> list[WebElement]:
        """Return what of the explorer takes the focus and is shown, in its order."""
        explorer = self.chrome.find_elements(By.CSS_SELECTOR, ".jp-OutputArea .mlp-explorer")[cell]
        found = explorer.find_elements(By.CSS_SELECTOR, "input, select, button, canvas[tabindex]")
        return [control for control in found if control.is_displayed()]

    def change(self, cell: int, control: int, key: str) -> str:
        """Press a key on a control; return what the explorer says once it is another."""
        before = self.said()[cell]
        self.focus(self.controls(cell)[control])
        self.keys(key)
        self.wait(lambda: self.said()[cell] != before, f"nothing else is said than {before}")
        return self.said()[cell]


@pytest.fixture(scope="module")
def page(browser: webdriver.Chrome, address: str) -> Page:
    """Open the notebook and run its cells but the last two."""
    page = Page(browser)
    browser.get(address)
    cells = "return document.querySelectorAll('.jp-Notebook .jp-CodeCell .cm-content').length"
    page.wait(lambda: browser.execute_script(cells) == LAST + 1, "no cells")
    status = "return document.querySelector('#jp-main-statusbar')?.textContent ?? ''"
    page.wait(lambda: "| 대기" in browser.execute_script(status), "no kernel")  # until then a cell would not run
    browser.find_element(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell .cm-content").click()
    for n in range(len(KINDS)):
        page.run_cell()
        page.wait(lambda n=n: len(page.said()) == n + 1 and page.said()[n], f"no output of {KINDS[n]}")
    return page


def test_jupyterlab_is_korean_and_asks_nothing(page: Page) -> None:
    shown = {
        "#jp-menu-panel .lm-MenuBar-itemLabel": "파일 편집 보기 실행 커널 탭 설정 도움말",
        ".jp-Dialog, .Toastify__toast": "",  # as the question whether to look for news
    }
    texts = "return [...document.querySelectorAll(arguments[0])].map(shown => shown.textContent).join(' ')"
    assert {what: page.chrome.execute_script(texts, what) for what in shown} == shown


def test_the_cells_show_the_first_values(page: Page) -> None:
    structure, losses, training, *_ = page.said()
    assert structure == "2-3-1 신경망의 그림. 매개변수는 13개."
    assert losses.startswith("정답이 클래스 0이고 클래스 1의 로짓이 4일 때 ")
    assert training.startswith(f"{STEPS} 스텝: 학습 손실 0.166172, ")  # the still picture's: tests/explore


def test_an_arrow_key_moves_a_slider_and_the_picture_follows(page: Page) -> None:
    assert page.change(STRUCTURE, 1, Keys.ARROW_RIGHT) == f"2-3-3-1 신경망의 그림. 매개변수는 {9 + 12 + 4}개."
    assert page.change(STRUCTURE, 2, Keys.ARROW_RIGHT) == f"2-4-4-1 신경망의 그림. 매개변수는 {12 + 20 + 5}개."
    assert page.change(STRUCTURE, 0, Keys.ARROW_LEFT) == f"1-4-4-1 신경망의 그림. 매개변수는 {8 + 20 + 5}개."
    assert page.change(STRUCTURE, 3, Keys.END) == f"1-4-4-1000 신경망의 그림. 매개변수는 {8 + 20 + 5000:,}개."


@pytest.mark.parametrize("cell", range(len(KINDS)), ids=KINDS)
def test_tab_goes_through_the_controls_in_their_order(cell: int, page: Page) -> None:
    controls = page.controls(cell)
    assert len(controls) == (5, 3, 23, 6, 9, 9)[cell]
    page.focus(controls[0])
    reached = [controls[0]]
    for _ in controls[1:]:
        page.keys(Keys.TAB)
        reached.append(page.chrome.switch_to.active_element)
    assert reached == controls


def test_python_and_the_browser_share_the_state(page: Page) -> None:
    assert page.change(TRAINING, 4, Keys.ARROW_LEFT).startswith(f"{STEPS} 스텝")
    page.chrome.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell .cm-content")[LAST].click()
    page.run_cell()
    cell = "document.querySelectorAll('.jp-Notebook .jp-CodeCell')[arguments[0]]"
    text = f"return {cell}.querySelector('.jp-OutputArea')?.textContent"
    told = page.wait(lambda: page.chrome.execute_script(text, LAST), "no answer of the kernel")
    assert "({'D_in': 1, 'n_hidden': 2, 'H': 8, 'D_out': 1000}, 12)" in told
    page.wait(lambda: page.said()[STRUCTURE].startswith("1-8-8-1000 "), "the picture does not follow Python")


def test_an_explorer_that_fails_leaves_a_sentence_and_its_picture(page: Page) -> None:
    page.chrome.find_elements(By.CSS_SELECTOR, ".jp-Notebook .jp-CodeCell .cm-content")[LAST - 1].click()
    page.run_cell()
    alert = "return document.querySelector('.jp-OutputArea [role=alert]')?.textContent"
    told = page.wait(lambda: page.chrome.execute_script(alert), "nothing is told")
    assert told.startswith("오류로 멈추었으니 다시 열고, ")
    assert "TypeError" in told
    picture = page.chrome.find_element(By.CSS_SELECTOR, ".jp-OutputArea [role=alert] + img")
    assert picture.get_attribute("alt").startswith("정답이 클래스 0이고 클래스 1의 로짓이 1일 때 두 손실과 ")
    page.wait(lambda: picture.get_property("naturalWidth") == 1800, "no picture")
    assert len(page.said()) == len(KINDS)


def test_a_stored_picture_shows_without_a_run(browser: webdriver.Chrome, address: str) -> None:
    browser.get(address.replace("01_structure", "stored"))
    open_panel = ".jp-NotebookPanel:not(.lm-mod-hidden)"  # the other notebook may be open beside it
    shown = (
        f"return [...document.querySelectorAll('{open_panel} .jp-OutputArea img')]"
        ".map(image => [image.naturalWidth, image.naturalHeight, image.width, image.height])"
    )
    page = Page(browser)
    page.wait(lambda: browser.execute_script(shown) == [[800, 400, 400, 200]], "the picture does not show")
    counts = f"return [...document.querySelectorAll('{open_panel} .jp-InputPrompt')].map(prompt => prompt.textContent)"
    assert browser.execute_script(counts) == ["[1]:"]
