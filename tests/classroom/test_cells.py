"""Tests of the restored cells: what an editor makes of a notebook, and where answers and checks stand afterwards."""

import json
from collections.abc import Callable
from copy import deepcopy

import pytest
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from sample import marked
from small_class import DOUBLE, ESSAY, QUESTION, RIGHT, SQUARE, answer, at, source

from mlp_tutorial.classroom import submission
from mlp_tutorial.classroom.cells import restored
from mlp_tutorial.classroom.editions import CODE_STUB, TEXT_STUB

DEFINED = "def square(x):\n" + RIGHT["01_square"]
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


def copy_answer(nb: NotebookNode) -> None:
    nb.cells.insert(at(nb, "01_square") + 1, deepcopy(marked(nb, "01_square")))


def copy_untouched_below(nb: NotebookNode) -> None:
    stub = deepcopy(marked(nb, "01_square"))
    stub.source = f"def square(x):\n    {CODE_STUB}"
    nb.cells.insert(at(nb, "01_square") + 1, stub)


def copy_all(nb: NotebookNode) -> None:
    nb.cells += deepcopy(nb.cells)


def copy_check(nb: NotebookNode) -> None:
    nb.cells.insert(0, deepcopy(marked(nb, SQUARE)))


def split_before_def(nb: NotebookNode) -> None:
    cell = marked(nb, "01_square")
    first = deepcopy(cell)
    first.source = "import math"
    nb.cells.insert(at(nb, "01_square"), first)


def split_in_function(nb: NotebookNode) -> None:
    cell = marked(nb, "01_square")
    rest = deepcopy(cell)
    cell.source, _, rest.source = cell.source.partition("\n")
    nb.cells.insert(at(nb, "01_square") + 1, rest)


def lose_metadata(nb: NotebookNode) -> None:
    for cell in nb.cells:
        cell.metadata.clear()


def spoil_metadata(nb: NotebookNode) -> None:
    for cell, marks in zip(nb.cells[2:6], ({}, {"schema_version": 2}, {"grade_id": 7}, "x"), strict=True):
        cell.metadata.nbgrader = marks


def merge_answer_and_check(nb: NotebookNode) -> None:
    check = marked(nb, SQUARE)
    marked(nb, "01_square").source += "\n" + check.source
    nb.cells.remove(check)


def merge_into_check(nb: NotebookNode) -> None:
    cell = marked(nb, "01_square")
    marked(nb, SQUARE).source = cell.source + "\n" + marked(nb, SQUARE).source
    nb.cells.remove(cell)


def merge_task_and_answer(nb: NotebookNode) -> None:
    cell, i = marked(nb, "01_square"), at(nb, "01_square")
    nb.cells[i] = new_markdown_cell(f"### 문제 1. `square`\n\n{cell.source}", metadata=cell.metadata)


def rewrite(nb: NotebookNode) -> None:
    i = at(nb, "01_square")
    nb.cells[i : i + 2] = [new_code_cell(DEFINED + "\nprint(square(3))")]


def above(nb: NotebookNode) -> None:
    marked(nb, "01_square").source = f"def square(x):\n    {CODE_STUB}"
    nb.cells.insert(at(nb, "01_square"), new_code_cell(DEFINED))


def below(nb: NotebookNode) -> None:
    marked(nb, "01_square").source = f"def square(x):\n    {CODE_STUB}"
    nb.cells.insert(at(nb, SQUARE) + 1, new_code_cell(DEFINED))


def move_check_up(nb: NotebookNode) -> None:
    check = marked(nb, SQUARE)
    nb.cells.remove(check)
    nb.cells.insert(0, check)


QUIET = [copy_answer, copy_untouched_below, copy_all, copy_check, split_before_def, split_in_function]
QUIET += [lose_metadata, spoil_metadata, merge_answer_and_check, merge_into_check, merge_task_and_answer, rewrite]
TOLD = {above: "다른 셀", below: "다른 셀", move_check_up: "확인 셀"}


@pytest.mark.parametrize("change", [*QUIET, *TOLD], ids=lambda change: change.__name__)
def test_a_right_answer_keeps_its_marks_whatever_the_editor_did(
    change: Callable[[NotebookNode], None], released: NotebookNode
) -> None:
    nb = deepcopy(released)
    answer(nb)
    change(nb)
    whole, notes = restored(nb, released)
    assert sorted(ids(whole)) == sorted(ORDER)
    assert all(marked(whole, name).metadata == marked(released, name).metadata for name in ORDER)
    assert run(whole) == {SQUARE: True, DOUBLE: True}
    assert marked(whole, ESSAY).source == "제 생각입니다."
    told = [note["said"] for note in notes if note["always"] and note["cell"] == SQUARE]
    assert any(TOLD[change] in said for said in told) if change in TOLD else told == []


def test_what_a_student_left_alone_stays_as_it_was(released: NotebookNode) -> None:
    whole, notes = restored(released, released)
    assert whole == released
    assert notes == []


def test_a_deleted_exercise_comes_back_untouched_and_is_told(released: NotebookNode) -> None:
    nb = deepcopy(released)
    answer(nb)
    i = at(nb, "01_square")
    del nb.cells[i : i + 2]
    whole, notes = restored(nb, released)
    assert ids(whole) == ORDER
    assert run(whole) == {SQUARE: False, DOUBLE: True}
    assert [(note["cell"], note["said"]) for note in notes if note["always"]] == [(SQUARE, "답 셀이 지워져 있습니다.")]


def test_a_notebook_of_nothing_gets_all_cells(released: NotebookNode) -> None:
    nb = deepcopy(released)
    nb.cells = []
    whole, _ = restored(nb, released)
    assert ids(whole) == ORDER


@pytest.mark.parametrize("kind", ["code", "markdown", "raw"])
def test_an_essay_beside_its_empty_cell_is_moved_and_told(kind: str, released: NotebookNode) -> None:
    nb = deepcopy(released)
    cell = new_markdown_cell("까닭은 이렇습니다.")
    if kind == "code":
        cell = new_code_cell("까닭은 이렇습니다.")
    cell.cell_type = kind
    nb.cells.append(cell)
    whole, notes = restored(nb, released)
    assert marked(whole, ESSAY).source == "까닭은 이렇습니다."
    assert [note["said"] for note in notes if note["cell"] == ESSAY] == [
        "서술형 답으로 보이는 글이 다른 셀에 있어 답 셀에 옮겼습니다."
    ]


def test_an_essay_far_from_its_cell_is_told_and_one_in_two_cells_joined(released: NotebookNode) -> None:
    nb = deepcopy(released)
    nb.cells.insert(0, new_markdown_cell("까닭은 이렇습니다."))
    whole, notes = restored(nb, released)
    assert marked(whole, ESSAY).source == TEXT_STUB
    assert ["다른 곳" in note["said"] for note in notes] == [True]
    nb = deepcopy(released)
    marked(nb, ESSAY).source = "하나."
    nb.cells.append(deepcopy(marked(nb, ESSAY)))
    nb.cells[-1].source = "둘."
    whole, notes = restored(nb, released)
    assert marked(whole, ESSAY).source == "하나.\n\n둘."
    assert ids(whole) == ORDER


def test_an_essay_in_the_question_and_an_emptied_one(released: NotebookNode) -> None:
    nb = deepcopy(released)
    next(cell for cell in nb.cells if cell.source == QUESTION).source += "\n\n까닭은 이렇습니다."
    assert "까닭은" in marked(restored(nb, released)[0], ESSAY).source
    nb = deepcopy(released)
    marked(nb, ESSAY).source = " \n"
    assert marked(restored(nb, released)[0], ESSAY).source == TEXT_STUB


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
    name: str, reference: str, beside: bool, released: NotebookNode
) -> None:
    nb = deepcopy(released)
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


def test_a_reference_typed_with_blanks_is_found(released: NotebookNode) -> None:
    nb = deepcopy(released)
    nb.cells[-1].source = "![그림 1]( attachment:그림 1.png )"
    nb.cells[-1].attachments = {"그림 1.png": {"image/png": "AAAA"}}
    page, said = marking(nb, released)
    assert "base64,AAAA" in page
    assert said == []


def test_two_pictures_of_one_name_in_a_split_essay_stay_two(released: NotebookNode) -> None:
    nb = deepcopy(released)
    nb.cells.append(deepcopy(marked(nb, ESSAY)))
    for cell, picture in zip(nb.cells[-2:], ("AAAA", "BBBB"), strict=True):
        cell.source, cell.attachments = "![](attachment:image.png)", {"image.png": {"image/png": picture}}
    page, _ = marking(nb, released)
    assert [picture in page for picture in ("base64,AAAA", "base64,BBBB")] == [True, True]


def test_where_the_student_saw_that_it_is_right_a_lost_mark_is_told(released: NotebookNode) -> None:
    nb = deepcopy(released)
    marked(nb, SQUARE).outputs = [new_output("stream", text="문제 1: 맞았습니다.\n")]
    notes = restored(nb, released)[1]
    assert [(note["cell"], note["always"]) for note in notes] == [(SQUARE, False)]


def test_a_tag_that_would_leave_an_answer_out_is_gone(released: NotebookNode) -> None:
    nb = deepcopy(released)
    answer(nb)
    for cell in nb.cells:
        cell.metadata.tags = ["skip-execution"]
    assert not any("tags" in cell.metadata for cell in restored(nb, released)[0].cells)


def test_a_deleted_import_that_an_answer_uses_is_told(released: NotebookNode) -> None:
    nb = deepcopy(released)
    answer(nb, square="    return m.pow(x, 2)")
    del nb.cells[1]
    notes = restored(nb, released)[1]
    assert [(note["cell"], "m을(를)" in note["said"], note["always"]) for note in notes] == [(SQUARE, True, False)]


@pytest.mark.parametrize("text", ['"""점이 넓게 퍼져 있기 때문입니다."""', 'print("점이 넓게 퍼져 있기 때문입니다.")'])
def test_an_essay_held_by_a_code_cell_is_found(text: str, released: NotebookNode) -> None:
    nb = deepcopy(released)
    nb.cells.insert(at(nb, ESSAY) + 1, new_code_cell(text))
    found, notes = restored(nb, released)
    assert "넓게 퍼져" in marked(found, ESSAY).source
    assert [note["cell"] for note in notes] == [ESSAY]


def test_an_empty_essay_of_one_who_answered_is_told(released: NotebookNode) -> None:
    nb = deepcopy(released)
    answer(nb)
    marked(nb, ESSAY).source = TEXT_STUB
    assert [(note["cell"], "비어 0점" in note["said"]) for note in restored(nb, released)[1]] == [(ESSAY, True)]


def test_the_text_of_an_earlier_release_is_no_essay(released: NotebookNode) -> None:
    nb = deepcopy(released)
    nb.cells.append(new_markdown_cell("옛 글입니다."))
    answer(nb, essay=TEXT_STUB)
    whole, notes = restored(nb, released, {"옛 글입니다."})
    assert marked(whole, ESSAY).source == TEXT_STUB
    assert ["비어 0점" in note["said"] for note in notes] == [True]
    nb.cells[-1].source += "\n\n제 생각입니다."
    assert marked(restored(nb, released, {"옛 글입니다."})[0], ESSAY).source == nb.cells[-1].source


def test_the_stub_of_an_earlier_release_is_no_answer(released: NotebookNode) -> None:
    nb, old = deepcopy(released), f'def square(x):\n    """제곱 (오자)"""\n    {CODE_STUB}'
    marked(nb, "01_square").source = old
    nb.cells.insert(at(nb, "01_square"), new_code_cell(DEFINED))
    marked(nb, ESSAY).source = "옛 물음: 여기에 적으십시오."
    nb.cells.insert(at(nb, ESSAY) + 1, new_markdown_cell("제 생각입니다."))
    whole, _ = restored(nb, released, {old, marked(nb, ESSAY).source})
    assert run(whole)[SQUARE]
    assert old not in [cell.source for cell in whole.cells]
    assert marked(whole, ESSAY).source == "제 생각입니다."


def test_a_cell_split_within_its_function_is_joined(released: NotebookNode) -> None:
    nb = deepcopy(released)
    answer(nb, square="    y = x\n    return y**2")
    cell = marked(nb, "01_square")
    head, end, rest = cell.source.partition("    return")
    cell.source = head.rstrip("\n")
    nb.cells.insert(at(nb, "01_square") + 1, new_code_cell(end + rest, metadata=deepcopy(cell.metadata)))
    found, notes = restored(nb, released)
    assert run(found)[SQUARE]
    assert notes == []
