"""What to do about PyTorch's own errors, and about values that are no tensors or numbers yet, in a sentence.

A remedy is here where it hangs on what was given; one that is always the same stands with its check.
"""

import math
from collections.abc import Collection, Mapping
from contextlib import suppress
from os import PathLike

from torch import Tensor, nn
from torch.utils.data import DataLoader, Dataset

TO_ARRAY = {  # what it has → what makes an array of it that torch takes
    "collect": ".collect().to_numpy()",  # polars' lazy tables
    "to_numpy": ".to_numpy()",  # pandas
    "toarray": ".toarray()",  # SciPy's sparse tables, as scikit-learn's one-hot is
    "__array__": ".copy()",  # arrays, whose x[::-1] torch refuses
}
WEIGHT = "loss_fn의 텐서는 모델의 출력과 자료형이 같아야 하고, weight는 클래스마다 하나로 두십시오."
GRADIENT = "forward와 loss_fn에서 .detach(), .item(), torch.tensor(), argmax(), torch.no_grad()를 빼십시오."
TO_REAL = (
    "복소수인 {0}의 크기라면 .abs()를, 실수부라면 .real을 붙이고, 둘 다 쓰려면 torch.view_as_real({0}).flatten(1)로 "
    "실수부와 허수부를 나란히 놓으십시오."
)
IN_PLACE = "+=, [:] =, inplace=True, 이름이 _로 끝나는 메서드로 값을 고치지 마십시오."
FLATTEN = "x가 이미지처럼 행마다 표라면 x.flatten(1)로 한 줄씩 펴고, D_in을 그 길이로 두십시오."
DETERMINISTIC = "커널을 다시 시작하고 맨 위에서 os.environ['CUBLAS_WORKSPACE_CONFIG'] = ':4096:8'을 실행하십시오."
ADVICE = {  # an error's words → what to do
    "backward through the graph a second time": "x와 y에 .detach()를 붙이고, 앞 스텝의 텐서를 남기지 마십시오.",
    "CUBLAS_WORKSPACE_CONFIG": DETERMINISTIC,  # of torch.use_deterministic_algorithms(True) on a GPU
    "target should be between 0 and 1": "y는 0과 1 사이여야 합니다. 1과 2라면 y - 1로 바꾸십시오.",
    "input should be between 0 and 1": "F.binary_cross_entropy_with_logits를 쓰거나, 끝에 nn.Sigmoid()를 두십시오.",
    "could not infer output dtype": "참과 거짓이나 정수를 평균했다면 .float()를 먼저 붙이십시오.",
    "must be Tensor, not": "층과 활성화 함수라면 F.relu(self.층(x))나 nn.ReLU()(x)처럼 텐서를 넣고, "
    "튜플이라면 [0]처럼 하나를 꺼내고, 수와 목록이라면 torch.tensor(…)로 바꾸십시오.",
    "Can't call numpy": "NumPy와 scikit-learn의 함수와 .numpy() 대신 torch의 것을(np.tanh라면 torch.tanh를) 쓰십시오.",
    "argument #1 'indices'": "nn.Embedding에는 x.long()처럼 정수를 넣으십시오.",
    "index out of range in self": "nn.Embedding의 첫 수를 x의 가장 큰 수보다 크게 두고, x에 음수가 없는지 보십시오.",
    "expected 4D input (got 2D": "nn.Linear 뒤의 배치 정규화는 nn.BatchNorm1d로 두십시오.",
    "must have the same dtype": "층에 넣는 값은 x.float()처럼 그 층의 가중치와 같은 자료형으로 바꾸십시오.",
    "compiler found": "torch.compile을 빼거나 C++ 컴파일러를 설치하십시오.",
    "Calling eval() is not supported": "torch.export로 내보낸 것이 아니라, 내보내기 전의 신경망을 넣으십시오.",
    "returned nan values": "loss_fn과 forward에서 0의 제곱근이나 0으로 나누는 곳을 찾아 고치고, 없으면 learning_rate를 "
    "줄이십시오. 발산해도 멈추지 않게 하려면 torch.autograd.set_detect_anomaly(False)로 끄십시오.",
}
ADVICE |= dict.fromkeys(
    (".train() ", ".eval() "),
    "train과 eval은 PyTorch가 학습과 평가를 오갈 때 부르니, 스스로 적은 것의 이름을 train_model처럼 바꾸십시오.",
)
ADVICE |= dict.fromkeys(("modified by an inplace operation", "그 자리에서 바뀜"), IN_PLACE)
ADVICE["in an in-place operation"] = f"{IN_PLACE} optimizer의 step이라면 with torch.no_grad(): 안에서 고치십시오."
ADVICE |= dict.fromkeys(
    ("converted to Python scalars", "converted to Scalar"),
    "값이 하나가 아닌 텐서는 수 하나로 바꿀 수 없습니다. math의 함수, float(), .item() 대신 torch의 연산을 쓰고, "
    "텐서의 목록은 torch.stack으로 묶으십시오.",
)
ADVICE |= dict.fromkeys(
    ("Given groups=", "input to conv1d", "input to conv2d"),
    "nn.Conv1d에는 (행, 채널, 길이)를, nn.Conv2d에는 (행, 채널, 높이, 너비)를 넣으십시오. 채널이 하나이면 "
    "x.reshape(len(x), 1, -1)이나 x.reshape(len(x), 1, 높이, 너비)입니다. 그 뒤의 층이라면 받는 채널의 수를 앞 층이 "
    "내는 수와 같게 하십시오.",
)
ADVICE |= dict.fromkeys(
    ("an incorrect number of gradients", "an invalid gradient at index"),
    "backward가 forward의 인수마다 모양이 같은 기울기를(없으면 None을) 하나씩 돌려주게 하십시오.",
)
ADVICE |= dict.fromkeys(("weight tensor should be", "expected scalar type"), WEIGHT)
ADVICE |= dict.fromkeys(("out of memory", "can't allocate memory"), "x의 행을 나누어 넣거나 모델을 줄이십시오.")
IN_A_STEP = ADVICE | {  # likewise, of one that comes first in a training step
    "does not require grad": GRADIENT,
    "기울기가 매개변수에 닿지": GRADIENT,
    "다른 모델의 매개변수": "torch.optim.Adam처럼 클래스를 주거나, 받은 매개변수로 만드는 함수를 주십시오.",
    "최적화 방법이 아니라": "opt = torch.optim.SGD(weights, lr=lr) 같은 것을 return하고, 학습률을 바꾸는 scheduler는 "
    "그 앞에서 opt.register_step_post_hook(lambda *_: scheduler.step())으로 거십시오.",
    "must return None or a tuple": "훅으로 건 함수가 None을 돌려주게 def로 적고 return을 빼십시오.",
    "argument: 'metrics'": "손실을 받는 scheduler 대신 torch.optim.lr_scheduler.StepLR 같은 것을 쓰십시오.",
    "unexpected keyword argument 'lr'": "lambda weights, lr: torch.optim.Adam(weights, lr=lr)처럼 lr도 받으십시오.",
    "must match the size of tensor": "미니배치는 x보다 행이 적으니, loss_fn은 받은 y_pred와 y로만 계산하십시오.",
}


def advice(error: Exception, otherwise: str, known: Mapping[str, str] = ADVICE) -> str:
    """Return what to do about an error of PyTorch's, `otherwise` where its words are none of the `known`."""
    return next((told for words, told in known.items() if words in str(error)), otherwise)


def to_number(value: object, kind: type[int] | type[float], otherwise: str) -> str:
    """Return how a text, as a file of settings may hold it, becomes a number; `otherwise` where it is no such text."""
    with suppress(ValueError, OverflowError):
        if isinstance(value, str) and math.isfinite(kind(value)):
            return f"{kind.__name__}({value!r})처럼 글자를 수로 바꾸십시오."
    return otherwise


def to_network(value: object) -> str:
    """Return how what is no network becomes one, or where the one is that was meant."""
    make = "mt.MLP((2, 16, 2))처럼"
    if isinstance(value, type):
        return f"{make} 괄호를 붙여 만드십시오."
    if isinstance(value, Mapping | str | PathLike) or hasattr(value, "missing_keys"):  # which load_state_dict returns
        return "저장한 매개변수라면 model.load_state_dict(torch.load(파일))로 신경망에 불러오고, 그 model을 넣으십시오."
    if isinstance(value, Tensor):
        return f"예측이라면 예측한 model을 넣고, 데이터라면 {make} 만든 신경망을 그 앞에 넣으십시오."
    if isinstance(getattr(value, "__self__", None), nn.Module):
        return f".{value.__name__} 없이 model만 넣으십시오."
    if value is None:
        return "model을 만든 함수가 return으로 끝나는지 보십시오."
    return f"함수라면 nn.Module을 물려받는 클래스로 적고, 아니면 {make} 만든 신경망 하나를 넣으십시오."


def _holds_numbers(values: object) -> bool:
    """Return whether a table of objects can be cast, as pandas' own numbers and truths beside numbers can."""
    with suppress(AttributeError, TypeError, ValueError):
        values.astype("float32")
        return values.__array__().dtype.kind == "O"
    return False


def to_tensor(name: str, values: object) -> str:
    """Return how what is no tensor becomes the one called `name`."""
    if isinstance(values, Dataset | DataLoader):
        kept = "loader.dataset" if isinstance(values, DataLoader) else "dataset"
        whole = f"next(iter(DataLoader({kept}, batch_size=len({kept}))))"  # also of one that takes no kept[:]
        return f"x, y = {whole}로 텐서를 꺼내고, 미니배치는 batch_size로 정하십시오."
    if isinstance(values, str | PathLike):
        return f"파일이라면 {name} = np.loadtxt({name}, delimiter=',', skiprows=1)처럼 읽은 다음 텐서로 만드십시오."
    if values is None:
        return "값을 만든 함수가 return으로 끝나는지 보십시오."
    if isinstance(values, Mapping):
        return f"{', '.join(map(str, values))} 가운데 하나를 {name}['이름']처럼 꺼내십시오."
    one_column = isinstance(values, Collection) and getattr(values, "ndim", 1) == 1 and len(values) > 0
    if one_column and all(isinstance(value, str) for value in values):
        if all(to_number(value, float, "") for value in values):
            return f"torch.tensor([float(v) for v in {name}])로 바꾸십시오."
        numbered = f"torch.tensor([names.index(v) for v in {name}])"
        return f"names = sorted(set({name}))를 만들고 {numbered}로 번호를 매기십시오."
    if one_column and any(isinstance(value, str) for value in values):
        odd = f"[v for v in {name} if not isinstance(v, str)]"
        return f"글자에 다른 값이 섞였으니 {odd}를 출력해 보고, 빈 값이라면 그 행을 x와 정답에서 함께 빼십시오."
    if hasattr(values, "filled"):  # NumPy's masked array, whose mask no tensor keeps
        return f"가린 값을 {name}.filled(수)로 채우거나, 그 행을 x와 정답에서 함께 뺀 다음 텐서로 만드십시오."
    if hasattr(values, "__array__") and values.__array__().dtype.kind not in "biufc":
        array = name if hasattr(values, "astype") else f"{name}.to_numpy()"  # of polars
        leave = "" if _holds_numbers(values) else "수가 아닌 열을 빼고 "
        return f"{leave}{array}.astype('float32')로 바꾼 다음 텐서로 만드십시오."
    how = next((f"tensor({name}{form})" for part, form in TO_ARRAY.items() if hasattr(values, part)), f"tensor({name})")
    several = list(values) if isinstance(values, list | tuple) else []
    sized = [row for row in several if hasattr(row, "shape") or isinstance(row, list | tuple)]
    shapes = {row.shape if hasattr(row, "shape") else len(row) for row in sized}
    rows = bool(several) and all(isinstance(row, Tensor) for row in several)
    if len(shapes) > 1:
        if len(several) == 2 and all(hasattr(row, "shape") for row in several):
            return "(x, y) 묶음이라면 x, y = 묶음으로 풀어 따로 넣으십시오."
        seen = f"[np.shape(v) for v in {name}]"
        return f"모양이 다른 것이 섞였으니 {seen}를 출력해 보고, 같게 한 다음 텐서로 만드십시오."
    return f"torch.{f'stack(list({name}))' if rows else how}로 바꾸십시오."
