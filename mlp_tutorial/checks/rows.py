"""Checks of the rows of data: what x and y are, and whether they lie beside the network's weights.

PyTorch would broadcast them, or fail far from the cause.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from mlp_tutorial.checks.networks import network
from mlp_tutorial.checks.values import finite
from mlp_tutorial.terminal import remedies
from mlp_tutorial.terminal.korean import BE, particle, topic


def tensors(x: Tensor, y: Tensor, y_name: str = "y") -> None:
    """Raise TypeError or ValueError unless x (N, D_in) and y (N, …) are tensors of the same N rows, at least one."""
    for name, values in (("x", x), (y_name, y)):
        if not isinstance(values, Tensor):
            got, how = type(values).__name__, remedies.to_tensor(name, values)
            raise TypeError(f"{topic(name)} 텐서여야 합니다 (받은 값의 형: {got}). {how}")
        if values.is_nested:
            told = f"행의 길이가 모두 같아야 합니다 (받은 값: {values.layout}의 중첩 텐서)."
            raise ValueError(f"{topic(name)} {told} {name}.to_padded_tensor(0.0)처럼 빈 자리를 채우십시오.")
        if values.layout is not torch.strided:
            told = f"희소 텐서일 수 없습니다 (받은 값: {values.layout}). {name}.to_dense()로 바꾸십시오."
            raise ValueError(f"{topic(name)} {told}")
    if x.dim() < 2:
        raise ValueError(
            f"x는 행과 열이 있는 텐서여야 합니다 (받은 모양: {tuple(x.shape)}). "
            "열이 하나라면 x.reshape(-1, 1)로, 행이 하나라면 x.reshape(1, -1)로 바꾸십시오."
        )
    if y.dim() == 0:
        raise ValueError(
            f"{topic(y_name)} 행이 있는 텐서여야 합니다 (받은 모양: ()). {y_name}.reshape(1, -1)로 바꾸십시오."
        )
    if len(x) != len(y) or len(x) == 0:
        raise ValueError(
            f"x와 {y_name}의 행의 수는 같고 1 이상이어야 합니다 (받은 값: x {len(x)}행, {y_name} {len(y)}행). "
            f"x.shape와 {y_name}.shape를 나란히 출력해 보십시오."
        )


def data(model: nn.Module, x: Tensor, y: Tensor, y_name: str = "y") -> None:
    """Raise ValueError or TypeError unless x (N, D_in) and y (N, …) are finite data beside `model`, a network."""
    network(model)
    tensors(x, y, y_name)
    weight = next(model.parameters(), None)
    if weight is not None:
        numbered = any(isinstance(layer, nn.Embedding | nn.EmbeddingBag) for layer in model.modules())
        _beside(weight, x, y, y_name, x.dtype if numbered else weight.dtype)
    finite("x", x)
    finite(y_name, y)


def trainable(**given: Sequence[Tensor]) -> None:
    """Raise ValueError where a given name's tensors were made under torch.inference_mode(): autograd takes none."""
    for name, values in given.items():
        if any(value.is_inference() for value in values):
            raise ValueError(
                f"{topic(name)} torch.inference_mode() 밖에서 만든 것이어야 합니다 (받은 값: 추론에만 쓰는 텐서). "
                "torch.inference_mode()를 torch.no_grad()로 바꾸고 다시 만드십시오."
            )


@contextmanager
def kept(name: str, values: Tensor) -> Iterator[None]:
    """While this lasts, `values` are to stay as they are; those that were changed in place are put back, and it raises.

    Raises:
        RuntimeError: the change, in words that `remedies` knows; where all else went well.
    """
    given = values.detach().clone()
    try:
        yield
    finally:
        changed = not torch.equal(values, given)
        if changed:
            with torch.no_grad():
                values.copy_(given)
    if changed:
        raise RuntimeError(f"{name}의 값이 그 자리에서 바뀜")


def _beside(weight: Tensor, x: Tensor, y: Tensor, y_name: str, dtype: torch.dtype) -> None:
    """Raise where x has another dtype, or x or y another device than a weight of the model."""
    if x.dtype != dtype:
        how = remedies.TO_REAL.format("x") if x.is_complex() else f"x.to({weight.dtype})로 바꾸십시오."
        raise TypeError(
            f"x의 자료형은 모델의 가중치와 같은 {particle(weight.dtype, *BE)} 합니다 (받은 값: {x.dtype}). {how}"
        )
    for name, values in (("x", x), (y_name, y)):
        if values.device != weight.device:
            raise ValueError(
                f"{topic(name)} 모델과 같은 장치 '{weight.device}'에 있어야 합니다 (받은 값: '{values.device}'). "
                f"{name}.to('{weight.device}')로 옮기십시오."
            )
