"""Slides for a projector, one HTML file: each section's figures, code and results large, its prose in the notes.

What a slide can't hold goes on to the next one, so that none is taller than the screen; the page's script turns them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil
from unicodedata import east_asian_width

from markupsafe import Markup
from nbformat import NotebookNode

from mlp_tutorial.classroom import page, problems

ROWS, COLUMNS = 16, 86  # of code that a slide holds
BESIDE = 3  # rows that the frames and the gap between code and its result take
HEADING = re.compile(r"^#{2,3} +(.+)$", re.MULTILINE)
NUMBERED = re.compile(r"^(\d+)\.")  # a heading's number, which alone in a line would be a list
FORMULA = r"^\$\$(?s:.*?)(?:^\$\$|\$\$$)"
TABLE = r"^\|.*\n\| *:?-.*\n(?:\|.*(?:\n|\Z))+"
LARGE = re.compile(f"{FORMULA}|{TABLE}", re.MULTILINE)
TABLE_ROWS = 8  # that a slide holds, where some wrap
TASK, TASK_ROWS, TASK_COLUMNS = "문제 ", 11, 92  # of an exercise's own words, whose letters are larger than code's
SHOWN = ("요약", "확인 퀴즈")  # sections whose prose is for all


@dataclass
class Slide:
    """A slide: what it shows below its heading, and what the speaker reads."""

    heading: str
    parts: list[Markup] = field(default_factory=list)
    notes: str = ""
    rows: int = 0


def slides(nb: NotebookNode) -> str:
    """Return the slides of the student's edition as HTML.

    Raises:
        ValueError: the title, the objectives or an alt text is missing, or the page would load something.
    """
    parts = page.cover(nb)
    made = page.template("slides.html.j2").render(
        title=parts["title"], objectives=parts["objectives"], slides=_slides(parts["cells"])
    )
    return page.alone(made)


def _slides(cells: list[NotebookNode]) -> list[Slide]:
    """Return the slides of the cells."""
    made, notes = [Slide("")], ""
    for cell in cells:
        if cell.cell_type == "markdown" and "nbgrader" not in cell.metadata:
            for heading, text in _sections(page.COMMENT.sub("", cell.source)):
                if heading is not None:
                    made.append(Slide(NUMBERED.sub(r"\1\\.", heading)))
                for content, rows in _shown(made[-1].heading, text):
                    _add(made, content, rows)
                if made[-1].parts and heading is None:
                    notes += f"\n\n{text}"
                else:
                    made[-1].notes += text
        elif cell.cell_type == "code" and not _is_check(cell):
            before = len(made) - bool(made[-1].rows == 0)
            for content, rows in _contents(cell):
                _add(made, content, rows)
            made[min(before, len(made) - 1)].notes += notes
            notes = ""
    made[-1].notes += notes
    return _joined(made)


def _joined(made: list[Slide]) -> list[Slide]:
    """Return the slides that show something; what is to be said at another goes to the next one, or to the last."""
    full, waiting = [], ""
    for slide in made:
        said = f"{waiting}\n\n**{slide.heading}**\n\n{slide.notes}" if not slide.parts or waiting else slide.notes
        if slide.parts:
            slide.notes, waiting = said, ""
            full.append(slide)
        else:
            waiting = said if slide.notes.strip() else waiting
    if full:
        full[-1].notes += waiting
    return full


def _shown(heading: str, text: str) -> Iterator[tuple[Markup, int]]:
    """Yield what of a section's prose is for all to see, with its height in rows."""
    if heading in SHOWN:
        yield page.markdown(problems.FOLDED.sub("", text)), ROWS
        return
    if heading.startswith(TASK):
        yield from _task(problems.FOLDED.sub("", text))
        return
    for found in LARGE.findall(text):
        lines = found.rstrip("\n").split("\n")
        rest = range(2, len(lines), TABLE_ROWS) if found.startswith("|") else ()
        for piece in [[*lines[:2], *lines[at : at + TABLE_ROWS]] for at in rest] or [lines]:
            yield page.markdown("\n".join(piece)), ROWS


def _task(text: str) -> Iterator[tuple[Markup, int]]:
    """Yield an exercise's first paragraphs, as many as leave room for the answer's place, with their height in rows."""
    taken, height = [], 0
    for paragraph in re.split(r"\n\s*\n", text.strip()):
        rows = sum(ceil(_columns(line) / TASK_COLUMNS) or 1 for line in paragraph.split("\n"))
        if taken and height + rows > TASK_ROWS:
            break
        taken.append(paragraph)
        height += rows
    if taken:
        yield page.markdown("\n\n".join(taken)), min(height, ROWS)


def _columns(line: str) -> int:
    """Return the width of a line, in which a Korean letter has two columns."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in line)


def _sections(text: str) -> Iterator[tuple[str | None, str]]:
    """Yield (heading or None, text) of the parts of a markdown cell."""
    before, *others = HEADING.split(text)
    if before.strip():
        yield None, before.strip()
    for heading, below in zip(others[::2], others[1::2], strict=True):
        yield heading, below.strip()


def _is_check(cell: NotebookNode) -> bool:
    """Return whether the cell checks an answer: nothing for a projector."""
    marks = cell.metadata.get("nbgrader", {})
    return bool(marks.get("grade") and not marks.get("solution"))


def _add(made: list[Slide], content: Markup, rows: int) -> None:
    """Put the content on the last slide where it has room, else on another with the same heading."""
    last = made[-1]
    if last.rows and last.rows + BESIDE + rows > ROWS:
        made.append(Slide(last.heading))
    made[-1].rows += rows + (BESIDE if made[-1].rows else 0)
    made[-1].parts.append(content)


def _contents(cell: NotebookNode) -> Iterator[tuple[Markup, int]]:
    """Yield what a code cell shows, with its height in rows."""
    filters = page.template("slides.html.j2").environment.filters
    for text, rows in _cut(cell.source):
        yield Markup(f'<div class="source">{filters["python"](text)}</div>'), rows
    for output in cell.outputs:
        if picture := page.picture(cell, output):
            yield Markup('<figure><img src="{source}" alt="{alt}"></figure>').format(**picture), ROWS
        elif output.output_type == "error":
            for text, rows in _cut(page.ANSI.sub("", f"{output.ename}: {output.evalue}")):
                yield Markup(f'<div class="output stderr">{filters["ansi"](text)}</div>'), rows
        else:
            printed = output.get("text") or output.get("data", {}).get("text/plain", "")
            for text, rows in _cut(page.ANSI.sub("", printed).rstrip("\n")):
                yield Markup(f'<div class="output">{filters["ansi"](text)}</div>'), rows


def _cut(text: str) -> Iterator[tuple[str, int]]:
    """Yield the text in pieces that a slide can hold, with their height in rows; none begins with an empty line."""
    piece: list[str] = []
    height = 0
    for line in text.split("\n"):
        columns = _columns(line)
        rows = max(1, ceil(columns / (COLUMNS - 10))) if columns > COLUMNS else 1
        if piece and height + rows > ROWS:
            yield "\n".join(piece), height
            piece, height = [], 0
        if piece or line.strip():
            piece.append(line)
            height += rows
    if piece:
        yield "\n".join(piece), height
