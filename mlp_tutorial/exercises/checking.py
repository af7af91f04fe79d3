"""`check`, which a notebook's check cell calls, and what the checks of all notebooks are written with.

An answer is called with copies of its inputs, with gradients on, first in the default dtype and, if that fails, in the
other one; names of Python's own that the notebook has given another meaning are put right where that helps.
"""

import builtins
import dis
import importlib
import inspect
import linecache
import re
import sys
import traceback
import warnings
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stderr
from copy import deepcopy
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from types import CodeType, MappingProxyType
from typing import Any

import numpy as np
import torch

from mlp_tutorial import checks
from mlp_tutorial.exercises.values import Wrong, require, same, shown
from mlp_tutorial.terminal import remedies

Judge = Callable[..., None]  # of an Answer and a case's values; raises Wrong
LONG = 300  # letters of an error's own words, at most
OVERLOAD = type(torch.ops.aten.exp.default).__call__.__code__
EXERCISES: dict[str, "Exercise"] = {}
CHANGED = (  # said besides where a wrong answer has changed what it was given
    " 또, 받은 값이 도중에 바뀌었습니다. 일부러 바꾼 것이 아니라면 +=를 보십시오. R과 달리 b = a[0]은 복사가 아니어서 "
    "b += 1이 a도 바꿉니다. b = b + 1처럼 새로 만드십시오."
)
Advice = Mapping[str, str]  # a pattern of an error's name and words, "IndexError: …" → what to do; the first that fits
HINTS: Advice = {
    "^ModuleNotFoundError": "이 환경에 없는 패키지입니다. 이 노트북에서 쓴 것으로 푸십시오.",
    "^KeyError": "사전이라면 그 이름표가 있는지 keys()를 출력해 보십시오.",
    "list assignment index": "목록에 없는 자리에는 값을 담을 수 없습니다. R과 달리 목록이 저절로 늘어나지 않으니 "
    "append()로 덧붙이십시오.",
    "too many indices|0-dim tensor": "차원의 수보다 번호를 많이 적었습니다. shape를 출력해 보십시오.",
    "valid indices|slice indices must be|used as indices must be|slices, not float": "번호는 정수여야 합니다. "
    "값을 적었다면 몇 번째인지(argmin, range(len(…)))로 바꾸고, 나누어 얻은 번호라면 / 대신 몫 //를 쓰거나 int()나 "
    ".long()으로 바꾸십시오.",
    "slices, not list|unhashable type: 'list'": "목록은 번호나 이름표가 될 수 없습니다. "
    "R의 [[ ]]처럼 대괄호를 겹쳐 적었다면 하나만 쓰십시오.",
    r"instances of ('(tuple|list)' and '(int|float)'|'(int|float)' and '(tuple|list)')": "튜플이나 목록은 "
    "수와 크기를 견줄 수 없습니다. 그 안의 수를 번호로 꺼내십시오.",
    r"for @: .*'(int|float)'": "@의 양쪽은 텐서여야 하는데 한쪽이 수입니다. 수를 곱하려면 *를 쓰십시오.",
    r"for @: .*'tuple'": "@의 양쪽은 텐서여야 하는데 한쪽이 튜플입니다. (W, b) 같은 짝이라면 [0]처럼 하나를 꺼내고, "
    "수를 담은 것이라면 torch.tensor로 바꾸십시오.",
    r"for @: .*'list'": "@의 양쪽은 텐서여야 하는데 한쪽이 목록입니다. torch.tensor나, 텐서의 목록이라면 "
    "torch.stack으로 바꾸십시오.",
    r"for \^|bitwise_xor": "거듭제곱은 ^가 아니라 **입니다.",
    "could not infer output dtype": remedies.ADVICE["could not infer output dtype"],
    r"'dict_(values|keys)' object is not subscriptable": "values()와 keys()는 번호로 꺼낼 수 없습니다. "
    "list()로 바꾸거나 이름표로 꺼내십시오.",
    "leaf Variable .* in-place": "가중치를 제자리에서 고치는 줄은 with torch.no_grad(): 안에 두십시오.",
    "backward through the graph a second time": "한 손실에는 backward()를 한 번만 부릅니다. "
    "스텝마다 예측과 손실을 새로 계산하십시오.",
    "Can't call numpy": "기울기를 기억하는 텐서입니다. .detach()를 붙이거나, 수 하나라면 .item()을 쓰십시오.",
    r"'NoneType'|(not|non-iterable|of) NoneType": "None이 섞였습니다. 기울기라면 backward()를 먼저 부르고, "
    "함수의 결과라면 return이 있는지 보십시오. append()도 None을 돌려주니 그 결과를 담지 마십시오.",
    r"append\(\) takes exactly one": "append()는 하나만 받습니다. 둘을 함께 담으려면 append((a, b))처럼 묶으십시오.",
    r"return_types\.max": "max()에 dim을 적으면 값과 번호를 함께 돌려줍니다. amax()는 값만 돌려줍니다.",
    "must be Tensor, not": "텐서가 아닌 것을 넣었습니다. 수, 목록, 배열은 torch.tensor(…)로 바꾸십시오. "
    "수 하나의 제곱근은 math.sqrt나 ** 0.5로도 구합니다. 층이라면 입력까지 괄호에 넣어 부르십시오.",
    r"(int|float)\d*' object is not iterable": "수 하나에서는 값을 하나씩 꺼낼 수 없습니다. "
    "for라면 range(…)를, 목록에 더하는 것이라면 append()를 쓰십시오.",
    "cannot unpack non-iterable": "하나뿐인 것을 여러 이름에 나누어 담을 수 없습니다. "
    "사전을 for로 훑는다면 .items()를 붙이십시오.",
    "interpreted as an integer": "정수를 넣을 자리입니다. /와 np.ceil은 소수를 냅니다. "
    "소수라면 몫 //를 쓰거나 int()로 바꾸고, 목록이라면 len()을 빠뜨리지 않았는지 보십시오.",
    r"unsupported operand .*'(torch\.Size|\w*function\w*|method)'": "수가 아니라 모양이나 함수로 계산했습니다. "
    "값의 수는 numel(), 행의 수는 len()으로 구하고, 함수라면 괄호를 붙이십시오.",
    r"unsupported operand .*'(ReLU|Sigmoid|Tanh|Linear|\w+Loss)'": "층이나 손실을 부르지 않고 그것으로 계산했습니다. "
    "nn.ReLU()(z)처럼 만든 다음 괄호에 입력을 넣으십시오.",
    "Boolean value of Tensor with more|truth value of an array": "값이 여럿이면 참이나 거짓 하나로 볼 수 없습니다. "
    "if, and, max()를 텐서에 썼는지, nn.MSELoss()(…)에서 앞의 괄호를 빠뜨렸는지 보십시오.",
    "'list' object has no attribute": "목록에는 없는 것입니다. "
    "텐서의 것이라면 목록을 먼저 torch.tensor나, 텐서의 목록이라면 torch.stack으로 바꾸십시오.",
    "'tuple' object has no attribute 'append'": "튜플에는 덧붙일 수 없습니다. 목록 [ ]으로 만드십시오.",
    "'tuple' object has no attribute": "여럿을 묶은 튜플입니다. x, y = 튜플이나 TensorDataset(*튜플)처럼 푸십시오.",
    r"'(type|function|\w*method)' object does not support the context": "with 뒤의 것을 괄호 ()로 부르십시오. "
    "torch.no_grad()처럼 적습니다.",
    "unexpected keyword argument": "그 이름의 인수는 없습니다. 함수의 이름에서 Shift+Tab을 눌러 보십시오"
    "(torch.optim의 학습률은 lr입니다).",
    "not compiled with CUDA|CUDA device|NVIDIA driver": "이 컴퓨터에는 쓸 GPU가 없습니다. 장치를 'cpu'로 두고, "
    "torch.load에는 map_location='cpu'를 적으십시오.",
    # PyTorch then lists all that it takes, dtype among it.
    "invalid combination of arguments": "인수의 차례나 종류가 맞지 않습니다. "
    "generator=처럼 이름을 붙여야 하는 인수인지, NumPy의 함수에 텐서를 넣지 않았는지 보십시오.",
    "target dtype": "정수(int64)여야 하는 텐서입니다. 클래스의 번호라면 받은 그대로 두거나 .long()으로 바꾸십시오.",
    "infer dtype of": "텐서로 바꿀 수 없는 것입니다. 함수라면 괄호 ()를 붙여 부르고, 사전이라면 값을 꺼내십시오.",
    "dtype|scalar type": "자료형(dtype)이 섞였습니다. 새로 만든 텐서의 dtype을 x.dtype처럼 받은 것에 맞추십시오.",
    "mat1 and mat2|size of tensor|mismatch in its core|broadcast": "모양이 맞지 않습니다. "
    "두 값의 shape를 나란히 출력해 보십시오.",
    "1D tensors expected": "dot()은 벡터끼리 곱합니다. 행렬은 @로 곱하십시오.",
    "is invalid for input of size": "값의 수가 적은 모양과 다릅니다. "
    "크기를 정해진 수로 적었다면 shape나 len()에서 얻으십시오.",
    "stack expects each tensor": "모양이 다른 텐서는 한데 쌓을 수 없습니다. "
    "DataLoader라면 TensorDataset(x, y)를 넣었는지 보십시오.",
    r"module '.+' has no attribute": "그 모듈에 없는 이름입니다. 철자와 대문자, 소문자를 보십시오(nn.Linear, F.relu).",
    r"(reshape|permute|expand)\(\) takes 1": "크기와 차원은 정수여야 합니다. / 대신 몫 //를 쓰십시오.",
    r"missing \d+ required|takes .*\d+ positional argument": "함수가 받는 인수와 넣은 인수의 수가 다릅니다. "
    "def 줄이 문제와 같은지, 부르는 곳에 인수를 다 적었는지 보십시오.",
    "bitwise_and_cpu|type.* for &:": "참과 거짓이 아닌 것에 &를 썼습니다. "
    "&는 비교보다 먼저 계산하니 비교마다 괄호를 치거나, 수 하나씩의 비교라면 and를 쓰십시오.",
    "maximum recursion depth": "함수가 자기를 너무 많이 부릅니다. 안에서 부른 이름이 답 함수의 이름인지 보고, "
    "되풀이는 for로 적으십시오.",
    "not callable": "괄호 앞의 것이 함수가 아닙니다. "
    "곱셈 *를 빠뜨렸거나 함수의 이름에 다른 값을 담지 않았는지 보십시오.",
    "^UnboundLocalError": "값을 담기 전에 쓴 이름입니다. 값을 담는 줄이 언제나 먼저 실행되는지 보십시오.",
    "^IndexError: Dimension out|^AxisError": "없는 차원(dim, axis)입니다. R과 달리 0부터 세는지, "
    "squeeze()가 크기 1인 차원을 없애지 않았는지 보십시오.",
    "^IndexError: .*out of (range|bounds)": "없는 번호를 꺼냈습니다. "
    "Python은 0부터 세므로 마지막 번호는 개수보다 1 작습니다.",
}


def is_stub(answer: object) -> bool:
    """Return whether a function does nothing but return None, as where `...` still stands in an answer's place."""
    code = getattr(answer, "__code__", None)
    if code is None:
        return False
    steps = [step for step in dis.get_instructions(code) if step.opname not in ("RESUME", "NOP")]
    return all(step.argval is None and step.opname.startswith(("LOAD_CONST", "RETURN_")) for step in steps)


@dataclass(frozen=True)
class Exercise:
    """What `check` must know of one exercise."""

    number: int  # in its notebook
    cases: Sequence[Sequence[Any]]  # what its learners can see tested: the values that `judge` takes after the answer
    judge: Judge
    unanswered: Callable[[Any], bool] = is_stub
    forbidden: Collection[str] = ()  # functions and classes that may not be called: "fit", "mlp_tutorial.training.fit"
    instead: str = ""  # of them, in Korean
    right: str = ""  # what a right answer is told besides


def exercise(
    name: str,
    number: int,
    cases: Sequence[Sequence[Any]],
    **more: Any,  # noqa: ANN401  of an Exercise
) -> Callable[[Judge], Judge]:
    """Make the function below the judge of the exercise that the answer cell's `grade_id` names."""

    def register(judge: Judge) -> Judge:
        EXERCISES[name] = Exercise(number, cases, judge, **more)
        return judge

    return register


class WrongHidden(Wrong):
    """An answer is wrong in hidden tests; the feedback for students leaves its words out."""


@checks.called_as('mt.check("01_nand", nand)')
def check(name: str, answer: object, cases: Sequence[Sequence[Any]] | None = None) -> None:
    """Print whether `answer`, a function or class, solves the exercise; each check cell calls it (taught in 01).

    Args:
        name: the exercise, as its check cell names it.
        answer: what the learner wrote.
        cases: other cases than those that the learner sees, for the hidden tests.

    Raises:
        Wrong: an AssertionError that says in Korean what was seen and where to look. Where `cases` are given a missing
            answer is one, too.
        ValueError: there is no such exercise.
    """
    asked = _find(name)
    title = f"문제 {asked.number}: "
    if asked.unanswered(answer):
        waiting = "답을 기다리고 있습니다. 답 셀의 ... 자리에 답을 적고 그 셀을 먼저 실행하십시오."
        if cases is not None:
            raise WrongHidden(f"{title}답이 없습니다.")
        print(title + waiting)
        return
    shadowed = _shadowed(answer)
    failures: list[Wrong] = []
    default = torch.get_default_dtype()
    other = torch.float32 if default == torch.float64 else torch.float64
    for own_names, dtype in product((False, True) if shadowed else (False,), (default, other)):
        with ExitStack() as surroundings:
            # Whatever the notebook has set, an answer and its judge have gradients, the CPU and random numbers apart.
            for apart in (torch.inference_mode(False), torch.enable_grad(), torch.random.fork_rng(devices=[])):
                surroundings.enter_context(apart)
            if torch.get_default_device().type != "cpu":  # as a context it makes each call of torch slower
                surroundings.enter_context(torch.device("cpu"))
            if own_names:
                surroundings.enter_context(_without(shadowed))
            called = Answer(answer, dtype, asked.forbidden, asked.instead)
            try:
                for case in asked.cases if cases is None else cases:
                    asked.judge(called, *case)
            except Wrong as wrong:
                aside = CHANGED * (called.changed and "제자리에서" not in str(wrong))
                failures.append(Wrong(f"{called.asked}{wrong}{aside}"))
            else:
                break
    else:
        raise (Wrong if cases is None else WrongHidden)(title + str(failures[0])) from None
    if cases is None:
        said = [f"{title}맞았습니다.", asked.right] if asked.right else [f"{title}맞았습니다."]
        if own_names:
            said.append(f"다만 이 노트북에서 {', '.join(shadowed[0])}의 뜻을 바꾸어 두었습니다. 다른 이름을 쓰십시오.")
        print(" ".join(said))


def _find(name: str) -> Exercise:
    """Return the exercise; its notebook's checks are imported now."""
    number = name.partition("_")[0] if isinstance(name, str) else ""
    if Path(__file__).with_name(f"checks_{number}.py").exists():
        importlib.import_module(f"mlp_tutorial.exercises.checks_{number}")
    if not number or name not in EXERCISES:
        raise ValueError(
            f"문제의 이름은 노트북에 있는 것이어야 합니다 (받은 값: {name!r}). 확인 셀을 처음 그대로 되돌리십시오."
        )
    return EXERCISES[name]


def _shadowed(answer: object) -> tuple[dict[str, Any], dict[str, Any]] | None:
    """Return the names of Python's own that mean something else around `answer`, and its globals; None without any."""
    function = answer.__init__ if isinstance(answer, type) else answer
    around = getattr(inspect.unwrap(function) if callable(function) else None, "__globals__", {})
    found = {name: around[name] for name in dir(builtins) if name in around and name[0] != "_"}
    found = {name: value for name, value in found.items() if value is not getattr(builtins, name)}
    for name in ("exit", "quit", "open", "get_ipython"):  # IPython's own
        found.pop(name, None)
    return (found, around) if found else None


@contextmanager
def _without(shadowed: tuple[dict[str, Any], dict[str, Any]]) -> Iterator[None]:
    """Give the names their usual meaning while this lasts."""
    found, around = shadowed
    for name in found:
        del around[name]
    try:
        yield
    finally:
        around |= found


@dataclass
class Answer:
    """A learner's answer, to be called as a function."""

    function: Any
    dtype: torch.dtype  # of the tensors that it is given
    forbidden: Collection[str] = ()
    instead: str = ""
    used: dict[str, None] = field(default_factory=dict)  # names of all that it called, in that order
    changed: bool = False  # whether it has changed a tensor or an array that it was given
    asked: str = ""  # a judge's words before each message: which case this is
    warned: set[tuple[str, int, str]] = field(default_factory=set)  # where, and the words, of what has been shown

    def tensor(self, values: object) -> torch.Tensor:
        """Return a new tensor of `values` in the dtype of this attempt."""
        return torch.as_tensor(values, dtype=self.dtype).clone()

    def __call__(
        self,
        *inputs: object,
        copied: bool = True,
        unchanged: Sequence[str] = (),
        advice: Advice | Callable[[Exception], str] = MappingProxyType({}),
    ) -> Any:  # noqa: ANN401  a learner's answer may be anything
        """Return what the answer gives for (copies of) the inputs.

        Args:
            *inputs: what to call it with.
            copied: False where the answer must have these very objects.
            unchanged: the names of the first inputs, which the answer must leave as they were; "" for one it need not.
            advice: what to say besides of an error that it raised, before HINTS; a function returns "" for nothing.

        Raises:
            Wrong: it can't be called, raised an error, used what it may not, changed an input, or returned None.
        """
        if not callable(self.function):
            self.asked = ""  # whatever the case
            raise Wrong(f"함수여야 하는데 {shown(self.function)}입니다. 답 셀을 다시 실행하십시오.")
        given = deepcopy(inputs) if copied else inputs
        before = [deepcopy(value) if name else None for name, value in zip(unchanged, given, strict=False)]
        arrays = [(value, _numbers_in(value)) for value in given if isinstance(value, (torch.Tensor, np.ndarray))]
        try:
            with _surroundings(self.warned), self._watched():
                result = self.function(*given)
        except (Exception, SystemExit) as error:
            self._require_allowed()
            if isinstance(error, Wrong):
                raise
            more = (advice(error) if callable(advice) else advised(error, advice)) or hint(error)
            long = bool(more) and len(str(error)) > LONG  # what to do would be far down
            said = [quoted(error, self.function, 80 if long else LONG), more]
            raise Wrong(" ".join(said[::-1] if long else said).strip()) from None
        self._require_allowed()
        self.changed |= any(_numbers_in(value) != was for value, was in arrays)
        for name, was, value in zip(unchanged, before, given, strict=False):
            where = "+=, -=, out=, 이름이 _로 끝나는 함수처럼 제자리에서 바꾸지 말고 새로 만드십시오."
            require(not name or same(was, value), f"받은 {name}의 값이 바뀌었습니다. {where}")
        require(
            result is not None,
            "돌려준 값이 None입니다. return이 없거나, if나 for 안에 있어 실행되지 않았거나, "
            "돌려준 이름에 값이 담기지 않았습니다.",
        )
        require(result is not ..., "돌려준 것이 ...입니다. 그 자리에 답을 적으십시오.")
        return result

    def _require_allowed(self) -> None:
        """Raise Wrong where the answer has called what it may not."""
        found, own = [name for name in self.used if name in self.forbidden], {*_names(self.function)}
        for name in sorted((full.rpartition(".")[2] for full in found), key=lambda name: name not in own):
            self.asked = ""  # whatever the case
            inside = "" if name in own else " 여러분이 부른 함수나 클래스가 안에서 그것을 씁니다."
            raise Wrong(f"{name}: 이 문제에서 쓰지 않기로 한 것입니다.{inside} {self.instead}".strip()) from None

    @contextmanager
    def _watched(self) -> Iterator[None]:
        """Note the name of each function called, and of its class, but for imports; only where some are forbidden."""
        if not self.forbidden:
            yield
            return

        own = getattr(inspect.unwrap(self.function), "__globals__", {})  # of helpers that the learner wrote
        self.used.update(dict.fromkeys(_ufuncs(self.function, own)))
        importing = None  # the frame of an import, which may run any code of a library's own
        noted: dict[int, CodeType] = {}  # by its id: a loop calls the same ones again and again

        def note(frame: Any, event: str, called: Any) -> None:  # noqa: ANN401  as sys.setprofile gives them
            nonlocal importing
            if importing is not None:
                importing = None if event == "return" and frame is importing else importing
            elif event == "c_call":
                self.used[getattr(called, "__name__", "")] = None
            elif event == "call" and id(frame.f_code) not in noted and frame.f_globals is not own:
                name = frame.f_code.co_qualname
                if frame.f_code.co_filename.startswith("<frozen importlib"):
                    importing = frame
                elif frame.f_code is OVERLOAD:  # torch.ops.aten.exp.default, say
                    self.used[frame.f_locals["self"].name().split("::")[-1].partition(".")[0]] = None
                else:
                    noted[id(frame.f_code)] = frame.f_code
                    self.used.update(dict.fromkeys([*name.split("."), f"{frame.f_globals.get('__name__')}.{name}"]))

        before = sys.getprofile()
        sys.setprofile(note)
        try:
            yield
        finally:
            sys.setprofile(before)


def _names(function: object) -> Iterator[str]:
    """Yield the names in a function's code and in the functions that it defines, none where it has none."""
    code = getattr(function, "__code__", function)
    yield from getattr(code, "co_names", ())
    for part in getattr(code, "co_consts", ()):
        if isinstance(part, CodeType):
            yield from _names(part)


def _ufuncs(function: object, around: dict[str, Any]) -> Iterator[str]:
    """Yield the names of NumPy's ufuncs in a function's code, whose calls no profiler sees."""
    for name in _names(function):
        found = around.get(name, vars(np).get(name))
        if isinstance(found, np.ufunc):
            yield found.__name__


@contextmanager
def _surroundings(warned: set[tuple[str, int, str]]) -> Iterator[None]:
    """Give an answer gradients and random numbers of its own; what it writes to stderr goes to stdout.

    A line that has warned, as of other numbers in the case before, warns no more of the same.
    """
    with torch.enable_grad(), torch.random.fork_rng(devices=[]), redirect_stderr(sys.stdout), warnings.catch_warnings():
        warnings.simplefilter("default")
        show = warnings.showwarning

        def once(message: Any, category: Any, filename: str, lineno: int, *more: Any) -> None:  # noqa: ANN401
            told = filename, lineno, re.sub(r"[\W\d]", "", str(message))
            if told not in warned:
                warned.add(told)
                show(message, category, filename, lineno, *more)

        warnings.showwarning = once
        yield


def quoted(error: BaseException, function: object, at_most: int = LONG) -> str:
    """Return the error in its own words, cut short, with the line of the learner's cell that raised it."""
    parts = vars(function).values() if isinstance(function, type) else [function]  # a class may inherit its __init__
    code = next((part.__code__ for part in parts if hasattr(part, "__code__")), None)
    words = " ".join(re.sub(r"\x1b\[[\d;]*m", "", str(error)).split()) or "까닭 없음"  # torch.load's are coloured
    words = words if len(words) <= at_most else words[:at_most] + " …"
    line = ""
    for frame in traceback.extract_tb(error.__traceback__):
        if code and frame.filename == code.co_filename:
            line = linecache.getline(frame.filename, frame.lineno).strip()
    place = f" `{line}`에서" * bool(line)
    return f"답을 계산하다가{place} 오류가 났습니다({type(error).__name__}: {words})."


def _numbers_in(values: torch.Tensor | np.ndarray) -> bytes:
    """Return all the numbers, NaN too, as bytes to compare."""
    return np.asarray(values.detach() if isinstance(values, torch.Tensor) else values).tobytes()


def advised(error: BaseException, advice: Advice) -> str:
    """Return the first advice that fits an error, "" for none."""
    words = f"{type(error).__name__}: {error}"
    return next((told for said, told in advice.items() if re.search(said, words)), "")


def hint(error: BaseException) -> str:
    """Return what to do about an error where its words leave no doubt, otherwise nothing."""
    if type(error) is NameError and getattr(error, "name", None):
        lines = [frame.line or "" for frame in traceback.extract_tb(error.__traceback__)[-1:]]
        if any(re.search(rf"\b{error.name} *<-", line) for line in lines):
            return "Python은 <-를 ‘작다(<)’와 음수의 부호(-)로 읽습니다. 값을 담는 것은 =입니다."
        advice = "철자와 인수의 이름을 보고, 그것을 만든 셀이나 import를 실행했는지 보십시오."
        return f"이 이름({error.name})은 없습니다. {advice}"
    if unpacked := re.search(r"(not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?\)", str(error)):
        _, wanted, got = unpacked.groups()
        return f"왼쪽의 이름은 {wanted}개인데 오른쪽의 값은 {f'{got}개입' if got else '그보다 많습'}니다."
    return advised(error, HINTS) or remedies.advice(error, "")
