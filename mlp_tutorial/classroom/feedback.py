"""A student's feedback page: what was handed in, with marks and comments, in Korean and without a network.

All that a student wrote is shown as text: a page must run nothing that an essay or an output holds.
"""

import html
import os
import re
import secrets
from pathlib import Path

import nbformat
from bs4 import BeautifulSoup
from markupsafe import Markup
from nbconvert.exporters import Exporter, HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbconvert.filters import Highlight2HTML, ansi2html
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from traitlets import Bool

from mlp_tutorial.classroom import names, results
from mlp_tutorial.classroom.notebooks import PROJECT
from mlp_tutorial.classroom.page import ANSI, COMMENT, LOCAL_LINK, TITLE, mathjax
from mlp_tutorial.classroom.submission import NO_PICTURE, attached
from mlp_tutorial.classroom.templates import template

HIDDEN = re.compile(r"\n*### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS", re.DOTALL)
BARE = re.compile(r"&lt;(/?(?:details|summary|br|b|i|sub|sup|kbd))&gt;")  # the tags that a page may have: none can act
BASE64 = re.compile(r"[A-Za-z0-9+/=\s]+")
NO_RESPONSE = "No response."  # nbgrader's own comment
WRONG_HIDDEN = "숨은 시험에서 틀렸습니다. 보이는 수가 아닌 다른 수에도 맞는 답인지 보십시오."


class KoreanFeedback(HTMLExporter):
    """The exporter of nbgrader's `generate_feedback`."""

    hidden_tests = Bool(False, help="whether the pages show the hidden tests").tag(config=True)

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **kw: object
    ) -> tuple[str, ResourcesDict]:
        """Return the page and the resources."""
        nb, resources = Exporter.from_notebook_node(self, nb, resources)  # nbgrader's steps add marks and comments
        place = resources["nbgrader"]
        released = nbformat.read(Path("release") / place["assignment"] / f"{place['notebook']}.ipynb", as_version=4)
        named = results.titles(released)
        students, _ = names.roster(Path.cwd(), self.config.Collector.get("student_id", names.FIVE))
        for cell in nb.cells:
            marks = cell.metadata.get("nbgrader", {})
            if marks.get("comment") == NO_RESPONSE:
                marks.comment = results.NO_ANSWER
            if cell.cell_type == "code" and not self.hidden_tests:
                hide(cell)
        page = template("feedback.html.j2").render(
            nb=nb,
            titles=named,
            title=next(iter(TITLE.findall(released.cells[0].source)), place["notebook"]),
            student=place["student"],
            name=students.get(place["student"], ""),
            pending=self._pending(place),
            score=place["score"],
            most=place["max_score"],
            penalty=place["late_penalty"],
            nonce=secrets.token_urlsafe(16),
            mathjax=Markup(mathjax() if any("$" in c.source for c in nb.cells if c.cell_type == "markdown") else ""),
            markdown=markdown,
            python=lambda source: Markup(Highlight2HTML(pygments_lexer="ipython3")(source)),
            shown=shown,
        )
        return page, resources

    def _pending(self, place: dict[str, str]) -> set[str]:
        """Return the grade_ids that a teacher has yet to read."""
        with Gradebook(place["db_url"]) as gradebook:
            graded = gradebook.find_submission_notebook(place["notebook"], place["assignment"], place["student"])
            return {grade.name for grade in graded.grades if grade.needs_manual_grade}


def markdown(source: str, attachments: dict[str, dict[str, str]] | None = None) -> Markup:
    """Return markdown as HTML in which every tag but a few bare ones is text; mathematics stays for MathJax.

    Attached pictures are shown, any other is named. What was left open ends here, so that the page goes on after it.
    """
    held = {name: safe for name, data in (attachments or {}).items() if (safe := _pictures(data))}
    source, held = attached(COMMENT.sub("", source), held)
    renderer = IPythonRenderer(escape=True, exclude_anchor_links=True, attachments=held)
    made = BeautifulSoup(BARE.sub(r"<\1>", MarkdownWithMath(renderer=renderer).render(source)), "html.parser")
    for picture in made.find_all("img"):
        if not picture["src"].startswith("data:"):
            picture.replace_with(f"(그림 {picture['alt'] or picture['src']}{NO_PICTURE}")
    return Markup(LOCAL_LINK.sub("<a", str(made)))


def shown(output: NotebookNode) -> Markup:
    """Return an output as text or as a picture."""
    if output.output_type == "stream":
        return Markup(f"<pre>{ansi2html(_here(output.text))}</pre>")
    if output.output_type == "error":
        return Markup(f"<pre>{ansi2html(_here(chr(10).join(output.traceback)))}</pre>")
    for kind, picture in _pictures(output.data).items():
        return Markup(f'<img src="data:{kind};base64,{picture}" alt="셀의 출력 그림">')
    return Markup(f"<pre>{html.escape(_here(str(output.data.get('text/plain', ''))))}</pre>")


def _here(text: str) -> str:
    """Return a text with the project's files named from its folder on: where it lies is the teacher's affair."""
    home, project = str(Path.home()), str(PROJECT)
    for folder in (project, project.replace(home, "~", 1)):  # the latter as IPython writes it
        text = text.replace(folder + os.sep, "")
    return text


def _pictures(data: object) -> dict[str, str]:
    """Return kind → base64 of what is a picture and nothing else."""
    found = {kind: data.get(kind) for kind in ("image/png", "image/jpeg")} if isinstance(data, dict) else {}
    return {kind: text.strip() for kind, text in found.items() if isinstance(text, str) and BASE64.fullmatch(text)}


def hide(cell: NotebookNode) -> None:
    """Take the hidden tests out of a check's source, and out of what its errors tell."""
    found = HIDDEN.search(cell.source)
    if not found:
        return
    cell.source = HIDDEN.sub("", cell.source)
    lines = [line.strip() for line in found[1].splitlines() if line.strip()]
    for output in cell.outputs:
        if output.output_type == "error":
            arrows = [line for line in ANSI.sub("", "\n".join(output.traceback)).splitlines() if "-->" in line[:8]]
            told = output.evalue if output.ename == "Wrong" else f"{output.ename}: {output.evalue}"
            if results.LEFT_ALONE.fullmatch(output.evalue):
                told = output.evalue
            elif output.ename == "WrongHidden" or any(line in arrow for arrow in arrows for line in lines):
                told = WRONG_HIDDEN
            output.traceback = [told]
