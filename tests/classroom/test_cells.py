"""Tests of the restored cells: what an editor makes of a notebook, and where answers and checks stand afterwards."""

import json
from copy import deepcopy

import pytest
from IPython.core import inputtransformer2
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sample import marked
from small_class import DOUBLE, ESSAY, QUESTION, RIGHT, SQUARE, answer, at, source

from mlp_tutorial.classroom import submission
from mlp_tutorial.classroom.cells import restored
from mlp_tutorial.classroom.editions import CODE_STUB, TEXT_STUB

DEFINED = "def square(x):\n" + RIGHT["01_square"]
UNTOUCHED = f"def square(x):\n    {CODE_STUB}"
BECAUSE = "점이 넓게 퍼져 있기 때문입니다."
ORDER = ["01_square", SQUARE, "01_double", DOUBLE, ESSAY]


@pytest.fixture
def released() -> NotebookNode:
    """Return what students are given."""
    nb = source()
    for name, body in RIGHT.items():
        cell = marked(nb, name)
        cell.source = cell.source.replace(f"    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION", f"    {CODE_STUB}")
    for name in (SQUARE, DOUBLE):
        cell = marked(nb, name)
        cell.source = cell.source.partition("\n### BEGIN")[0]
    marked(nb, ESSAY).source = TEXT_STUB
    return nb


@pytest.fixture
def nb(released: NotebookNode) -> NotebookNode:
    """Return a copy to hand in, in which nothing has been answered yet."""
    return deepcopy(released)


def ids(nb: NotebookNode) -> list[str]:
    """Return the names of the marked cells, in their order."""
    return [cell.metadata.nbgrader.grade_id for cell in nb.cells if "nbgrader" in cell.metadata]


def run(nb: NotebookNode) -> dict[str, bool]:
    """Return check → whether it passes where all code runs from the top; a cell that fails is passed over."""
    passed, around = {}, {}
    for cell in nb.cells:
        if cell.cell_type == "code":
            try:
                exec(cell.source, around)
                good = around.get("square") is not None
            except Exception:
                good = False
            name = cell.metadata.get("nbgrader", {}).get("grade_id", "")
            if name.endswith("_check"):
                function = around.get(name[3:-6])
                passed[name] = good and function is not None and function(1) is not None
    return passed


def put(nb: NotebookNode, at: int, name: str, source: str | None = None) -> None:
    """Put a copy of the cell of this name there, with another source where one is given."""
    nb.cells.insert(at, deepcopy(marked(nb, name)))
    nb.cells[at].source = nb.cells[at].source if source is None else source


def split(nb: NotebookNode, first: str, rest: str) -> None:
    """Leave the first part of the answer in its cell and put the rest into a copy below."""
    marked(nb, "01_square").source = first
    put(nb, at(nb, "01_square") + 1, "01_square", rest)


def lose_metadata(nb: NotebookNode) -> None:
    for cell in nb.cells:
        cell.metadata.clear()


def spoil_metadata(nb: NotebookNode) -> None:
    for cell, marks in zip(nb.cells[2:6], ({}, {"schema_version": 2}, {"grade_id": 7}, "x"), strict=True):
        cell.metadata.nbgrader = marks


def merge(nb: NotebookNode, kept: str, gone: str) -> None:
    """Join answer and check in one of the two cells."""
    marked(nb, kept).source = f"{marked(nb, '01_square').source}\n{marked(nb, SQUARE).source}"
    nb.cells.remove(marked(nb, gone))


def stub_in_a_check(nb: NotebookNode) -> None:
    """Leave a stub that goes under a check's name, before a missing check comes: the two may have one address."""
    merge(nb, "01_square", SQUARE)
    marked(nb, DOUBLE).source = UNTOUCHED


def bear(nb: NotebookNode, cell: str, name: str) -> None:
    """Give a cell the name of another, as one has that was copied from it and then filled with its own text."""
    marked(nb, cell).metadata = deepcopy(marked(nb, name).metadata)


def merge_task_and_answer(nb: NotebookNode) -> None:
    cell, i = marked(nb, "01_square"), at(nb, "01_square")
    nb.cells[i] = new_markdown_cell(f"### 문제 1. `square`\n\n{cell.source}", metadata=cell.metadata)


def rewrite(nb: NotebookNode) -> None:
    i = at(nb, "01_square")
    nb.cells[i : i + 2] = [new_code_cell(DEFINED + "\nprint(square(3))")]


def elsewhere(nb: NotebookNode, place: int) -> None:
    """Leave the answer's cell alone and put the answer that far from it."""
    marked(nb, "01_square").source = UNTOUCHED
    nb.cells.insert(at(nb, "01_square") + place, new_code_cell(DEFINED))


CHANGES = {  # what an editor or a student did → what is told, and the change itself
    "copy the answer": (None, lambda nb: put(nb, at(nb, "01_square") + 1, "01_square")),
    "copy the untouched answer below": (None, lambda nb: put(nb, at(nb, "01_square") + 1, "01_square", UNTOUCHED)),
    "copy all": (None, lambda nb: nb.cells.extend(deepcopy(nb.cells))),
    "copy a check above all": (None, lambda nb: put(nb, 0, SQUARE)),
    "split before def": (None, lambda nb: split(nb, "import math", DEFINED)),
    "split in a function": (None, lambda nb: split(nb, "def square(x):", RIGHT["01_square"])),
    "split in brackets": (None, lambda nb: split(nb, "def square(x):\n    return (", "x * x)")),
    "lose all metadata": (None, lose_metadata),
    "spoil metadata": (None, spoil_metadata),
    "merge a check into its answer": (None, lambda nb: merge(nb, "01_square", SQUARE)),
    "merge an answer into its check": (None, lambda nb: merge(nb, SQUARE, "01_square")),
    "a stub in place of another check": (None, stub_in_a_check),
    "copy an answer for a check": (None, lambda nb: bear(nb, SQUARE, "01_double")),
    "copy an essay for a check": (None, lambda nb: bear(nb, DOUBLE, ESSAY)),
    "merge task and answer": (None, merge_task_and_answer),
    "rewrite answer and check": (None, rewrite),
    "answer above": ("다른 셀", lambda nb: elsewhere(nb, 0)),
    "answer below the check": ("다른 셀", lambda nb: elsewhere(nb, 2)),
    "move a check up": ("확인 셀", lambda nb: nb.cells.insert(0, nb.cells.pop(at(nb, SQUARE)))),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_right_answer_keeps_its_marks_whatever_the_editor_did(
    change: str, nb: NotebookNode, released: NotebookNode
) -> None:
    told, make = CHANGES[change]
    answer(nb)
    make(nb)
    whole, notes = restored(nb, released)
    assert sorted(ids(whole)) == sorted(ORDER)
    assert all(marked(whole, name).metadata == marked(released, name).metadata for name in ORDER)
    assert run(whole) == {SQUARE: True, DOUBLE: True}
    assert marked(whole, ESSAY).source == "제 생각입니다."
    said = [note["said"] for note in notes if note["always"] and note["cell"] == SQUARE]
    assert any(told in one for one in said) if told else said == []


@pytest.mark.parametrize(
    "written",
    [
        "def square(x):\n    return (x * x\n    % 1000)",  # as formatters break a long row
        f"{DEFINED}\n\nsquare?",
        f"files = !ls\n{DEFINED}",
        f"%%time\n{DEFINED}",
        f"%matplotlib inline\nif m:\n    !pip list\n{DEFINED}",
    ],
)
def test_an_answer_is_found_whatever_notebooks_know_beside_python(
    written: str, nb: NotebookNode, released: NotebookNode
) -> None:
    answer(nb)
    marked(nb, "01_square").source = UNTOUCHED
    nb.cells.insert(at(nb, "01_square") + 2, new_code_cell(written))
    whole, _ = restored(nb, released)
    assert marked(whole, "01_square").source == written


def test_what_a_student_left_alone_stays_as_it_was(released: NotebookNode) -> None:
    whole, notes = restored(released, released)
    assert whole == released
    assert notes == []


def test_a_deleted_exercise_comes_back_untouched_and_is_told(nb: NotebookNode, released: NotebookNode) -> None:
    answer(nb)
    i = at(nb, "01_square")
    del nb.cells[i : i + 2]
    whole, notes = restored(nb, released)
    assert ids(whole) == ORDER
    assert run(whole) == {SQUARE: False, DOUBLE: True}
    assert [(note["cell"], note["said"]) for note in notes if note["always"]] == [(SQUARE, "답 셀이 지워져 있습니다.")]


def test_a_notebook_of_nothing_gets_all_cells(nb: NotebookNode, released: NotebookNode) -> None:
    nb.cells = []
    whole, _ = restored(nb, released)
    assert ids(whole) == ORDER


@pytest.mark.parametrize(
    ("kind", "essay"),
    [
        *(("markdown", BECAUSE), ("raw", BECAUSE), ("code", BECAUSE)),
        *(("code", f'"""{BECAUSE}"""'), ("code", f'print("{BECAUSE}")')),
    ],
)
def test_an_essay_beside_its_empty_cell_is_moved_and_told(
    kind: str, essay: str, nb: NotebookNode, released: NotebookNode
) -> None:
    nb.cells.append(new_code_cell(essay) if kind == "code" else new_markdown_cell(essay))
    nb.cells[-1].cell_type = kind
    whole, notes = restored(nb, released)
    assert marked(whole, ESSAY).source == essay
    assert [(note["cell"], note["said"]) for note in notes] == [
        (ESSAY, "서술형 답으로 보이는 글이 다른 셀에 있어 답 셀에 옮겼습니다.")
    ]


@pytest.mark.parametrize("typed", ["정말 그럴까?", "%로 나타내면 절반보다 많기 때문입니다."])
def test_an_essay_in_a_code_cell_is_none_of_ipythons_commands(
    typed: str, nb: NotebookNode, released: NotebookNode
) -> None:
    answer(nb, essay=TEXT_STUB)
    nb.cells.append(new_code_cell(typed))
    assert marked(restored(nb, released)[0], ESSAY).source == typed


def test_a_cell_with_more_commands_than_ipython_takes_stops_no_grading(
    nb: NotebookNode, released: NotebookNode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputtransformer2, "TRANSFORM_LOOP_LIMIT", 3)
    nb.cells.append(new_code_cell("!ls\n" * 4))
    answer(nb)
    assert "x * x" in marked(restored(nb, released)[0], "01_square").source


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_a_question_with_other_ends_of_lines_is_no_essay(end: str, released: NotebookNode) -> None:
    released.cells[-2].source = f"{QUESTION}\n\n두 문장으로 적으십시오."
    given = json.loads(json.dumps(released))
    for cell in given["cells"]:
        cell["source"] = cell["source"].replace("\n", end)
    whole, notes = restored(submission.read(json.dumps(given).encode()), released)
    assert (marked(whole, ESSAY).source, notes) == (TEXT_STUB, [])


def test_an_essay_far_from_its_cell_is_told(nb: NotebookNode, released: NotebookNode) -> None:
    nb.cells.insert(0, new_markdown_cell(BECAUSE))
    whole, notes = restored(nb, released)
    assert marked(whole, ESSAY).source == TEXT_STUB
    assert ["다른 곳" in note["said"] for note in notes] == [True]


def test_an_essay_in_two_cells_is_joined(nb: NotebookNode, released: NotebookNode) -> None:
    marked(nb, ESSAY).source = "하나."
    put(nb, len(nb.cells), ESSAY, "둘.")
    whole, _ = restored(nb, released)
    assert marked(whole, ESSAY).source == "하나.\n\n둘."
    assert ids(whole) == ORDER


def test_an_essay_in_the_question_is_found_and_an_emptied_one_is_none(nb: NotebookNode, released: NotebookNode) -> None:
    marked(nb, ESSAY).source = " \n"
    assert marked(restored(nb, released)[0], ESSAY).source == TEXT_STUB
    next(cell for cell in nb.cells if cell.source == QUESTION).source += f"\n\n{BECAUSE}"
    assert BECAUSE in marked(restored(nb, released)[0], ESSAY).source


def marking(nb: NotebookNode, released: NotebookNode) -> tuple[str, list[str]]:
    """Return the essay on a page that nbconvert makes, as the one for marking by hand is, and what is told of it."""
    whole, notes = restored(submission.read(json.dumps(nb).encode()), released)
    page, _ = HTMLExporter().from_notebook_node(new_notebook(cells=[marked(whole, ESSAY)]))
    return page.partition("<main>")[2], [note["said"] for note in notes if note["cell"] == ESSAY]


@pytest.mark.parametrize("beside", [False, True], ids=["own", "beside"])
@pytest.mark.parametrize(
    ("name", "reference"),
    [
        ("그림.png", "attachment:그림.png"),
        ("Screenshot 1.png", "attachment:Screenshot%201.png"),
        ("그림 (1).png", "<attachment:그림 (1).png>"),
        ("[1반] 그림(2).png", 'attachment:%5B1%EB%B0%98%5D%20그림(2).png "제목"'),
    ],
)
def test_a_picture_in_an_essay_is_on_the_page_for_marking(
    name: str, reference: str, beside: bool, nb: NotebookNode, released: NotebookNode
) -> None:
    if beside:
        nb.cells.append(new_markdown_cell())
    nb.cells[-1].source = f"![{name}]({reference})"
    told = marking(nb, released)
    assert f"(그림 {name}: 파일에 없음)" in told[0]
    assert "그림이 파일에 없습니다" in told[1][-1]
    nb.cells[-1].attachments = {name: {"image/png": "iVBORw0KGgo="}}
    page, said = marking(nb, released)
    assert "data:image/png;base64,iVBORw0KGgo=" in page
    assert len(said) == beside


def test_a_picture_in_the_question_is_no_answer(released: NotebookNode) -> None:
    question = new_markdown_cell("![그림](attachment:그림.png)")
    question.attachments = {"그림.png": {"image/png": "AAAA"}}
    released = deepcopy(released)
    released.cells.insert(-1, question)
    assert marking(released, released)[1] == []


def test_a_reference_typed_with_blanks_is_found(nb: NotebookNode, released: NotebookNode) -> None:
    nb.cells[-1].source = "![그림 1]( attachment:그림 1.png )"
    nb.cells[-1].attachments = {"그림 1.png": {"image/png": "AAAA"}}
    page, said = marking(nb, released)
    assert "base64,AAAA" in page
    assert said == []


def test_two_pictures_of_one_name_in_a_split_essay_stay_two(nb: NotebookNode, released: NotebookNode) -> None:
    nb.cells.append(deepcopy(marked(nb, ESSAY)))
    for cell, picture in zip(nb.cells[-2:], ("AAAA", "BBBB"), strict=True):
        cell.source, cell.attachments = "![](attachment:image.png)", {"image.png": {"image/png": picture}}
    page, _ = marking(nb, released)
    assert [picture in page for picture in ("base64,AAAA", "base64,BBBB")] == [True, True]


def test_where_the_student_saw_that_it_is_right_a_lost_mark_is_told(nb: NotebookNode, released: NotebookNode) -> None:
    marked(nb, SQUARE).outputs = [new_output("stream", text="문제 1: 맞았습니다.\n")]
    notes = restored(nb, released)[1]
    assert [(note["cell"], note["always"]) for note in notes] == [(SQUARE, False)]


def test_a_tag_that_would_leave_an_answer_out_is_gone(nb: NotebookNode, released: NotebookNode) -> None:
    answer(nb)
    for cell in nb.cells:
        cell.metadata.tags = ["skip-execution"]
    assert not any("tags" in cell.metadata for cell in restored(nb, released)[0].cells)


def test_a_deleted_import_that_an_answer_uses_is_told(nb: NotebookNode, released: NotebookNode) -> None:
    answer(nb, square="    return m.pow(x, 2)")
    del nb.cells[1]
    notes = restored(nb, released)[1]
    assert [(note["cell"], "m을(를)" in note["said"], note["always"]) for note in notes] == [(SQUARE, True, False)]


def test_an_empty_essay_of_one_who_answered_is_told(nb: NotebookNode, released: NotebookNode) -> None:
    answer(nb)
    marked(nb, ESSAY).source = TEXT_STUB
    assert [(note["cell"], "비어 0점" in note["said"]) for note in restored(nb, released)[1]] == [(ESSAY, True)]


def test_the_text_of_an_earlier_release_is_no_essay(nb: NotebookNode, released: NotebookNode) -> None:
    nb.cells.append(new_markdown_cell("옛 글입니다."))
    answer(nb, essay=TEXT_STUB)
    whole, notes = restored(nb, released, {"옛 글입니다."})
    assert marked(whole, ESSAY).source == TEXT_STUB
    assert ["비어 0점" in note["said"] for note in notes] == [True]
    nb.cells[-1].source += "\n\n제 생각입니다."
    assert marked(restored(nb, released, {"옛 글입니다."})[0], ESSAY).source == nb.cells[-1].source


def test_the_stub_of_an_earlier_release_is_no_answer(nb: NotebookNode, released: NotebookNode) -> None:
    old = f'def square(x):\n    """제곱 (오자)"""\n    {CODE_STUB}'
    marked(nb, "01_square").source = old
    nb.cells.insert(at(nb, "01_square"), new_code_cell(DEFINED))
    marked(nb, ESSAY).source = "옛 물음: 여기에 적으십시오."
    nb.cells.insert(at(nb, ESSAY) + 1, new_markdown_cell("제 생각입니다."))
    whole, _ = restored(nb, released, {old, marked(nb, ESSAY).source})
    assert run(whole)[SQUARE]
    assert old not in [cell.source for cell in whole.cells]
    assert marked(whole, ESSAY).source == "제 생각입니다."


def test_a_cell_split_within_its_function_is_joined_without_its_name(nb: NotebookNode, released: NotebookNode) -> None:
    answer(nb, square="    y = x\n    return y**2")
    cell = marked(nb, "01_square")
    head, end, rest = cell.source.partition("    return")
    cell.source = head.rstrip("\n")
    nb.cells.insert(at(nb, "01_square") + 1, new_code_cell(end + rest))
    found, notes = restored(nb, released)
    assert run(found)[SQUARE]
    assert notes == []
