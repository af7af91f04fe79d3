"""Tests of `mt.check` itself, on exercises of their own: what it lets pass, puts right and tells."""

import linecache
import re
import sys
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell

import mlp_tutorial as mt
from mlp_tutorial.exercises import checking, values
from mlp_tutorial.exercises.checking import Answer, exercise
from mlp_tutorial.exercises.values import Wrong

TWICE = """def twice(x):
    return 2 * x
"""


@pytest.fixture(autouse=True)
def exercises(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Register exercises, as a notebook's checks do, and forget them again."""
    monkeypatch.setattr(checking, "EXERCISES", {})

    @exercise(
        "99_twice",
        7,
        [[1.5], [-2.0]],
        forbidden=("softmax", "Linear", "logaddexp"),
        instead="직접 적으십시오.",
        right="둘 다.",
    )
    def twice(answer: Answer, x: float) -> None:
        answer.asked = f"x = {x:g}: "
        found = values.numbers(answer(answer.tensor([x])), (1,))
        values.require(values.near(found, torch.tensor([2 * x])), f"{found.item():g}입니다.")

    dtype = torch.get_default_dtype()
    with torch.enable_grad():
        yield
    torch.set_default_dtype(dtype)


def written(source: str, name: str = "twice") -> Any:  # noqa: ANN401
    """Return what a notebook's cell makes."""
    names: dict[str, Any] = {}
    linecache.cache["<answer>"] = (len(source), None, source.splitlines(), "<answer>")  # as IPython keeps its cells
    exec(compile(source, "<answer>", "exec"), names)
    return names[name]


def told(source: str) -> str:
    """Return the message that an answer gets."""
    with pytest.raises(Wrong) as raised:
        mt.check("99_twice", written(source))
    return str(raised.value)


def test_a_right_answer_is_told_in_one_line(capsys: pytest.CaptureFixture[str]) -> None:
    mt.check("99_twice", written(TWICE))
    assert capsys.readouterr() == ("문제 7: 맞았습니다. 둘 다.\n", "")


def test_other_cases_say_nothing_of_a_right_answer(capsys: pytest.CaptureFixture[str]) -> None:
    mt.check("99_twice", written(TWICE), [[3.0]])
    assert capsys.readouterr().out == ""
    with pytest.raises(Wrong, match=r"^문제 7: x = 3: 3입니다\.$"):
        mt.check("99_twice", written("def twice(x): return x if x == 3 else 2 * x"), [[4.0], [3.0]])


@pytest.mark.parametrize("body", ["...", "pass", "'''words'''", "'''words'''\n    ...", "return", "return None"])
def test_who_has_not_answered_is_waited_for(body: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = written(f"def twice(x):\n    {body}\n")
    mt.check("99_twice", answer)
    assert capsys.readouterr().out.startswith("문제 7: 답을 기다리고 있습니다.")
    with pytest.raises(Wrong, match="답이 없습니다"):
        mt.check("99_twice", answer, [[3.0]])


def test_an_unknown_exercise_is_told() -> None:
    with pytest.raises(ValueError, match="99_none"):
        mt.check("99_none", print)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("return 3 * x", "문제 7: x = 1.5: 4.5입니다."),
        ("y = 2 * x", "x = 1.5: 돌려준 값이 None입니다. return이 없거나,"),
        ("return ...", "돌려준 것이 ...입니다"),
        ("return 'a'", "답은 수나 배열이나 텐서여야 하는데 글자(str)입니다 (받은 값: 'a')"),
        ("return [x, x]", "답의 모양이 (1,)이어야 하는데 (2, 1)입니다."),
        (
            "y = 2\n    return z * x",
            "`return z * x`에서 오류가 났습니다(NameError: name 'z' is not defined). 이 이름(z)은",
        ),
        ("y <- 2 * x\n    return y", "NameError: name 'y' is not defined). Python은 <-를 ‘작다(<)’와"),
        ("return y, 1 <- x", "이 이름(y)은 없습니다"),
        ("return x @ torch.ones(3)", "NameError: name 'torch'"),
        ("import torch\n    return x @ torch.ones(3)", "오류가 났습니다(RuntimeError: inconsistent tensor size"),
        ("import torch\n    return torch.ones(2, 3) @ x.reshape(1, 1)", "모양이 맞지 않습니다."),
        ("import torch\n    return x.half() @ torch.ones(1)", "자료형(dtype)이 섞였습니다."),
        (
            "import torch\n    w = torch.ones(1, requires_grad=True)\n    w -= 1\n    return w",
            "with torch.no_grad(): 안에",
        ),
        ("import torch\n    return torch.ones(1, requires_grad=True).numpy()", ".detach()를 붙이거나"),
        ("return x - x.grad", "backward()를 먼저"),
        ("y = [].append(x)\n    return y.sum()", "append()도 None을"),
        ("if x.sum() == 0:\n        return x", "if나 for 안에 있어 실행되지 않았거나"),
        ("return x[x.min()]", "번호는 정수여야 합니다. 값을 적었다면"),
        ("y = []\n    y.append(x, x)\n    return y", "append((a, b))"),
        ("import torch\n    return torch.sqrt(2)", "텐서가 아닌 것을 넣었습니다."),
        ("for i in len(x):\n        return i", "range(…)를"),
        ("y = []\n    y += 0.5", "append()를"),
        ("for a, b in {1: x}:\n        return a", ".items()를"),
        ("return range(3 / 2)", "몫 //를 쓰거나"),
        ("return x / x.size", "값의 수는 numel()"),
        ("return x / x.shape", "값의 수는 numel()"),
        ("from torch import nn\n    return nn.ReLU(x) @ x", "nn.ReLU()(z)처럼"),
        ("import torch\n    return 1 if torch.ones(2) > 0 else 0", "if, and, max()를"),
        ("from torch import nn\n    return nn.MSELoss(x.expand(2), x)", "앞의 괄호를"),
        ("return x.max(dim=0) - x", "amax()는 값만"),
        ("return x[None].dot(x)", "@로 곱하십시오"),
        ("return x.reshape(3)", "shape나 len()에서"),
        ("import torch\n    return torch.tensor([x.expand(2)])", "torch.stack으로"),
        ("import torch\n    return torch.stack([x, x.expand(2)])", "TensorDataset(x, y)를"),
        ("from torch import nn\n    return nn.linear(1, 1)", "대문자, 소문자"),
        ("return twice(x, 1)", "def 줄이 문제와 같은지"),
        ("return twice()", "def 줄이 문제와 같은지"),
        ("return x > 0 & x > 1", "비교마다 괄호"),
        ("return 1.0 & 2.0", "비교마다 괄호"),
        ("import torch\n    return torch.relu(x.grad)", "None이 섞였습니다."),
        ("return [x].mean()", "torch.stack으로"),
        ("a, b = None\n    return a", "return이 있는지"),
        ("return x.reshape(2 / 2, 1)", "크기와 차원은 정수"),
        ("import torch\n    return torch.ones(1, 2).long() @ torch.ones(2, 1)", "자료형(dtype)이 섞였습니다"),
        ("return {1: x}[0]", "이름표가 있는지"),
        ("return {1: x}['dtype']", "이름표가 있는지"),
        (
            "import torch\n    return torch.nn.functional.cross_entropy(torch.ones(2, 3), torch.ones(2))",
            "정수(int64)여야 하는 텐서",
        ),
        ("import numpy as np\n    return np.max(x, axis=0, keepdims=True)", "NumPy의 함수에 텐서를"),
        ("return x.to('cuda')", "장치를 'cpu'로"),
        ("raise RuntimeError('Found no NVIDIA driver on your system.')", "장치를 'cpu'로"),  # PyTorch's build for CUDA
        ("raise ValueError('\x1b[1mbold\x1b[0m words')", "오류가 났습니다(ValueError: bold words)"),
        ("if x == 0:\n        y = x\n    return y", "값을 담기 전에 쓴 이름입니다."),
        ("return x[:0].item()", "값이 하나가 아닌 텐서는"),
        ("return x.repeat(2).item()", "float(), .item() 대신 torch의"),
        ("import torch\n    return torch.tensor([x.repeat(2)] * 2)", "목록은 torch.stack으로"),
        ("return [x][1]", "없는 번호를 꺼냈습니다."),
        ("return x.mean(dim=2)", "없는 차원(dim, axis)입니다. R과 달리 0부터 세는지"),
        ("return x.numpy().mean(axis=2)", "없는 차원(dim, axis)입니다. R과 달리 0부터 세는지"),
        ("return lambda: x", "답은 수나 배열이나 텐서여야 하는데 함수("),
        ("return x.sum", "하는데 함수(부르려면 뒤에 괄호 ()를 붙입니다)입니다"),
        ("import torch\n    return torch.tensor(x.sum)", "텐서로 바꿀 수 없는 것입니다. 함수라면"),
        ("return twice(x, z=1)", "그 이름의 인수는 없습니다"),
        ("return (x, x).sum()", "TensorDataset(*튜플)처럼"),
        ("import torch\n    with torch.no_grad:\n        return x", "torch.no_grad()처럼"),
        ("found = ()\n    found.append(x)", "목록 [ ]으로 만드십시오."),
        ("return {1: x}", "하는데 사전(dict)입니다"),
        ("return (x, 'a')", "하는데 튜플(tuple)입니다"),
        (
            "return [[1.0, 2.0], [3.0]]",
            "목록(list)입니다 (받은 값: [[1.0, 2.0], [3.0]]). 그 안에 든 것의 모양이 서로 다릅니다.",
        ),
        ("return [x, 'a']", "그 안에 수가 아닌 것이 있습니다."),
        ("raise SystemExit", "오류가 났습니다(SystemExit: 까닭 없음)"),
        ("return x(2)", "TypeError: 'Tensor' object is not callable). 괄호 앞의 것이"),
    ],
)
def test_messages_tell_what_was_seen(body: str, message: str) -> None:
    assert message in told(f"def twice(x):\n    {body}\n")


@pytest.mark.parametrize("name", ["_init_", "forward"])
def test_the_line_of_an_error_is_the_learners_also_in_a_class_without_init(name: str) -> None:
    source = f"from torch import nn\nclass Net(nn.Module):\n    def {name}(self, x):\n        return 1 / 0\n"
    net = written(source, "Net")
    with pytest.raises((TypeError, ZeroDivisionError)) as raised:
        net(1)(1)
    assert "raise TypeError" not in checking.quoted(raised.value, net)
    with pytest.raises(ZeroDivisionError) as raised:
        getattr(net(), name)(1)
    assert "`return 1 / 0`에서" in checking.quoted(raised.value, net)


def test_a_with_of_what_was_called_is_not_told_to_call_it() -> None:
    assert "괄호" not in told("def twice(x):\n    with x.relu():\n        return x\n")


def test_what_is_no_function_is_told_without_a_case() -> None:
    with pytest.raises(Wrong, match=r"^문제 7: 함수여야 하는데 3입니다"):
        mt.check("99_twice", 3)


@pytest.mark.parametrize(
    "above",
    [
        "sum = 0; float = None; len = 3",
        "from torch import *",
        "import torch; torch.set_grad_enabled(False)",
        "import torch; torch.set_default_dtype(torch.float64)",
        "x = expected = told = answer = check = near = 0",
        "import warnings; warnings.simplefilter('error')",
    ],
)
def test_a_right_answer_is_right_whatever_stands_above(above: str, capsys: pytest.CaptureFixture[str]) -> None:
    body = (
        "import warnings, sys\n    warnings.warn('slow')\n    print('seen', file=sys.stderr)\n"
        "    y = x.clone().requires_grad_()\n    (y * y).sum().backward()\n"
        "    return torch.zeros(len(x)) + y.grad * float(sum([0.5, 0.5])) * 2 / y * x / 2"
    )
    before = warnings.filters[:]
    mt.check("99_twice", written(f"import torch\n{above}\ndef twice(x):\n    {body}\n"))
    warnings.filters[:] = before
    out, err = capsys.readouterr()
    assert err == "", "nbgrader gives 0 for it"
    shadowed = above.startswith(("sum", "from"))
    assert "문제 7: 맞았습니다. 둘 다." in out
    assert ("sum" in out.splitlines()[-1]) == shadowed, "the reader is told of the names"


def test_a_line_warns_once_however_many_cases_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    body = "import warnings\n    warnings.warn(f'sizes {x}'); warnings.warn('another')\n    return 2 * x"
    with warnings.catch_warnings():
        warnings.showwarning = lambda message, *_: print(message)
        for _ in range(2):  # a second check tells it again
            mt.check("99_twice", written(f"def twice(x):\n    {body}\n"))
            out, err = capsys.readouterr()
            assert (out, err) == ("sizes tensor([1.5000])\nanother\n문제 7: 맞았습니다. 둘 다.\n", "")


def test_names_that_the_answer_needs_stay_and_come_back() -> None:
    names: dict[str, Any] = {}
    exec("def max(x):\n    return 2 * x\n\ndef twice(x):\n    return max(x)", names)
    mt.check("99_twice", names["twice"])
    exec("sum = 3\ndef twice(x):\n    return sum([x, x])", names)
    mt.check("99_twice", names["twice"])
    assert names["sum"] == 3


@pytest.mark.parametrize(
    ("above", "call"),
    [
        ("import torch", "torch.softmax(x, 0)"),
        ("import torch", "x.softmax(0)"),
        ("import torch", "torch.ops.aten.softmax.int(x, 0)"),
        ("import torch", "exec('torch.softmax(x, 0)', {'torch': torch, 'x': x})"),
        ("from torch.nn.functional import softmax as f", "f(x, 0)"),
        ("import torch", "torch.nn.Softmax(0)(x)"),
        ("import torch\ndef helper(x): return torch.softmax(x, 0)", "helper(x)"),
        ("from torch import nn", "nn.Linear(1, 1).to(x.dtype)(x)"),
        ("from scipy.special import softmax as f", "f(x.numpy())"),
        ("import numpy as np", "np.logaddexp(x.numpy(), 0)"),
        ("from numpy import logaddexp as f", "f.reduce(x.numpy())"),
    ],
)
def test_forbidden_ways_are_found_however_they_are_called(above: str, call: str) -> None:
    message = told(f"{above}\ndef twice(x):\n    y = {call}\n    return 2 * x")
    named = any(name in call for name in ("softmax(", "softmax.int", "Linear(", "logaddexp(")) and "exec(" not in call
    inside = "" if named else " 여러분이 부른 함수나 클래스가 안에서 그것을 씁니다."
    assert message.endswith(f"이 문제에서 쓰지 않기로 한 것입니다.{inside} 직접 적으십시오.")


def test_a_helper_of_a_forbidden_name_is_the_learners_own() -> None:
    profile = sys.getprofile()
    mt.check("99_twice", written("def softmax(x):\n    return 2 * x\n\ndef twice(x):\n    return softmax(x)"))
    assert sys.getprofile() is profile


@pytest.fixture
def library(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Make a library, not imported yet, that has functions and a class of the forbidden names."""
    lines = [
        *("class Linear:", "    slope = 1", "def softmax(x): return x", "softmax(1)"),
        *("def fit(x): return x", "def twice(x): return 2 * fit(x)"),
    ]
    (tmp_path / "lazily.py").write_text("\n".join(lines))
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.delitem(sys.modules, "lazily", raising=False)


@pytest.mark.usefixtures("library")
def test_what_an_import_calls_is_not_the_answers_own() -> None:
    mt.check("99_twice", written("def twice(x):\n    import lazily\n    return lazily.twice(x)"))
    assert "softmax: 이 문제에서" in told("def twice(x):\n    import lazily\n    return 2 * lazily.softmax(x)")


@pytest.mark.usefixtures("library")
@pytest.mark.parametrize(("forbidden", "refused"), [("fit", True), ("lazily.fit", True), ("mlp_tutorial.fit", False)])
def test_a_function_can_be_forbidden_in_one_module(forbidden: str, *, refused: bool) -> None:
    @exercise("99_fit", 1, [[]], forbidden=[forbidden])
    def fit(answer: Answer) -> None:
        answer(1)

    answer = written("def twice(x):\n    import lazily\n    return lazily.twice(x)")
    if not refused:
        mt.check("99_fit", answer)
        return
    with pytest.raises(Wrong, match=r"^문제 1: fit: 이 문제에서 쓰지 않기로 한 것입니다\. 여러분이 부른"):
        mt.check("99_fit", answer)


def test_of_several_forbidden_names_the_learners_own_comes_first() -> None:
    source = "import torch\ndef twice(x):\n    return torch.nn.Softmax(0)(torch.nn.Linear(1, 1)(x))"
    assert told(source).startswith("문제 7: Linear: 이 문제에서 쓰지 않기로 한 것입니다. 직접")


def test_what_to_do_comes_before_a_long_error() -> None:
    said = told("def twice(x):\n    raise IndexError('out of range ' * 40)")
    assert said.startswith("문제 7: x = 1.5: 없는 번호를 꺼냈습니다.")
    assert said.endswith(" …).")
    assert len(said) < 300


def test_inputs_are_copies_unless_the_judge_says_otherwise() -> None:
    x = torch.ones(1)
    answer = Answer(lambda x: x.add_(1), torch.float32)
    answer(x)
    assert x == 1
    answer(x, copied=False)
    assert x == 2


@pytest.mark.parametrize(
    "value",
    [3, 3.0, np.int64(3), np.float32(3), torch.tensor(3), torch.tensor(3.0, requires_grad=True), np.array(3), True + 2],
)
def test_numbers_of_every_kind(value: object) -> None:
    assert values.number(value) == 3.0
    assert values.numbers([value, value]).tolist() == [3.0, 3.0]
    if "float" in str(getattr(value, "dtype", type(value))):
        with pytest.raises(Wrong, match="정수여야 하는데"):
            values.whole_number(value)
    else:
        assert values.whole_number(value) == 3


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ([[1, 2], [3, 4]], (2, 2)),
        ((torch.ones(3), [1.0, 2.0, 3.0]), (2, 3)),
        (np.ones((2, 1), np.float16), (2, 1)),
        (torch.ones(2, dtype=torch.bool), (2,)),
        ([], (0,)),
        (range(3), (3,)),
    ],
)
def test_nested_numbers_become_a_float64_tensor(value: object, shape: tuple[int, ...]) -> None:
    found = values.numbers(value)
    assert (found.dtype, tuple(found.shape)) == (torch.float64, shape)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ([[2.0, -0.0], [0.12344, 1 / 3]], "[[2, 0], [0.1234, 0.3333]]"),
        (1e308, "1e+308"),
        (-123456789.0, "-123456789"),
        (float("inf"), "inf"),
        (0.00001234, "1.2e-05"),
        (1e-9, "0"),
        (7, "7"),
    ],
)
def test_numbers_are_shown_in_few_digits(value: object, seen: str) -> None:
    assert str(values.listed(value)) == seen


def test_numbers_that_few_digits_show_alike_are_told_apart() -> None:
    with pytest.raises(Wrong, match=r"답이 0\.12346이어야 하는데 0\.1235입니다"):
        values.compare("답이", 0.1235, 0.123456, {}, "")
    with pytest.raises(Wrong, match=r"\[0.5, 2\]이어야 하는데 \[0.5, nan\]입니다"):
        values.compare("답이", torch.tensor([0.5, torch.nan]), torch.tensor([0.5, 2.0]), {}, "")


@pytest.mark.parametrize("value", [True, np.bool_(True), torch.tensor(True), np.array(True)])
def test_truth_of_every_kind(value: object) -> None:
    assert values.truth(value) is True


NO_NUMBERS = ["3", None, {1: 2}, [1, [2]], ["a"], 1j, torch.tensor(1j), object(), [torch.ones(2), 1]]


@pytest.mark.parametrize(
    ("read", "value", "message"),
    [
        *((values.numbers, value, "답은 수나 배열이나 텐서여야") for value in NO_NUMBERS),
        *((values.truth, value, "답은 True나 False여야") for value in (1, "True", None, torch.tensor(1.0))),
        (values.whole_number, True, "정수여야 하는데 True"),
        (values.number, torch.nn.Module.__new__(torch.nn.Module), r"하는데 Module입니다 \(받은 값: Module\)"),
        (values.number, [10**5000], "자릿수가 너무 많은 정수"),
        (values.number, [3.0], r"답은 수 하나여야 하는데 모양이 \(1,\)입니다\. 그 안의 수가 .*item\(\)"),
        (values.number, [3.0, 4.0], r"모양이 \(2,\)입니다\.$"),
    ],
)
def test_a_value_of_another_kind_is_told(read: Callable[[object], object], value: object, message: str) -> None:
    with pytest.raises(Wrong, match=message):
        read(value)


def test_parts_come_in_tuples_and_lists_and_stacked_where_the_judge_allows_it() -> None:
    assert values.several((1, 2), ("a", "b")) == values.several([1, 2], ("a", "b")) == (1, 2)
    assert values.several(torch.tensor([3, 4]), ("a", "b"), stacked=True) == (3, 4)


@pytest.mark.parametrize(
    ("value", "seen"), [((1,), "1개"), ([1, 2, 3], "3개"), (5, "int 5"), (torch.ones(2), "텐서(Tensor) tensor")]
)
def test_other_numbers_of_parts_are_told(value: object, seen: str) -> None:
    with pytest.raises(Wrong, match=re.escape(f"a, b 둘을 ‘return a, b’처럼 함께 돌려주십시오 (받은 것: {seen}")):
        values.several(value, ("a", "b"))


@pytest.mark.parametrize(
    ("found", "expected", "close"),
    [
        (1.00001, 1.0, True),
        (1.0001, 1.0, False),
        (1e6 + 10, 1e6, True),
        (1e-3, 1.1e-3, False),
        ([1.0, 1000.0], [1.001, 1000.0], True),
        ([1.0], 1.0, False),
        (float("nan"), 1.0, False),
        (float("inf"), 1.0, False),
        (1.0, float("nan"), False),
    ],
)
def test_near_allows_for_float32_alone(found: object, expected: object, close: bool) -> None:
    assert values.near(torch.tensor(found, dtype=torch.float64), torch.tensor(expected, dtype=torch.float64)) is close


def test_a_notebook_shows_the_message_without_a_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    shell = InteractiveShell()
    shell.user_ns["twice"] = written("def twice(x): return x")
    shell.run_cell("import mlp_tutorial as mt\nmt.check('99_twice', twice)")
    lines = [line for line in capsys.readouterr().out.splitlines() if line]
    assert lines == ["\x1b[31m문제 7: x = 1.5: 1.5입니다.\x1b[0m"]


def test_a_judges_words_pass_through_an_answer_that_was_given_a_function() -> None:
    @exercise("99_calls", 1, [[]])
    def calls(answer: Answer) -> None:
        def given() -> None:
            raise Wrong("너무 많이 불렀습니다.")

        answer(given, copied=False)

    with pytest.raises(Wrong, match=r"^문제 1: 너무 많이 불렀습니다\.$"):
        mt.check("99_calls", lambda function: function())


def test_a_wrong_answer_to_hidden_tests_has_a_name_of_its_own() -> None:
    answer = written("def twice(x): return x")
    with pytest.raises(checking.WrongHidden):
        mt.check("99_twice", answer, [[3.0]])
    with pytest.raises(Wrong) as raised:
        mt.check("99_twice", answer)
    assert type(raised.value) is Wrong, "the feedback may show it"


def test_arguments_in_another_order_are_told_in_korean() -> None:
    with pytest.raises(ValueError, match="문제의 이름은"):
        mt.check(written(TWICE), "99_twice")
