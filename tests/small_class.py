"""A small assignment and what students do to it: two exercises and an essay, each cell as nbgrader marks it."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from sample import KERNEL, marked, marks

from mlp_tutorial.classroom.editions import CODE_STUB as STUB

NAME = "01_sample"
SQUARE, DOUBLE, ESSAY = "01_square_check", "01_double_check", "01_essay_why"
POINTS = {SQUARE: 5, DOUBLE: 4, ESSAY: 3}
RIGHT = {"01_square": "    return x * x", "01_double": "    return 2 * x"}
QUESTION = "### 문제 3. 왜 그렇습니까?"


def exercise(number: int, name: str, body: str, points: int, visible: str, hidden: str) -> list[NotebookNode]:
    """Return an exercise's three cells: task, answer, check."""
    answer = f"def {name}(x):\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    check = (
        f"if {name}(1) is None:\n    print('문제 {number}: 답을 기다립니다.')\nelse:\n    assert {visible}\n"
        f"    print('문제 {number}: 맞았습니다.')\n### BEGIN HIDDEN TESTS\nassert {hidden}\n### END HIDDEN TESTS"
    )
    graded = {"grade": True, "solution": False, "locked": True, "points": points}
    return [
        new_markdown_cell(f"### 문제 {number}. `{name}`"),
        new_code_cell(answer, metadata=marks(f"01_{name}")),
        new_code_cell(check, metadata=marks(f"01_{name}_check", **graded)),
    ]


def source() -> NotebookNode:
    """Return the teacher's notebook."""
    cells = [
        new_markdown_cell("# 01 표본 $x^2$"),
        new_code_cell("import sys\nimport math as m"),
        *exercise(1, "square", RIGHT["01_square"], POINTS[SQUARE], "square(3) == 9", "square(-4) == 16"),
        *exercise(2, "double", RIGHT["01_double"], POINTS[DOUBLE], "double(3) == 6", "double(-4) == -8"),
        new_markdown_cell(QUESTION),
        new_markdown_cell("모범 답안입니다.", metadata=marks(ESSAY, grade=True, points=POINTS[ESSAY])),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": KERNEL})


def answer(nb: NotebookNode, essay: str = "제 생각입니다.", **bodies: str) -> None:
    """Answer all questions: rightly, or as the keywords square and double say."""
    given = RIGHT | {f"01_{name}": body for name, body in bodies.items()}
    for grade_id, body in given.items():
        found = marked(nb, grade_id)
        found.source = found.source.replace(f"    {STUB}", body)
    marked(nb, ESSAY).source = essay


def at(nb: NotebookNode, grade_id: str) -> int:
    """Return where the cell stands."""
    return nb.cells.index(marked(nb, grade_id))
