"""The numbers in the notebooks' prose are those of their outputs, and a number that drifts is found."""

import re
from collections import Counter
from copy import deepcopy

import nbformat
import pytest
from nbcheck import prose
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from mlp_tutorial.classroom.notebooks import notebooks

BOOKS = {path.stem: nbformat.read(path, as_version=4) for path in notebooks().values()}
CELLS = {cell.id: cell for nb in BOOKS.values() for cell in nb.cells if cell.cell_type == "code"}


def told(text: str) -> list[str]:
    """What is told of a paragraph 09-02 below the cell 09-01, where 09-03 of another notebook printed 0.9."""
    outputs = [new_output("stream", text="손실 0.1394, 매개변수 101,110개, 차이 -0.25, 1.5e-03\n")]
    metadata = {"alt": "기울기 0.625인 직선."}
    code = new_code_cell("report(learning_rate=0.05)", id="09-01", outputs=outputs, metadata=metadata)
    nb = new_notebook(cells=[code, new_markdown_cell(text, id="09-02")])
    return prose.faults(nb, {"09-01": code, "09-03": new_code_cell("0.9", id="09-03")})


@pytest.mark.parametrize("name", BOOKS)
def test_numbers_in_prose_are_those_of_the_outputs(name: str) -> None:
    assert (found := prose.faults(BOOKS[name], CELLS)) == [], "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "손실은 0.1394입니다.",
        "반올림하면 0.139, 0.14입니다.",
        "매개변수는 101,110개, 차이는 -0.25입니다.",
        "$0.0015$만큼 다릅니다.",
        "학습률 0.05로 학습했습니다.",
        "그림의 직선은 기울기가 0.625입니다.",
        "1,000행을 3번 보았습니다.",
        "`0.7`과 [그 판](a-0.7.html)은 본문의 수가 아닙니다.",
        "분산의 14%를 설명합니다.",
        "재어 보니 0.77초였습니다. <!-- 출력 밖 -->",
        "처음은 0.77초였습니다. <!-- 출력 밖 --> 다시는 0.78초였습니다. <!-- 출력 밖 -->",
        "다른 셀은 0.9를 찍었습니다. <!-- 09-03 -->",
        "두 셀은 0.9와 0.1394를 찍었습니다. <!-- 09-01 09-03 -->",
    ],
)
def test_right_numbers_pass(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("손실은 0.1395입니다.", "0.1395"),
        ("손실은 0.1394에서 0.1395가 됩니다.", "0.1395"),
        ("반올림해 0.13입니다.", "0.13"),
        ("차이는 0.25입니다.", "0.25"),
        ("매개변수는 101,111개입니다.", "101,111"),
        ("매개변수는 $101{,}111$개입니다.", "101,111"),
        ("분산의 15%를 설명합니다.", "15%"),
        ("| 손실 |\n| --- |\n| 0.2394 |", "0.2394"),
        ("다른 셀의 수 0.1394입니다. <!-- 09-03 -->", "0.1394"),
        ("없는 셀을 말합니다. <!-- 09-77 -->", "09-77"),
        ("다른 셀의 수 0.9와 잰 수 0.77입니다. <!-- 09-03 --> <!-- 출력 밖 -->", "문단을 나누어"),
    ],
)
def test_wrong_number_or_anchor_is_named_with_its_cell(text: str, named: str) -> None:
    (message,) = told(text)
    assert "09-02" in message
    assert named in message


@pytest.mark.parametrize("name", BOOKS)
def test_each_number_of_the_prose_is_looked_at(name: str) -> None:
    """Put a number that no cell prints in the place of each: all must be told, with their cells."""
    nb, planted, expected = deepcopy(BOOKS[name]), "86420.97531", Counter()
    for cell, block, _ in list(prose.blocks(nb)):
        found = [] if "출력 밖" in block else prose.results(block)
        expected[cell.id] += len(found)
        new = block.replace("{,}", ",").replace("−", "-")
        for result in set(found):
            new = re.sub(rf"(?<![A-Za-z0-9_.,]){re.escape(result)}(?!\d|[.,]\d)", planted, new)
        cell.source = cell.source.replace(block, new)
    told = [message.split("\n")[0] for message in prose.faults(nb, CELLS)]
    counted = {name: sum(line.count(planted) for line in told if line.startswith(f"셀 {name}:")) for name in expected}
    assert counted == expected
