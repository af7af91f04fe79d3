"""Tests of the rule by which a cell's outputs are compared: rounding passes, every other change is told.

The oracle of the properties is integer arithmetic on the printed digits, which `nbcheck.outputs` does not use.
"""

import os
import re
from fractions import Fraction

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from hypothesis.configuration import set_hypothesis_home_dir
from nbcheck.outputs import compare, same_text, text_differences
from nbformat import NotebookNode
from nbformat.v4 import new_output

set_hypothesis_home_dir(os.devnull)  # else it keeps a folder beside the code
repeatable = settings(deadline=None, derandomize=True, database=None, max_examples=200)

# Stored⇒new, then more pairs of the kind.
SAME = {
    "equal": "손실: 0.3490\n⇒손실: 0.3490\n ‖ [inf, -inf, nan]⇒[inf, -inf, nan]",
    "one unit": "손실 0.3490⇒손실 0.3491 ‖ 0.1999⇒0.2000 ‖ 0.25 → 0.75⇒0.24 → 0.76 ‖ -0.04⇒-0.05 ‖ 1321.94⇒1321.95",
    "one unit of more digits than a float": "0.33333334326744079590⇒0.33333334326744079591",
    "sign of zero": "-0.0000⇒0.0000 ‖ [ 0.0000,  1.5000]⇒[-0.0000,  1.5000]",
    "sign through zero": "-0.0001⇒0.0000 ‖ +0.000000⇒-0.000001",
    "wider": "|9.99 |⇒|10.00| ‖ 9.99   좋음⇒10.00  좋음 ‖     loss  n\n0   9.99  3⇒     loss  n\n0   10.00  3",
    "wider in a table": "스텝     손실\n 100   9.99\n 200   1.00\n⇒스텝     손실\n 100  10.00\n 200   1.00\n",
    "tensor shifted by a sign": "tensor([1.0000, 0.0000])⇒tensor([ 1.0000, -0.0000])",
    "tensor shifted by a sign, more": "tensor([   nan, 0.0000])⇒tensor([    nan, -0.0000])",
    "tensor of two rows shifted by a sign": (
        "tensor([[1.0000, 0.5000],\n        [0.2500, 0.0000]])"
        "⇒tensor([[ 1.0000,  0.5000],\n        [ 0.2500, -0.0001]])"
    ),
    "with a power": "1.00e-04⇒1.01e-04 ‖ 9.99e-05⇒1.00e-04 ‖ 5.06e+05⇒5.07e+05 ‖ -1.0000e-04⇒-1.0001e-04",
    "marks close around": "<td>0.123</td>⇒<td>0.124</td> ‖ ['0.25', '0.17']⇒['0.25', '0.18'] ‖ (1,0.25)⇒(1,0.26)",
    "marks close around, more": "x+0.25⇒x+0.26 ‖ 0.25-0.30⇒0.25-0.31",
    "words close around": "손실은0.25입니다⇒손실은0.26입니다 ‖ 손실은 0.25.⇒손실은 0.26. ‖ 정답률 97.5%⇒정답률 97.6%",
}
OTHER = {
    "two units": "0.3490⇒0.3492 ‖ 0.1999⇒0.2001 ‖ -0.04⇒-0.06 ‖ -0.0001⇒0.0001",
    "two units in a column": "[-0.0001,  1.5000]⇒[ 0.0001,  1.5000]",
    "two units of more digits than a float": "0.33333334326744079590⇒0.33333334326744079592",
    "one of two numbers": "0.25 → 0.75⇒0.25 → 0.77 ‖ 0.25 → 0.75⇒0.27 → 0.75",
    "sign": "-0.25⇒0.25 ‖ +1321.94⇒-1321.94 ‖ x+0.25⇒x-0.25",
    "digits": "1.0⇒1.00 ‖ 0.1000⇒0.100 ‖ 1.0⇒1",
    "integer": "101,110⇒101,111 ‖ 스텝 100: 0.25⇒스텝 101: 0.25 ‖ 스텝 100: 9.99⇒스텝 101: 10.00 ‖ 10,150개⇒10,151개",
    "joined": "1 2: 9.99⇒12: 10.00 ‖ 다시 실행: 9.99⇒다시실행: 10.00 ‖ 9.99\n0.10⇒10.00 0.10",
    "shape": "torch.Size([64, 10])⇒torch.Size([64, 11]) ‖ (64, 10)⇒(64, 11) ‖ tensor([1., 0.])⇒tensor([0., 0.])",
    "power without decimals": "1e-04⇒2e-04 ‖ 1e-04⇒1e-05",
    "two units with a power": "1.00e-04⇒1.02e-04 ‖ 9.98e-05⇒1.00e-04",
    "power": "1.00e-04⇒1.00e-05 ‖ 1.00e-01⇒1.00e+01 ‖ 1.00e+00⇒1.00",
    "no number": "inf⇒-inf ‖ inf⇒nan ‖ 0.25⇒nan ‖ 같은가: True⇒같은가: False",
    "version": "2.13.0⇒2.13.1 ‖ 2.13.0⇒2.14.0 ‖ 2.13.0+cpu⇒2.13.1+cpu",
    "version at a letter": "v2.13⇒v2.14 ‖ 3.13rc1⇒3.14rc1",
    "identifier": "x1⇒x2 ‖ layer_01.weight⇒layer_02.weight ‖ layer_0.25⇒layer_0.26 ‖ torch.float32⇒torch.float64",
    "table": "<td>0.123</td>⇒<td>0.125</td> ‖ <td>0.123</td>⇒<th>0.123</th>",
    "word": "학습 0.25⇒검증 0.25 ‖ 학습 9.99⇒검증 10.00 ‖ 97.5%⇒97.5",
    "blank": "학습  0.25⇒학습 0.25 ‖ 학습  0.25⇒학습 0.26 ‖ 0.25 ⇒0.25",
    "number added": "0.25⇒0.25 0.25 ‖ # 0.25⇒0.25 # ‖ 0.25⇒",
    "line": "0.25\n⇒0.25\n0.25\n ‖ 0.25\n⇒0.25",
}


def table(kinds: dict[str, str]) -> pytest.MarkDecorator:
    """Return the decorator that runs a test once for each pair of texts."""
    cases = [(name, pair.split("⇒")) for name, pairs in kinds.items() for pair in pairs.split(" ‖ ")]
    return pytest.mark.parametrize(("stored", "new"), [pytest.param(*pair, id=name) for name, pair in cases])


@table(SAME)
def test_rounding_and_what_it_shifts_agree(stored: str, new: str) -> None:
    assert same_text(stored, new)
    assert same_text(new, stored)
    assert text_differences("글", stored, new) == []


@table(OTHER)
def test_everything_else_disagrees(stored: str, new: str) -> None:
    assert not same_text(stored, new)
    assert not same_text(new, stored)
    assert len(text_differences("글", stored, new)) == 1


WORDS = st.sampled_from(
    ["손실", "x1", "#", "[", ",", " ", "  ", "\n", "1e-04", "2.13.0", "nan", "True", "64", "-", "e"]
)
DIGITS = st.integers(0, 30).map(lambda units: f"{units / 100 - 0.15:.2f}")  # so few that two are often neighbours
PIECES = WORDS.map(lambda word: (word, word)) | st.tuples(DIGITS, DIGITS) | st.tuples(WORDS, WORDS)
TEXTS = st.lists(PIECES, max_size=5).map(lambda pieces: tuple("".join(piece[i] for piece in pieces) for i in (0, 1)))
near = st.floats(-3.5, 3.5)  # units between two values, so that agreement and disagreement are both frequent


def last_digits(text: str) -> int:
    """Return a number printed without a power as a count of units of its last digit."""
    return int(text.replace(".", ""))


@repeatable
@given(value=st.floats(-1000, 1000), units=near, digits=st.integers(1, 6))
@example(value=9.99, units=1, digits=2)
@example(value=-0.0001, units=2, digits=4)
def test_printed_numbers_agree_if_at_most_one_unit_apart(value: float, units: float, digits: int) -> None:
    stored, new = (f"{v:.{digits}f}" for v in (value, value + units * 10**-digits))
    assert same_text(stored, new) == (abs(last_digits(stored) - last_digits(new)) <= 1)


@repeatable
@given(mantissa=st.floats(1, 9.99), power=st.integers(-12, 12), units=near, digits=st.integers(1, 4))
@example(mantissa=9.99, power=-5, units=1, digits=2)
def test_numbers_with_a_power_agree_if_at_most_one_unit_apart(
    mantissa: float, power: int, units: float, digits: int
) -> None:
    values = mantissa * 10.0**power, (mantissa + units * 10**-digits) * 10.0**power
    stored, new = (f"{value:.{digits}e}" for value in values)
    unit = Fraction(10) ** (min(int(text.partition("e")[2]) for text in (stored, new)) - digits)
    assert same_text(stored, new) == (abs(Fraction(stored) - Fraction(new)) <= unit)


@repeatable
@given(text=st.text("가 \n#.-+e0159x_"))
def test_a_text_agrees_with_itself(text: str) -> None:
    assert same_text(text, text)
    assert text_differences("글", text, text) == []


@repeatable
@given(texts=TEXTS)
def test_agreement_does_not_depend_on_the_order_and_just_a_difference_is_told(texts: tuple[str, str]) -> None:
    assert same_text(*texts) == same_text(*reversed(texts))
    assert len(text_differences("글", *texts)) == (not same_text(*texts))


SHIFTED = "[[1.0000, 0.5000],\n [0.2500, 0.0000],\n [0.7500, 0.1000]]"


@pytest.mark.parametrize(
    ("stored", "new", "parts"),
    [
        ("가\n나 0.25\n다\n", "가\n나 0.27\n라\n", ["2번째 줄", "저장된 출력: 나 0.25\n", "새 출력:     나 0.27"]),
        ("가\n", "가\n나\n", ["2번째 줄", "1줄에서 2줄로", "저장된 출력: (없음)\n", "새 출력:     나"]),
        ("가\n나\n", "가\n", ["2번째 줄", "2줄에서 1줄로", "저장된 출력: 나\n", "새 출력:     (없음)"]),
        (SHIFTED, "[[ 1.0000,  0.5000],\n [ 0.2500, -0.0001],\n [ 0.7500,  0.2000]]", ["3번째 줄"]),
        ("가\n나\n", "가\n나", ["줄바꿈만"]),
    ],
    ids=["changed", "added", "lost", "lines only shifted are passed over", "line end"],
)
def test_the_message_names_the_line_and_shows_it_twice(stored: str, new: str, parts: list[str]) -> None:
    (found,) = text_differences("print가 쓴 글", stored, new)
    assert found.message.startswith("print가 쓴 글")
    assert [part for part in parts if part not in f"{found.message}\n"] == [], found.message
    assert found.images is None


PRINTED = new_output("stream", name="stdout", text="손실 0.25\n")
WARNED = new_output("stream", name="stderr", text="손실 0.25\n")
SIZES = new_output("error", ename="RuntimeError", evalue="mat1 by mat2: 64x1000 and 100x10", traceback=[])
RAISED = new_output("error", ename="ValueError", evalue="H는 1 이상", traceback=["ValueError: H는 1 이상"])
WIDGET = "application/vnd.jupyter.widget-view+json"
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mP4DwABAQEAG7buVgAAAABJRU5ErkJggg=="  # 1×1, white
BLACK = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR42mNgAAAAAgABSK+kcQAAAABJRU5ErkJggg=="
LIVE = {WIDGET: {"model_id": "1a2b", "version_major": 2}}


def shown(alt: str | None = None, width: int | None = None, **data: object) -> NotebookNode:
    """Return a displayed output; `text_html="…"` stands for text/html."""
    metadata = {"image/png": {"alt": alt, "width": width}} if alt else {}
    data = {re.sub("^(text|image)_", r"\1/", name): value for name, value in data.items()}
    return new_output("display_data", data, metadata=metadata)


def changed(output: NotebookNode, **fields: object) -> NotebookNode:
    """Return the output with other fields."""
    return NotebookNode(output | fields)


def widget(text: str, model: str) -> NotebookNode:
    """Return a widget's output with its random identifier."""
    return new_output("display_data", {"text/plain": text, WIDGET: {"model_id": model, "version_major": 2}})


AGREE = {
    "nothing": ([], []),
    "print": ([PRINTED], [new_output("stream", name="stdout", text="손실 0.26\n")]),
    "error": ([RAISED], [changed(RAISED, traceback=["/elsewhere/torch/nn.py:1 ValueError: H는 1 이상"])]),
    "another library's new words": ([SIZES], [changed(SIZES, evalue="addmm: mat1, mat2 (64x1000 by 100x10)")]),
    "table": ([shown(text_html="<td>0.123</td>")], [shown(text_html="<td>0.124</td>")]),
    "widget": ([widget("interactive(H)", "1a2b")], [widget("interactive(H)", "3c4d")]),
    "picture": ([shown(image_png=PNG)], [shown(image_png=PNG + "\n")]),
    "picture's metadata": ([shown(image_png=PNG, alt="손실", width=650)], [shown(image_png=PNG)]),
    "picture beside a widget": ([shown(image_png=PNG)], [shown(image_png=PNG, **LIVE)]),
    "widget left beside a picture": ([shown(image_png=PNG, **LIVE)], [shown(image_png=PNG, **LIVE)]),
    "order of kinds": ([shown(text_plain="x", text_html="y")], [shown(text_html="y", text_plain="x")]),
}


@pytest.mark.parametrize(("stored", "new"), AGREE.values(), ids=AGREE.keys())
def test_outputs_agree(stored: list[NotebookNode], new: list[NotebookNode]) -> None:
    assert compare(stored, new) == []
    assert compare(new, stored) == []


DISAGREE = {
    "print": ([PRINTED], [changed(PRINTED, text="손실 0.27\n")], ["print가 쓴 글의 1번째 줄", "0.25", "0.27"]),
    "warning": ([WARNED], [changed(WARNED, text="손실 0.27\n")], ["경고나 오류의 글(stderr)의 1번째 줄"]),
    "output lost": ([PRINTED, RAISED], [PRINTED], ["2개에서 1개로", "저장된 출력: print가 쓴 글, 오류의 이름"]),
    "output added": ([], [WARNED], ["0개에서 1개로", "저장된 출력: 없음", "새 출력:     경고나 오류의 글(stderr)"]),
    "stream name": ([PRINTED], [WARNED], ["종류가 print가 쓴 글에서 경고나 오류의 글(stderr)"]),
    "error no more": ([RAISED], [PRINTED], ["일부러 낸 오류", "종류가 오류의 이름, 오류 메시지에서 print"]),
    "error instead": ([PRINTED], [RAISED], ["종류가 print가 쓴 글에서 오류의 이름, 오류 메시지"]),
    "error name": ([RAISED], [changed(RAISED, ename="TypeError")], ["오류의 이름", "ValueError", "TypeError"]),
    "error message": ([RAISED], [changed(RAISED, evalue="H는 2 이상")], ["오류 메시지", "1 이상", "2 이상"]),
    "a number in another library's error": (
        *([changed(SIZES, evalue="addmm: (64x1000) by (10x10)")], [SIZES]),
        ["오류 메시지의 1번째 줄", "100x10"],
    ),
    "kind of data": ([shown(text_plain="x")], [shown(text_html="x")], ["종류가 text/plain에서 text/html"]),
    "picture added": ([shown(text_plain="x")], [shown(text_plain="x", image_png=PNG)], ["text/plain, image/png"]),
    "value": ([shown(text_plain="64")], [shown(text_plain="65")], ["text/plain", "저장된 출력: 64", "새 출력:     65"]),
    "table": ([shown(text_html="<b>0.1</b>")], [shown(text_html="<i>0.1</i>")], ["text/html", "<b>", "<i>"]),
    "widget's text": ([widget("H", "1a2b")], [widget("D", "1a2b")], ["text/plain", "저장된 출력: H"]),
    "widget lost": ([widget("H", "1a2b")], [shown(text_plain="H")], [WIDGET]),
    "picture beside a widget lost": ([shown(image_png=PNG, **LIVE)], [shown(**LIVE)], ["image/png에서", WIDGET]),
    "text beside a widget": (
        *([shown(image_png=PNG, text_plain="H=1")], [shown(image_png=PNG, text_plain="H=2", **LIVE)]),
        ["text/plain", "H=1", "H=2"],
    ),
}


@pytest.mark.parametrize(("stored", "new", "parts"), DISAGREE.values(), ids=DISAGREE.keys())
def test_outputs_disagree_and_the_message_says_how(
    stored: list[NotebookNode], new: list[NotebookNode], parts: list[str]
) -> None:
    (found,) = compare(stored, new)
    assert [part for part in parts if part not in found.message] == [], found.message


def test_a_changed_picture_is_told_with_both_pictures() -> None:
    (found,) = compare([shown(image_png=PNG)], [shown(image_png=BLACK)])
    assert [image[:4] for image in found.images] == [b"\x89PNG"] * 2
    assert found.images[0] != found.images[1]


def test_every_difference_is_told() -> None:
    stored = [PRINTED, RAISED, PRINTED]
    new = [WARNED, changed(RAISED, ename="TypeError", evalue="H"), changed(PRINTED, text="손실 0.27\n")]
    names = ["출력의 종류가", "오류의 이름의 1번째", "오류 메시지의 1번째", "print가 쓴 글의 1번째"]
    found = compare(stored, new)
    assert [name for name, one in zip(names, found, strict=True) if not one.message.startswith(name)] == []
