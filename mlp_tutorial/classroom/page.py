"""A notebook as one HTML page that asks nothing of the network: MathJax, fonts and pictures lie inside it.

template/page.html.j2 has its structure; nbconvert's filters turn markdown, code and coloured output into HTML.
"""

import html
import re
from collections.abc import Mapping
from functools import cache
from html.parser import HTMLParser
from importlib import metadata
from pathlib import Path
from types import MappingProxyType
from typing import Any

from jinja2 import Template
from markupsafe import Markup
from nbconvert.filters import Highlight2HTML, ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode

from mlp_tutorial.classroom import explorers, fonts, outline, problems, templates
from mlp_tutorial.classroom.rows import in_rows

Answers = Mapping[str, Mapping[str, Any]]  # grade_id → its model answer, among others
KINDS = ("text/html", "text/markdown", "text/latex", "image/png", "image/jpeg", "text/plain")  # the best first
LONG = 30  # lines; what is shorter is kept on one page
MATHJAX = "sphinx-mathjax-offline/static/mathjax/tex-svg-full.js"  # the one file that loads nothing later
FONTS_MARK, MATHJAX_MARK = "/* fonts */", "/* MathJax */"  # where the template takes them
ANSWER = re.compile(r"<details>(?=\s*<summary>[^<]*답)")
QUIZ_ANSWER = re.compile(r'(?=<details class="answer">\s*<summary>답 보기</summary>)')
BY_HAND = '<div class="by-hand"><div class="line"></div></div>'  # a line to write on, on the student's paper
INSTRUCTIONS = re.compile(r"\A(## 직접 해보기)\n+(.*)\Z", re.DOTALL)
TIME = re.compile(r"따로 \d+분쯤 잡으십시오\.")
ON_PAPER = {
    "student": "문제마다 아래의 줄에 답을 적으십시오. 막히면 힌트를 보십시오. "
    "맞았는지는 컴퓨터에서 같은 노트북의 확인 셀이 알려 줍니다.",
    "teacher": "문제마다 모범 답안과, 확인 셀에 더하는 숨은 시험이 있습니다.",
}
SETUP = "setup"  # tags the cell that installs the package where it is missing: nothing for a page
DATA = re.compile(r'"data:[^"]+')
LOCAL_LINK = re.compile(r'<a href="(?!https?:|mailto:|#)[^"]*"')  # to a file that does not lie beside paper or feedback
INLINE_COLOUR = re.compile(r' style="[^"]*color:[^"]*"')  # of 256, some too pale to read; bold and names stay
ANSI = re.compile(r"\x1b\[[\d;]*m")
COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)  # which a notebook's prose has for its tests
TITLE = re.compile(r"\A# +(.+)\n*")
OBJECTIVES = re.compile(r"^## 학습 목표\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


def pages(editions: dict[str, NotebookNode], answers: Answers = MappingProxyType({})) -> dict[str, str]:
    """Return the HTML of each edition, "student" or "teacher", of a notebook; the fonts, costly, are shared.

    The model answers, where they are given, tell how many lines an answer needs on paper.

    Raises:
        ValueError: the title, the objectives or an alt text is missing, or the page would load something.
    """
    texts = {edition: _page(nb, edition, answers) for edition, nb in editions.items()}
    faces = fonts.faces(html.unescape("".join(texts.values())))
    return {edition: complete(text, faces) for edition, text in texts.items()}


def complete(text: str, faces: str | None = None) -> str:
    """Return the page with its fonts and MathJax."""
    faces = faces or fonts.faces(html.unescape(text))
    return text.replace(FONTS_MARK, faces, 1).replace(MATHJAX_MARK, mathjax(), 1)


def alone(text: str) -> str:
    """Return a page that lies beside no other, complete: its tables have scopes, and no link leads to a file."""
    text = outline.scoped(LOCAL_LINK.sub("<a", text))
    check(text)
    return complete(text)


def picture(cell: NotebookNode, output: NotebookNode) -> dict[str, str] | None:
    """Return the `source` and `alt` text of an output of the cell that is a picture; None where it is none."""
    for kind in ("image/png", "image/jpeg"):
        if kind in output.get("data", {}):
            alt = output.metadata.get(kind, {}).get("alt") or cell.metadata.get("alt", "")
            return {"source": f"data:{kind};base64,{output.data[kind]}".replace("\n", ""), "alt": alt}
    return None


def _page(nb: NotebookNode, edition: str, answers: Answers) -> str:
    """Return the page without its fonts and MathJax."""
    parts = cover(nb)
    groups = problems.grouped(parts["cells"])
    text = template("page.html.j2").render(edition=edition, groups=groups, answers=answers, **parts)
    text = re.sub(r'(<a href="(?!https?:)[\w./]+)\.ipynb"', r'\1.html"', text)  # the handouts lie as the notebooks do
    text = ANSWER.sub('<details class="answer">', text)
    text = QUIZ_ANSWER.sub(BY_HAND, text)
    text = outline.outlined(text)
    body, end, rest = text.rpartition("</body>")
    text = f"{body}{explorers.scripts_for(body)}{end}{rest}"
    check(text)
    return text


def cover(nb: NotebookNode) -> dict[str, Any]:
    """Return `title`, `objectives` and the `cells` without both; raise ValueError where one is missing."""
    first = nb.cells[0].source if nb.cells else ""
    title, objectives = TITLE.search(first), OBJECTIVES.search(first)
    if not (title and objectives):
        raise ValueError(
            "첫 셀은 '# 제목'으로 시작하고 '## 학습 목표'를 담아야 합니다 "
            f"(받은 값: {first[:40]!r}). 첫 셀에 둘을 적으십시오."
        )
    rest = NotebookNode(nb.cells[0] | {"source": TITLE.sub("", OBJECTIVES.sub("", first))})  # the cover shows the two
    cells = [rest, *(cell for cell in nb.cells[1:] if SETUP not in cell.metadata.get("tags", []))]
    return {"title": title[1].strip(), "objectives": objectives[1].strip(), "cells": cells}


@cache
def template(name: str) -> Template:
    """Return a template with the filters that turn a notebook's parts into HTML."""
    highlight = Highlight2HTML(pygments_lexer="ipython3")
    filters = {
        "markdown": markdown,
        "python": cache(lambda source: in_rows(highlight(source))),  # most cells are in both editions
        "ansi": lambda text: in_rows(f"<pre>{INLINE_COLOUR.sub('', str(ansi2html(text)))}</pre>"),
        "instructions": _instructions,
        "css_string": _css_string,
        "length_class": lambda text: "short" if text.count("\n") < LONG else "long",
        "kind": _kind,
        "explorer": explorers.place,
        "plain": lambda text: ANSI.sub("", text),
        "inline": lambda text: Markup(re.sub(r"</?p>", "", text).strip()),
    }
    made = templates.template(name, filters)
    made.globals |= {"room": problems.room, "is_problem": problems.is_problem}
    return made


def markdown(source: str, attachments: dict[str, dict[str, str]] | None = None) -> Markup:
    """Return markdown as HTML; mathematics stays as it is, for MathJax."""
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True, attachments=attachments or {})
    return Markup(MarkdownWithMath(renderer=renderer).render(source))


def _instructions(source: str, edition: str) -> Markup:
    """Return the text of a cell; what it tells to do with cells has another sentence on paper."""
    found = INSTRUCTIONS.match(source)
    if found is None:
        return markdown(source)
    told = ON_PAPER[edition]
    if edition == "student":
        if problems.UNFOLD not in source:
            told = told.replace("막히면 힌트를 보십시오. ", "")
        told = " ".join([told, *TIME.findall(source)])
    on_screen = markdown(found[2])
    return markdown(found[1]) + Markup(f'<div class="on-screen">{on_screen}</div><p class="on-paper">{told}</p>')


def _css_string(text: str) -> str:
    """Return the text as the inside of a CSS string: all but letters, digits and spaces as escapes."""
    return "".join(letter if letter.isalnum() or letter == " " else f"\\{ord(letter):x} " for letter in text)


def _kind(data: dict[str, object]) -> str:
    """Return the kind of an output's data that the page shows; beside others, plain text alone would hide them."""
    best = next((kind for kind in KINDS if kind in data), None)
    if best is None or (best == "text/plain" and len(data) > 1):
        raise ValueError(f"출력의 종류는 {', '.join(KINDS)} 가운데 하나여야 합니다 (받은 값: {', '.join(data)}).")
    return best


class _Check(HTMLParser):
    """Raises ValueError where a picture has no alt text, or a tag loads what does not lie inside the page."""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at a tag."""
        given = dict(attrs)
        loaded = given.get("src") or given.get("srcset") or (given.get("href") if tag == "link" else None)
        if loaded and not loaded.startswith("data:"):
            raise ValueError(f"<{tag}>가 {loaded[:80]!r}을(를) 밖에서 불러옵니다. 셀의 출력이나 첨부로 바꾸십시오.")
        if tag == "img" and not given.get("alt"):
            raise ValueError("그림에 대체 텍스트가 없습니다. 셀의 메타데이터에 alt를 적으십시오.")


def check(text: str) -> None:
    """Raise ValueError where the page has a picture without an alt text, or loads anything from outside."""
    _Check().feed(DATA.sub('"data:', text))


@cache
def mathjax() -> str:
    """Return MathJax's script."""
    return Path(metadata.distribution("sphinx-mathjax-offline").locate_file(MATHJAX)).read_text(encoding="utf-8")
