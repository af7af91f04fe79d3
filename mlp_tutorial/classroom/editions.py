"""The two editions of a notebook: the student's, as it is stored, and the teacher's, made of it and the answers.

The teacher's has answers and hidden tests in the regions that nbgrader takes out again, so that what it releases is the
notebook that is stored.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from pathlib import Path
from textwrap import indent
from typing import Any

import nbformat
from nbformat import NotebookNode

from mlp_tutorial.classroom.answers import parts
from mlp_tutorial.classroom.submission import check_merged

CODE_STUB = "...  # 여기에 답을 적으십시오"  # what stands in place of an answer
TEXT_STUB = "여기에 답을 적으십시오."
STUBS = {"code_stub": {"python": CODE_STUB}, "text_stub": TEXT_STUB}  # as nbgrader's ClearSolutions takes them
PLACE = re.compile(rf"^( *){re.escape(CODE_STUB)}$", re.MULTILINE)
AFTER_OBJECTIVES = re.compile(r"^## 학습 목표\n.*?(?=\n+## |\Z)", re.MULTILINE | re.DOTALL)
CHECK = re.compile(r'^mt\.check\("(\w+)", (\w+)\)$', re.MULTILINE)


def stored(path: Path) -> NotebookNode:
    """Return the notebook as it is stored, from which the editions are made.

    Raises:
        ValueError: it can't be read, a merge has left its marks, or none of its cells has been run: a handout would
            have no output and no picture.
    """
    try:
        nb = nbformat.read(path, as_version=4)
    except (nbformat.reader.NotJSONError, nbformat.ValidationError, UnicodeDecodeError):
        raise ValueError(
            f"{path.name}: 노트북으로 읽을 수 있어야 합니다 (받은 값: 노트북이 아닌 글). "
            "병합하다 남은 표시가 있거나 도중에 끊겼을 수 있습니다. 저장소의 것으로 되돌리십시오: "
            f'git checkout HEAD -- "{path}"'
        ) from None
    check_merged(nb, path.name)
    code = [cell for cell in nb.cells if cell.cell_type == "code"]
    if code and not any(cell.get("execution_count") for cell in code):
        raise ValueError(
            f"{path.name}: 실행해 저장한 노트북이어야 합니다 (받은 값: 실행하지 않은 셀 {len(code)}개). "
            f"'python tools/rerun.py --yes {path.stem.partition('_')[0]}'로 실행해 저장하십시오."
        )
    return nb


def student(nb: NotebookNode) -> NotebookNode:
    """Return a copy without the outputs and counts of answers and checks.

    Raises:
        ValueError: somebody has answered in this notebook, which would be handed out with it.
    """
    nb = deepcopy(nb)
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        is_stub = PLACE.search(cell.source) if cell.cell_type == "code" else cell.source.strip() == TEXT_STUB
        if marks.get("solution") and not is_stub:
            raise ValueError(
                f"{marks['grade_id']}의 답 셀에 답이 적혀 있습니다 (받은 값: {cell.source[-60:]!r}). "
                "이대로 나눠 주면 답이 나갑니다. 푼 노트북은 다른 이름으로 옮기고, "
                "'git restore notebooks'로 처음 것을 되돌리거나 저장소를 새로 받으십시오."
            )
        if marks and cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
    return nb


def teacher(nb: NotebookNode, answers: Mapping[str, Mapping[str, Any]]) -> NotebookNode:
    """Return the student's edition with its model answers and hidden tests in nbgrader's regions.

    Raises:
        ValueError: a cell that nbgrader's metadata marks and the answers don't belong together.
    """
    nb = student(nb)
    for cell in nb.cells:
        marks = cell.metadata.get("nbgrader", {})
        if not marks:
            continue
        name = marks["grade_id"] if marks.get("solution") else marks["grade_id"].removesuffix("_check")
        if name not in answers:
            raise ValueError(f"answers 폴더에 {name}의 답이 있어야 합니다 (받은 값: 없음). [{name}]을 적으십시오.")
        if cell.cell_type == "markdown":
            cell.source = answers[name]["answer"].strip("\n")
        elif marks.get("solution"):
            cell.source = filled(name, cell.source, parts(answers[name]["answer"]))
        else:
            cell.source += hidden(name, cell.source, answers[name]["hidden"])
    return nb


def with_objectives(nb: NotebookNode, objectives: Sequence[Mapping[str, Any]]) -> NotebookNode:
    """Return a copy that says below its objectives where each is taught and what assesses it, if anything is told."""
    nb = deepcopy(nb)
    if not objectives:
        return nb
    rows = [f"| {one['text']} | {', '.join(one['sections'])} | {', '.join(one['assessed'])} |" for one in objectives]
    table = "\n".join(["| 목표 | 배우는 곳 | 확인하는 곳 |", "| --- | --- | --- |", *rows])
    nb.cells[0].source = AFTER_OBJECTIVES.sub(lambda at: f"{at[0]}\n\n{table}", nb.cells[0].source, count=1)
    return nb


def filled(name: str, source: str, written: list[str]) -> str:
    """Return an answer cell with `written` in its places, a region for each; raise ValueError as `teacher`."""
    places = PLACE.findall(source)
    if len(places) != len(written):
        raise ValueError(
            f"{name}의 답 셀에는 ‘{CODE_STUB}’ 줄이 답의 부분만큼 있어야 합니다 "
            f"(받은 값: 줄 {len(places)}개, 부분 {len(written)}개). answers 폴더의 답을 ‘# ---’ 줄로 나누십시오."
        )
    rest = iter(written)
    return PLACE.sub(lambda at: indent(f"### BEGIN SOLUTION\n{next(rest)}\n### END SOLUTION", at[1]), source)


def hidden(name: str, source: str, cases: list[list[Any]]) -> str:
    """Return the region of a check cell that repeats its check with other cases; raise ValueError as `teacher`."""
    found = CHECK.search(source)
    if found is None or found[1] != name or not cases:
        raise ValueError(
            f'{name}의 확인 셀에는 mt.check("{name}", 답의 이름) 한 줄이, answers 폴더에는 숨은 시험의 값이 '
            "있어야 합니다 "
            f"(받은 값: 셀 {source[-60:]!r}, 값 {len(cases)}벌). 둘을 맞추십시오."
        )
    return f'\n### BEGIN HIDDEN TESTS\nmt.check("{name}", {found[2]}, {cases!r})\n### END HIDDEN TESTS'
