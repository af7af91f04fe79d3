"""Tests of `python -m mlp_tutorial handouts`: the files as a class gets them, its options, and what a failure leaves.

The pages are opened in a headless Chromium without a network and the PDFs with poppler's tools; where these are missing
the tests are skipped, under CI=true they fail.
"""

import gc
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from base64 import b64decode
from collections.abc import Callable
from html import unescape
from itertools import product
from pathlib import Path
from unittest.mock import Mock
from urllib.parse import unquote

import nbformat
import pytest
import sample
from browser import PATIENCE, programs
from fontTools.ttLib import TTFont
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_output
from PIL import Image
from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from tqdm import tqdm

from mlp_tutorial.__main__ import main
from mlp_tutorial.classroom import editions, fonts, handouts, notebooks, page, printer, slides, worksheet

EDITIONS, FORMATS = ("student", "teacher"), ("ipynb", "html", "pdf")  # of the whole handouts
STEMS = ("99_sample", "extra/Z_other")
PLAYGROUNDS = {"놀이터.html", "student/놀이터.html"}
ONCE = ("student/{}_활동지.html", "student/{}_활동지.pdf", "teacher/{}_슬라이드.html")
BAD_OPTIONS = (
    "--edition pupil",
    "--format docx",
    "--format html,",
    "--out file",
    "--out no/such",
    "98",
    "--site new --out=a",
    "--site file",
)


def written(folder: Path) -> set[str]:
    """Return the files below the folder, and its empty folders."""
    paths = folder.rglob("*")
    return {path.relative_to(folder).as_posix() for path in paths if path.is_file() or not any(path.iterdir())}


def student_page(nb: NotebookNode) -> str:
    """Return the body of the student's page."""
    return page.pages({"student": nb})["student"].partition("<main>")[2]  # MathJax before it has links of its own


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make all handouts of the sample; return their folder. Without a browser there are no PDFs in it."""
    root = tmp_path_factory.mktemp("handouts")
    sample.project(root)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notebooks, "PROJECT", root)
        assert main(["handouts", "--out", str(root / "out")]) == 0
    return root / "out"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a folder with the sample's project and a file, with stand-ins for page and printing; return it."""
    sample.project(tmp_path)
    (tmp_path / "file").touch()
    monkeypatch.setattr(notebooks, "PROJECT", tmp_path)
    monkeypatch.setattr(page, "pages", lambda nbs, _answers: {edition: f"<html>{edition}" for edition in nbs})
    monkeypatch.setattr(printer, "find", lambda: "browser")
    for other in (worksheet.worksheet, slides.slides):
        monkeypatch.setattr(sys.modules[other.__module__], other.__name__, lambda *_: "<html>")
    monkeypatch.setattr(printer.Browser, "__enter__", lambda self: self)
    monkeypatch.setattr(printer.Browser, "__exit__", lambda *_: None)
    monkeypatch.setattr(printer.Browser, "print_pdf", lambda _browser, _page, pdf: pdf.write_bytes(b"%PDF"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def fails(here: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Return what asserts that a command ends with a status, one Korean line and no file, and returns the line."""

    def run(*arguments: str, status: int = 2, told: str = "오류: .+") -> str:
        before = written(here)
        try:
            ended = main(["handouts", *arguments])
        except SystemExit as end:
            ended = end.code
        out, err = capsys.readouterr()
        assert (ended, out) == (status, "")
        assert written(here) == before
        last = err.rpartition("\r")[2].strip()  # after the progress bar
        assert re.fullmatch(told, last)
        return last

    return run


@pytest.mark.parametrize("arguments", BAD_OPTIONS)
def test_bad_options_are_told_before_anything_is_made(arguments: str, fails: Callable[..., str]) -> None:
    assert arguments.split()[-1] in fails(*arguments.split())


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (
            "",
            {f"{edition}/{stem}.{kind}" for edition, stem, kind in product(EDITIONS, STEMS, FORMATS)}
            | {name.format(stem) for name, stem in product(ONCE, STEMS)}
            | PLAYGROUNDS,
        ),
        (
            "--format slides,worksheet --edition student 99",
            {name.format("99_sample").replace("teacher", "student") for name in ONCE},
        ),
        ("--format ipynb", {f"{edition}/{stem}.ipynb" for edition, stem in product(EDITIONS, STEMS)}),
        ("--edition student --format pdf,html 99", {"student/99_sample.html", "student/99_sample.pdf"}),
        ("--edition teacher --format pdf --out handouts Z", {"teacher/extra/Z_other.pdf"}),
    ],
)
def test_any_subset_can_be_made(options: str, expected: set[str], here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bars = []
    shown = {"disable": False, "file": io.StringIO()}
    monkeypatch.setattr(handouts, "tqdm", lambda **told: bars.append(tqdm(**told, **shown)) or bars[-1])
    (here / "notebooks" / "extra").mkdir()
    nbformat.write(sample.notebook(), here / "notebooks" / "extra" / "Z_other.ipynb")
    shutil.copy(here / "answers" / "99.toml", here / "answers" / "Z.toml")
    assert main(["handouts", *options.split()]) == 0
    assert written(here / "handouts") == expected
    n_made = len(expected - PLAYGROUNDS)
    assert [(bar.n, bar.total) for bar in bars] == [(n_made, n_made)]


def test_a_site_has_an_index_and_no_link_that_leads_nowhere(
    here: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = '<a href="02_hidden_layers.html">뒤</a> <a href="99_sample.html#1">앞</a> <a href="https://a.b">밖</a>'
    monkeypatch.setattr(page, "pages", lambda nbs, _answers: dict.fromkeys(nbs, text))
    assert main(["handouts", "--site", "site"]) == 0
    names = {"index.html", "99_sample.html", "99_sample.pdf", "99_sample_활동지.pdf", "놀이터.html"}
    assert written(here / "site") == names
    assert f"파일 {len(names)}개" in capsys.readouterr().out
    linked = '<a>뒤</a> <a href="99_sample.html#1">앞</a> <a href="https://a.b">밖</a>'
    assert (here / "site" / "99_sample.html").read_text(encoding="utf-8") == linked
    home = (here / "site" / "index.html").read_text(encoding="utf-8")
    links = {unquote(link) for link in re.findall(r'<a href="([^"]+)"', home.partition("<main>")[2])}
    assert links == names - {"index.html"}
    assert "약 5분" in home
    assert "목표 둘" in home


def test_a_site_without_a_browser_has_the_worksheet_as_a_page(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(printer, "find", lambda: None)
    assert main(["handouts", "--site", "site", "99"]) == 0
    assert written(here / "site") == {"index.html", "놀이터.html", "99_sample.html", "99_sample_활동지.html"}


def test_without_a_browser_there_is_all_but_the_pdf(
    here: Path, fails: Callable[..., str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(printer, "find", lambda: None)
    assert handouts.NO_BROWSER in fails("--format", "pdf")
    assert main(["handouts"]) == 0
    expected = {f"{edition}/99_sample.{kind}" for edition in EDITIONS for kind in FORMATS[:2]}
    once = {name.format("99_sample") for name in ONCE if name.endswith("html")}
    assert written(here / "handouts") == expected | once | PLAYGROUNDS
    assert capsys.readouterr().out.endswith(f"\n{handouts.NO_BROWSER}\n")


def test_missing_notebooks_and_packages_are_told(fails: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notebooks, "PROJECT", Path("elsewhere"))
    assert "elsewhere" in fails()
    monkeypatch.setattr(handouts, "make", Mock(side_effect=ModuleNotFoundError("No module", name="nbgrader")))
    assert "nbgrader" in fails()
    monkeypatch.setattr(handouts, "make", Mock(side_effect=PermissionError(13, "Permission denied", "log/01.txt")))
    assert "log/01.txt). 그 파일과 폴더의 주인과 권한을" in fails()


@pytest.mark.parametrize(
    ("error", "status", "told"),
    [
        (ValueError("까닭"), 2, "오류: 까닭"),
        (OSError(28, "No space left on device"), 2, "오류: 디스크가 가득 차 handouts에 쓸 수 없습니다.*지우거나.*"),
        (OSError(5, "Input/output error"), 2, "오류: handouts에 쓸 수 없습니다.*output error.*"),
        (KeyboardInterrupt(), 130, ".*멈췄습니다.*"),
    ],
)
def test_a_failure_leaves_the_old_files(
    error: BaseException, status: int, told: str, here: Path, fails: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(_browser: printer.Browser, _page: Path, pdf: Path) -> None:
        pdf.write_bytes(b"%PD")
        raise error

    monkeypatch.setattr(printer.Browser, "print_pdf", half)
    fails(status=status, told=told)
    old = here / "handouts" / "student" / "99_sample.html"
    old.parent.mkdir(parents=True)
    old.write_text("old")
    fails(status=status, told=told)
    assert old.read_text() == "old"


def test_a_notebooks_fault_is_told_with_its_name(fails: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(page, "pages", Mock(side_effect=ValueError("까닭")))
    assert "99_sample.ipynb: 까닭" in fails()


@pytest.mark.parametrize(
    ("program", "why"),
    [
        ("no-such-browser", "FileNotFoundError"),
        (sys.executable, r"시작하지 않음\. \S.*--format html"),
    ],
)
def test_a_browser_that_fails_is_told(program: str, why: str, tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    with pytest.raises(ValueError, match=rf"{re.escape(program)}.*{why}"), printer.Browser(program) as browser:
        browser.print_pdf(page, tmp_path / "page.pdf")


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("소개하는", "![그림](picture.png)", "<img>.*picture.png"),
        ("소개하는", '<script src="https://example.org/a.js"></script>', "<script>.*https://example.org/a.js"),
        ("소개하는", '<img src="data:image/png;base64,AAAA">', "대체 텍스트"),
        ("소개하는", "앵무새 🦜", "글꼴.*🦜"),
        (f"# {sample.TITLE}", "", "첫 셀"),
        ("## 학습 목표", "", "첫 셀"),
    ],
)
def test_what_a_page_can_not_hold_or_lacks_is_told(old: str, new: str, told: str) -> None:
    nb = sample.notebook()
    nb.cells[0].source = nb.cells[0].source.replace(old, new)
    with pytest.raises(ValueError, match=told):
        student_page(nb)


@pytest.mark.parametrize(
    ("kind", "content", "shown"),
    [
        ("text/html", "<b>1</b>", "<b>1</b>"),
        ("text/latex", "$a<b$", "$a&lt;b$"),
        ("text/plain", "a < b", '<pre><span class="row" style="--indent: 0">a &lt; b\n</span></pre>'),
        ("image/jpeg", "AAAA\n", '<img src="data:image/jpeg;base64,AAAA" alt="x &lt; y">'),
    ],
)
def test_outputs_of_all_kinds_are_shown(kind: str, content: str, shown: str) -> None:
    nb = sample.notebook()
    result = new_output("execute_result", {"text/plain": "<Object>"} | {kind: content}, execution_count=1)
    nb.cells.append(sample.code("show()", result, alt="x < y"))
    text = student_page(nb)
    assert shown in text.partition("show")[2]
    assert "Object" not in text
    result.data = {"text/plain": "<Object>", "image/new": content}
    with pytest.raises(ValueError, match="image/new"):
        student_page(nb)


def test_the_fonts_hold_the_pages_glyphs_alone() -> None:
    rules = fonts.faces("가뷁 ab−x 가")
    files = [b64decode(data) for data in re.findall(r"base64,([^\"]+)", rules)]
    korean, mono, wide = (TTFont(io.BytesIO(file)) for file in files)
    assert {chr(code) for code in korean.getBestCmap()} == set(f"가뷁 ab−x{fonts.TO_INDEX}")
    assert {chr(code) for code in mono.getBestCmap()} == set(" ab−x←")
    assert {chr(code) for code in wide.getBestCmap()} == set("가뷁차례")
    column = mono["hmtx"][mono.getBestCmap()[ord("a")]][0] / mono["head"].unitsPerEm
    two = wide["hmtx"][wide.getBestCmap()[ord("뷁")]][0] / wide["head"].unitsPerEm
    assert two == pytest.approx(2 * column, abs=0.001)
    assert {font.sfntVersion for font in (korean, mono, wide)} == {"\0\1\0\0"}, "a PDF takes TrueType as text"


@pytest.mark.parametrize("path", notebooks.notebooks().values(), ids=lambda path: path.stem)
def test_each_notebook_makes_a_students_page(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    student = editions.student(nb)
    body = student_page(student)
    for text in (nbformat.writes(student), body):
        assert not [mark for mark in ("BEGIN SOLUTION", "END SOLUTION", "HIDDEN TESTS") if mark in text]
    assert '.ipynb"' not in body
    assert [unescape(alt) for alt in re.findall(r'<img [^>]*alt="([^"]*)"', body)] == sample.alts(nb)
    folded = sum(cell.source.count("<details") for cell in nb.cells if cell.cell_type == "markdown")
    assert (len(re.findall("<details[ >]", body)), body.count("</details>")) == (folded, folded)


def test_the_files_are_the_editions_and_the_students_hold_no_secret(made: Path) -> None:
    nb = nbformat.read(made.parent / "notebooks" / "99_sample.ipynb", 4)
    teacher = editions.teacher(nb, tomllib.loads(sample.ANSWERS))
    for edition, expected in (("teacher", teacher), ("student", editions.student(nb))):
        assert nbformat.read(made / edition / "99_sample.ipynb", 4) == expected
        for kind in ("ipynb", "html"):
            text = (made / edition / f"99_sample.{kind}").read_text("utf-8")
            assert [secret for secret in sample.SECRETS if secret in text] == [*sample.SECRETS] * (edition == "teacher")


@pytest.fixture(scope="module")
def chrome(made: Path, browser: webdriver.Chrome) -> webdriver.Chrome:
    """Open the student's page in the browser."""
    browser.get((made / "student" / "99_sample.html").as_uri())
    WebDriverWait(browser, PATIENCE, 0.05).until(lambda _: browser.title != printer.UNFINISHED)
    return browser


def test_the_page_loads_nothing_and_typesets_the_mathematics(chrome: webdriver.Chrome) -> None:
    assert chrome.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)") == []
    assert chrome.get_log("browser") == []
    assert chrome.title == sample.TITLE
    assert len(chrome.find_elements(By.CSS_SELECTOR, "mjx-container > svg")) == 5
    assert chrome.find_elements(By.CSS_SELECTOR, "mjx-container [data-mml-node=merror]") == []
    text = chrome.find_element(By.TAG_NAME, "main").text
    assert text.count("$") == 1, "that of `$5` alone"
    assert "\\" not in text
    inside = "return [...document.querySelectorAll('mjx-container svg text')].map(text => text.textContent).join('')"
    assert set("그밖기울") <= set(chrome.execute_script(inside))


def test_the_fonts_of_the_page_are_its_own(chrome: webdriver.Chrome) -> None:
    chrome.execute_cdp_cmd("DOM.enable", {})
    chrome.execute_cdp_cmd("CSS.enable", {})
    root = chrome.execute_cdp_cmd("DOM.getDocument", {})["root"]["nodeId"]
    used = {}
    for selector in (".cover h1", "pre", "mjx-container[display=true]", ".essay"):
        node = chrome.execute_cdp_cmd("DOM.querySelector", {"nodeId": root, "selector": selector})["nodeId"]
        fonts = chrome.execute_cdp_cmd("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
        used |= {font["familyName"]: font["isCustomFont"] for font in fonts}
    assert {*used.values()} == {True}, used


def test_hints_are_folded_on_screen(chrome: webdriver.Chrome) -> None:
    details, _ = chrome.find_elements(By.TAG_NAME, "details")
    inside = details.find_elements(By.CSS_SELECTOR, "p, li")
    assert [element.get_attribute("textContent") for element in inside] == [sample.HINT, "접힌 목록"]
    assert not inside[0].is_displayed()
    for shown in (True, False):
        details.find_element(By.TAG_NAME, "summary").click()
        assert [element.is_displayed() for element in inside] == [shown] * 2


def test_paper_has_lines_to_write_on_where_the_screen_has_answers(chrome: webdriver.Chrome) -> None:
    lines = chrome.find_elements(By.CSS_SELECTOR, ".by-hand .line")
    assert len(lines) == 4 + 1, "of the code, whose answer has one line, and of the quiz"
    quiz, check = (chrome.find_element(By.CSS_SELECTOR, name) for name in (".answer", ".check"))
    assert "mt.check" in check.text
    for medium, on_paper in (("print", True), ("", False)):
        chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium})
        assert [line.is_displayed() for line in lines] == [on_paper] * len(lines)
        assert (quiz.is_displayed(), check.is_displayed()) == (not on_paper, not on_paper)


def test_the_page_has_what_the_notebook_has(chrome: webdriver.Chrome) -> None:
    assert chrome.find_element(By.TAG_NAME, "html").get_attribute("lang") == "ko"
    assert [heading.text for heading in chrome.find_elements(By.TAG_NAME, "h1")] == [sample.TITLE]
    (image,) = chrome.find_elements(By.TAG_NAME, "img")
    assert image.get_attribute("alt") == sample.ALT
    assert [image.get_property("naturalWidth"), image.size["width"]] == [800, 400]
    text = chrome.find_element(By.TAG_NAME, "main").text
    wanted = ["학생용", "학번", "이름", "뷁", "쏀", "경고합니다", "---->", "은닉층", "(3점)"]
    assert [word for word in (*wanted, "한국어 까닭", "여기에 답을 적으십시오") if word not in text] == []
    assert text.count("학습 목표") == text.count("목표 둘") == 1
    assert not re.search(r"(In|Out)\s*\[|\x1b|¶", text)
    assert len(chrome.find_elements(By.CSS_SELECTOR, ".essay .line")) == 4, "of one question"
    links = chrome.find_elements(By.CSS_SELECTOR, "main .text a[href]")
    inside, outside = (link.get_attribute("href") for link in links)
    assert inside.endswith("/student/02_hidden_layers.html")
    assert outside == "https://a.b/c.ipynb"


def poppler(program: str, *arguments: str | Path) -> str:
    """Return what one of poppler's programs prints; skip where it is missing, fail under CI=true."""
    if shutil.which(program) is None:
        reason = f"PDF 시험에 필요한 {program}을(를) 찾지 못했습니다. poppler(데비안: poppler-utils)를 설치하십시오."
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    done = subprocess.run([program, *arguments], check=True, capture_output=True, timeout=PATIENCE)
    return done.stdout.decode()


@pytest.fixture(params=["student", "teacher"])
def pdf(request: pytest.FixtureRequest, made: Path) -> Path:
    """Return the PDF of an edition; skip where no browser can print it, fail under CI=true."""
    programs()
    return made / request.param / "99_sample.pdf"


def test_a_pdf_is_a4_with_title_tags_outline_and_page_numbers(pdf: Path) -> None:
    facts = dict(re.findall(r"^(.+?):\s*(.*)$", poppler("pdfinfo", pdf), re.MULTILINE))
    pages = int(facts["Pages"])
    assert pages > 1
    assert (facts["Title"], facts["Tagged"]) == (sample.TITLE, "yes")
    assert facts["Page size"].endswith("(A4)")
    content = pdf.read_bytes()
    assert b"/Lang (ko)" in content
    headings = re.findall(rb"/Title <FEFF([0-9A-F\s]+)>", content)
    outline = {bytes.fromhex(heading.decode()).decode("utf-16-be") for heading in headings}
    assert {"학습 목표", "1. 수식과 표", "직접 해보기", "문제 1. 제곱"} <= outline
    for number in range(1, pages + 1):
        text = poppler("pdftotext", "-f", str(number), "-l", str(number), pdf, "-").replace(" ", "")
        assert f"\n{number}/{pages}\n" in text
        assert text.count(sample.TITLE.replace(" ", "")) == 1, "on the cover, or as the running title"
    assert b"file:" not in content, "a folder of this machine"


def test_a_pdf_holds_the_text_of_its_edition(pdf: Path) -> None:
    text = re.sub(r"\s", "", poppler("pdftotext", "-layout", pdf, "-"))
    wanted = f"드문글자뷁과쏀도 접힌목록 한국어까닭 경고합니다 스텝손실1000.25 {sample.LAST_WORD})".split()
    assert [words for words in (*wanted, sample.HINT.replace(" ", "")) if words not in text] == []
    secrets = [secret for secret in sample.SECRETS if secret.replace(" ", "") in text]
    assert secrets == ([] if pdf.parent.name == "student" else list(sample.SECRETS))
    assert ("학번" in text) == (pdf.parent.name == "student")
    for others in (sample.QUIZ_ANSWER, 'mt.check("99_square"'):  # on the student's paper there are lines to write on
        assert (others.replace(" ", "") in text) == (pdf.parent.name == "teacher")
    assert "\\" not in text, "mathematics is not typeset"


def test_nothing_is_cut_at_a_pdfs_edge(pdf: Path, tmp_path: Path) -> None:
    poppler("pdftoppm", "-gray", "-r", "40", pdf, tmp_path / "page")
    for path in tmp_path.iterdir():
        with Image.open(path) as image:
            ink = image.point(lambda value: 255 * (value < 200)).getbbox()
            assert ink, f"{path.name} is blank"
            assert ink[0] > 20, path.name  # pixels; a margin has 28
            assert ink[2] < image.width - 20, path.name


def test_what_belongs_together_is_on_one_page_of_a_pdf(tmp_path: Path) -> None:
    """Wherever the pages happen to end: one notebook holds such cells again and again."""
    browser, _ = programs()
    nb = sample.notebook()
    summary = "## 요약\n\n- 하나\n- 둘\n- 셋\n\n## 다음으로\n\n다음 노트북입니다."
    sizes = range(31, 61)  # lines of code, too many to be kept whole
    codes = ("\n".join(f"line_{n}_of_{size}" for n in range(1, size + 1)) for size in sizes)
    results = "".join(f"result_{n}\n" for n in range(5))
    for code in codes:
        whole = sample.code(code[: len(code) // 2], sample.stream(results))
        nb.cells += [new_markdown_cell(summary), sample.code(code), new_markdown_cell("## 절\n\n글입니다."), whole]
    del nb.cells[1 : -4 * len(sizes)]
    (tmp_path / "together.html").write_text(page.pages({"teacher": nb})["teacher"], "utf-8")
    with printer.Browser(browser) as running:
        running.print_pdf(tmp_path / "together.html", tmp_path / "together.pdf")
    pages = poppler("pdftotext", "-layout", tmp_path / "together.pdf", "-").split("\f")
    assert len(pages) > 15
    for number, text in enumerate(pages, 1):
        if "차례" in text:
            continue
        assert text.count("요약") == text.count("다음으로") == text.count("다음 노트북입니다."), number
        assert text.count("result_") % 5 == 0, number
        lines = [(int(line), int(size)) for line, size in re.findall(r"line_(\d+)_of_(\d+)", text)]
        assert all(line > 5 for line, _ in lines[-1:]), number
        assert all(line <= size - 3 for line, size in lines[:1]), number


@pytest.mark.skipif(os.name == "nt", reason="a script is no program there")
def test_a_browser_whose_folder_nobody_else_sees_prints(made: Path, tmp_path: Path) -> None:
    """As snap's Chromium, which has a /tmp of its own."""
    browser, _ = programs()
    wrapper = tmp_path / "wrapper"
    wrapper.write_text(f'#!/bin/sh\nexec "{browser}" "$@" "--user-data-dir={tmp_path / "own"}"\n')
    wrapper.chmod(0o700)
    with printer.Browser(str(wrapper)) as running:
        running.print_pdf(made / "student" / "99_sample.html", tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_proxy_is_not_asked_for_the_browser(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in (("http_proxy", "http://127.0.0.1:9"), ("no_proxy", ".ac.kr")):
        monkeypatch.setenv(name, value)
    page = tmp_path / "page.html"
    page.write_text("<p>글</p>", "utf-8")
    with printer.Browser(programs()[0]) as running:
        running.print_pdf(page, tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")


def test_a_page_that_is_printed_too_early_is_refused(
    made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printer, "PATIENCE", 2)
    browser, _ = programs()
    text = (made / "student" / "99_sample.html").read_text("utf-8")
    early = tmp_path / "early.html"
    early.write_text(text.replace("MathJax.startup.defaultPageReady()", "new Promise(() => {})"), "utf-8")
    with printer.Browser(browser) as running, pytest.raises(ValueError, match="수식"):
        running.print_pdf(early, tmp_path / "early.pdf")


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        ("page", "까닭: 페이지를 열지 못함, net::ERR_FILE_NOT_FOUND"),
        ("tab", "까닭: 탭이 죽음"),
        ("line", "연결을 끊음"),
    ],
)
def test_a_page_or_tab_that_fails_is_told_at_once_leaves_no_file_and_ends_the_browser(
    fault: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser, _ = programs()
    started, page = [], tmp_path / "page.html"
    start, send = subprocess.Popen, printer.WebSocket.send

    def crashing(socket: printer.WebSocket, text: str) -> int:
        """Send the text after what ends the page's process, if it asks something of the page."""
        asked = json.loads(text)
        if asked["method"] == "Runtime.evaluate":
            crash = {"id": 0, "method": "Page.navigate", "params": {"url": "chrome://crash"}}
            send(socket, json.dumps(asked | crash))
        return send(socket, text)

    if fault != "page":
        page.write_text("<p>글</p>", "utf-8")
    monkeypatch.setattr(subprocess, "Popen", lambda *given, **how: started.append(start(*given, **how)) or started[-1])
    if fault == "tab":
        monkeypatch.setattr(printer.WebSocket, "send", crashing)
    elif fault == "line":
        monkeypatch.setattr(printer.WebSocket, "recv", lambda _: "")  # as after the other side's last word
    monkeypatch.setattr(printer, "PATIENCE", 20)
    with pytest.raises(ValueError, match=rf"page\.pdf.*{told}.*--format html"), printer.Browser(browser) as running:
        running.print_pdf(page, tmp_path / "page.pdf")
    assert not (tmp_path / "page.pdf").exists()
    assert started[0].poll() is not None
    gc.collect()  # a connection left open would be a warning, and so an error
