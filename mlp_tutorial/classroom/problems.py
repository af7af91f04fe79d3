"""The problems of a notebook on a page: what belongs to one kept together, with lines to write on that fit its answer.

Paper needs both: a notebook's cell grows, and it is beside nothing else.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

from nbformat import NotebookNode

START = re.compile(r"^(?=### 문제 )", re.MULTILINE)
FOLDED = re.compile(r"<details>\s*<summary>([^<]*)</summary>.*?</details>\n*", re.DOTALL)
HINT, ANSWER = "힌트", "답"  # what the summary of such a folded part holds
UNFOLD = "막히면 ‘힌트’를 펼치십시오. "
QUESTION = re.compile(r"\((\d)\)")
CODE_MORE, CODE_LEAST, UNKNOWN = 3, 4, 8  # lines beyond those of the model answer; lines where it isn't there
LINES_PER_QUESTION = 3  # of a hand, for two or three sentences
MOST_QUESTIONS = 4


def without(nb: NotebookNode, kind: str) -> NotebookNode:
    """Return the notebook, changed, without its folded HINTs or ANSWERs."""
    for cell in nb.cells:
        if cell.cell_type == "markdown" and "nbgrader" not in cell.metadata:
            cell.source = FOLDED.sub(lambda part: "" if kind in part[1] else part[0], cell.source).rstrip("\n")
            if kind == HINT:
                cell.source = cell.source.replace(UNFOLD, "")
    return nb


def grouped(cells: Iterable[NotebookNode]) -> list[list[NotebookNode]]:
    """Return the cells, those of a problem as one group that begins with its heading, any other alone."""
    groups: list[list[NotebookNode]] = []
    inside = False
    for cell in cells:
        is_text = cell.cell_type == "markdown" and "nbgrader" not in cell.metadata
        parts = [part for part in START.split(cell.source) if part.strip()] if is_text else [cell.source]
        for part in parts:
            starts = is_text and part.startswith("### 문제 ")
            inside = starts or (inside and not (is_text and part.startswith("#")))
            piece = NotebookNode(cell | {"source": part})
            if inside and not starts:
                groups[-1].append(piece)
            else:
                groups.append([piece])
    return groups


def is_problem(group: list[NotebookNode]) -> bool:
    """Return whether the group is a problem's."""
    return group[0].cell_type == "markdown" and group[0].source.startswith("### 문제 ")


def room(group: list[NotebookNode], answers: Mapping[str, Mapping[str, Any]]) -> int:
    """Return the number of lines to write a problem's answer on, of its model answer or of the questions asked."""
    marked = [cell for cell in group if cell.metadata.get("nbgrader", {}).get("solution")]
    if not marked:
        return 0
    if marked[0].cell_type == "markdown":
        text = FOLDED.sub("", group[0].source)
        asked = len({*QUESTION.findall(text)}) or text.count("니까?")
        return 1 + LINES_PER_QUESTION * min(max(asked, 1), MOST_QUESTIONS)
    model = answers.get(marked[0].metadata.nbgrader.grade_id, {}).get("answer")
    return UNKNOWN if model is None else max(CODE_LEAST, CODE_MORE + len(model.strip("\n").splitlines()))
