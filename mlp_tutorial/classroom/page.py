"""A notebook as one HTML page that asks nothing of the network: MathJax, fonts and pictures lie inside it.

nbconvert's own page loads its scripts from outside, has no alt texts and relies on the reader's Korean font.
"""

import html
import re
from copy import deepcopy
from functools import cache
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path

from nbconvert import HTMLExporter
from nbconvert.filters import Highlight2HTML
from nbformat import NotebookNode
from traitlets.config import Config

from mlp_tutorial.classroom import fonts

COURSE = "PyTorch로 배우는 다층 퍼셉트론"
EDITIONS = {"student": "학생용", "teacher": "교사용"}
MATHJAX = "sphinx-mathjax-offline/static/mathjax/tex-svg-full.js"  # the one file that loads nothing later
FONTS_MARK, MATHJAX_MARK = "/* fonts */", "/* MathJax */"  # where the template takes them
ANSWER = re.compile(r"<details>(?=\s*<summary>답 보기</summary>)")  # of the quiz
BY_HAND = '<div class="by-hand"><div class="line"></div></div>'  # a line to write on, on the student's paper
TITLE = re.compile(r"\A# +(.+)\n*")
OBJECTIVES = re.compile(r"^## 학습 목표\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def pages(editions: dict[str, NotebookNode]) -> dict[str, str]:
    """Return the HTML of each edition, "student" or "teacher", of a notebook; the fonts, costly, are shared.

    Raises:
        ValueError: the title, the objectives or an alt text is missing, or the page would load something.
    """
    texts = {edition: _page(nb, edition) for edition, nb in editions.items()}
    faces = fonts.faces(html.unescape("".join(texts.values())))
    return {
        edition: text.replace(FONTS_MARK, faces, 1).replace(MATHJAX_MARK, _mathjax(), 1)
        for edition, text in texts.items()
    }


def _page(nb: NotebookNode, edition: str) -> str:
    """Return the page without its fonts and MathJax."""
    nb = deepcopy(nb)
    title, objectives = _take_cover(nb)
    _give_alts(nb)
    nb.metadata["title"] = title
    handout = {
        "title": title,
        "title_in_css": _css_string(title),
        "course": COURSE,
        "objectives": objectives,
        "edition": edition,
        "edition_name": EDITIONS[edition],
    }
    text, _ = _exporter().from_notebook_node(nb, resources={"handout": handout})
    text = re.sub(r'(<a href="(?!https?:)[\w./]+)\.ipynb"', r'\1.html"', text)  # the handouts lie as the notebooks do
    text = ANSWER.sub(f'{BY_HAND}<details class="answer">', text)
    _check(text)
    return text


class _Exporter(HTMLExporter):
    """nbconvert's exporter without its last pass, which takes a third of the time and is for its own page alone."""

    def from_notebook_node(self, nb: NotebookNode, resources: dict | None = None, **kw: object) -> tuple[str, dict]:
        """Return the page and the resources; `_check` looks for the alt texts that the pass would make up."""
        self.register_filter("highlight_code", Highlight2HTML(pygments_lexer="ipython3", parent=self))
        return super(HTMLExporter, self).from_notebook_node(nb, self._init_resources(resources), **kw)


@cache
def _exporter() -> HTMLExporter:
    """Return nbconvert's exporter with the template of this package."""
    return _Exporter(
        config=Config({"CSSHTMLHeaderPreprocessor": {"enabled": False}}),  # code has colours of our own, fit for print
        template_name="handout",
        extra_template_basedirs=[str(Path(__file__).with_name("template"))],
        language_code="ko",
        exclude_anchor_links=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        filters={"clean_html": lambda text: text},  # highlighted code is clean, and to clean it takes seconds
    )


def _take_cover(nb: NotebookNode) -> tuple[str, str]:
    """Return the title and the objectives, in markdown, and take them out of the first cell: the cover shows them."""
    first = nb.cells[0] if nb.cells else NotebookNode(source="")
    title, objectives = TITLE.search(first.source), OBJECTIVES.search(first.source)
    if not (title and objectives):
        raise ValueError(
            "첫 셀은 '# 제목'으로 시작하고 '## 학습 목표'를 담아야 합니다 "
            f"(받은 값: {first.source[:40]!r}). 첫 셀에 둘을 적으십시오."
        )
    first.source = TITLE.sub("", OBJECTIVES.sub("", first.source))
    return title[1].strip(), objectives[1].strip()


def _css_string(text: str) -> str:
    """Return the text as the inside of a CSS string: all but letters, digits and spaces as escapes."""
    return "".join(letter if letter.isalnum() or letter == " " else f"\\{ord(letter):x} " for letter in text)


def _give_alts(nb: NotebookNode) -> None:
    """Put each picture's alt text, where only its cell has it, into the output, where the template looks."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            if "image/png" in output.get("data", {}):
                shown = output.metadata.setdefault("image/png", {})
                shown.setdefault("alt", cell.metadata.get("alt", ""))


class _Tags(HTMLParser):
    """Notes what is wrong with a page's tags in `faults`, in Korean."""

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag: pictures need an alt text, and all that is loaded must lie inside the page."""
        given = dict(attrs)
        loaded = given.get("src") or given.get("srcset") or (given.get("href") if tag == "link" else None)
        if loaded and not loaded.startswith("data:"):
            self.faults.append(f"<{tag}>가 {loaded[:80]!r}을(를) 밖에서 불러옵니다. 셀의 출력이나 첨부로 바꾸십시오.")
        elif tag == "img" and not given.get("alt"):
            self.faults.append("그림에 대체 텍스트가 없습니다. 셀의 메타데이터에 alt를 적으십시오.")


def _check(text: str) -> None:
    """Raise ValueError where the page has a picture without an alt text, or loads anything from outside."""
    tags = _Tags()
    tags.feed(text)
    if tags.faults:
        raise ValueError(tags.faults[0])


@cache
def _mathjax() -> str:
    """Return MathJax's script."""
    return Path(metadata.distribution("sphinx-mathjax-offline").locate_file(MATHJAX)).read_text(encoding="utf-8")
