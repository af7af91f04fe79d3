"""A worksheet for paper: at most two pages of a notebook's objectives, one figure, its problems, quiz and R's names.

The whole handout has some fifteen pages; this is what a class fills in. A script in the page spreads it over the two.
"""

import re
from collections.abc import Mapping
from typing import Any

from nbformat import NotebookNode

from mlp_tutorial.classroom import page, problems

NAMES = re.compile(r"^## R에서 온 독자를 위한 대응표\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
QUIZ = re.compile(r"^## 확인 퀴즈\n+(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
INTRODUCTION = re.compile(r"\A[^\n]*할 수 있습니다\.\n+")
ROW = re.compile(r"^\|(.*?)(?<!\\)\|(.*?)(?<!\\)\|.*$", re.MULTILINE)


def worksheet(nb: NotebookNode, answers: Mapping[str, Mapping[str, Any]]) -> str:
    """Return the worksheet of the student's edition as HTML.

    Raises:
        ValueError: the title, the objectives or an alt text is missing, or the page would load something.
    """
    parts = page.cover(nb)
    text = "\n\n".join(cell.source for cell in nb.cells if cell.cell_type == "markdown")
    names, quiz = NAMES.search(text), QUIZ.search(text)
    tasks = [
        {
            "text": problems.FOLDED.sub("", group[0].source),
            "stubs": [cell.source for cell in group[1:] if cell.metadata.get("nbgrader", {}).get("solution")],
            "is_code": any(cell.cell_type == "code" and "nbgrader" in cell.metadata for cell in group),
            "room": problems.room(group, answers),
        }
        for group in problems.grouped(parts["cells"])
        if problems.is_problem(group)
    ]
    pictures = (page.picture(cell, output) for cell in nb.cells for output in cell.get("outputs", []))
    made = page.template("worksheet.html.j2").render(
        title=parts["title"],
        objectives=INTRODUCTION.sub("", parts["objectives"]),
        figure=next(filter(None, pictures), None),
        names=ROW.sub(r"|\1|\2|", names[1]) if names else "",
        quiz=problems.FOLDED.sub("", quiz[1]) if quiz else "",
        tasks=tasks,
    )
    return page.alone(made)
