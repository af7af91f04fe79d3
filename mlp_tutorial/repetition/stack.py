"""Many networks of one kind as a single one: their layers' weights stacked, each layer one batched product.

torch.func.vmap would do it for any network, at about a sixth more time; a tutorial's networks are made of nn.Linear.
"""

import contextlib
import copy
from collections.abc import Callable, Sequence

import torch
from torch import Tensor, nn

from mlp_tutorial import checks
from mlp_tutorial.training import predict


class StackedLinear(nn.Module):
    """The nn.Linear of n_runs networks: maps x (n_runs, N, n_in) to (n_runs, N, n_out)."""

    def __init__(self, layers: Sequence[nn.Linear]) -> None:
        super().__init__()
        self.weight = _stacked([layer.weight for layer in layers])  # (n_runs, n_out, n_in)
        self.bias = None if layers[0].bias is None else _stacked([layer.bias[None] for layer in layers])

    def forward(self, x: Tensor) -> Tensor:
        """Return what each layer makes of its own x."""
        return x @ self.weight.mT if self.bias is None else torch.baddbmm(self.bias, x, self.weight.mT)


def stack(networks: Sequence[nn.Module]) -> nn.Module:
    """Return one network that maps x (n_runs, N, D_in) as `networks` do, each its own part of x."""
    wholes = [nn.Sequential(network) for network in networks]  # a place for a network that is one nn.Linear itself
    stacked = copy.deepcopy(wholes[0])
    made: dict[nn.Module, StackedLinear] = {}  # a layer that is used twice has two names
    for name, layer in list(stacked.named_modules(remove_duplicate=False)):
        if type(layer) is nn.Linear:
            if layer not in made:
                made[layer] = StackedLinear([whole.get_submodule(name) for whole in wholes])
            stacked.set_submodule(name, made[layer])
    return stacked


def linear_layers(network: nn.Module) -> list[tuple[str, nn.Linear]]:
    """Return the nn.Linear layers of `network` with their names."""
    return [(name, layer) for name, layer in network.named_modules() if type(layer) is nn.Linear]


def check(networks: Sequence[nn.Module], x: Tensor) -> None:
    """Raise ValueError unless the stack of `networks` holds all their numbers and makes of x (N, D_in) what they do."""
    in_layers = sum(p.numel() for _, layer in linear_layers(networks[0]) for p in layer.parameters())
    held = sum(tensor.numel() for tensor in (*networks[0].parameters(), *networks[0].buffers()))
    own = {name for _, layer in linear_layers(networks[0]) for name, _ in layer.named_parameters()}
    if in_layers == held and own <= {"weight", "bias"}:  # others make the weights anew, as weight_norm does
        several = [*networks, networks[0]]  # two at least, each with data of its own: no mixture stays hidden
        parts = torch.stack([x * (1 + i / len(several)) for i in range(len(several))])
        expected = torch.stack([predict(network, part) for network, part in zip(several, parts, strict=True)])
        try:
            if torch.allclose(predict(stack(several), parts), expected, atol=1e-5 * max(1, expected.abs().max())):
                return
        except (RuntimeError, IndexError) as error:  # a forward that counts dimensions from the front, say
            if "deepcopy protocol" in str(error):
                raise ValueError(
                    "한꺼번에 학습하려면 model의 신경망을 복사할 수 있어야 합니다 "
                    f"(받은 값: 계산 그래프에 이어진 텐서를 담은 {type(networks[0]).__name__}). "
                    "__init__과 forward에서 self나 목록에 남기는 텐서에 .detach()를 붙이십시오."
                ) from error
    raise ValueError(
        "한꺼번에 학습하려면 model의 신경망이 nn.Linear와, 원소마다 또는 마지막 차원에 쓰는 함수로만 되어야 합니다 "
        f"(받은 값: {type(networks[0]).__name__}). 다른 신경망은 mt.fit으로 하나씩 학습하십시오."
    )


def check_optimizer(network: nn.Module, optimizer: Callable[..., torch.optim.Optimizer]) -> None:
    """Raise ValueError where `optimizer` moves two networks otherwise in a stack than each alone.

    One that looks at the length of all gradients, or at a parameter's number of dimensions, would do so in silence.
    """
    sizes = (1e3, 1e-3)  # of weights and gradients, so different that what mixes the two networks shows
    alone = [nn.Sequential(copy.deepcopy(network).cpu().double()) for _ in sizes]
    for whole, size in zip(alone, sizes, strict=True):
        for parameter in whole.parameters():
            nn.init.constant_(parameter, size)
    together, alike = stack([whole[0] for whole in alone]), True
    with contextlib.suppress(Exception):  # what fails here fails in the training, where it is told
        each = [_moved(whole, (size,), optimizer) for whole, size in zip(alone, sizes, strict=True)]
        pairs = zip(_moved(together, sizes, optimizer), *each, strict=True)
        alike = all(torch.allclose(both, torch.cat(apart), rtol=1e-6, atol=0.0) for both, *apart in pairs)
    if not alike:
        got = getattr(optimizer, "__name__", optimizer)
        raise ValueError(
            "한꺼번에 학습하려면 optimizer가 수 하나하나를 따로 갱신해야 합니다 "
            f"(받은 값: 여러 신경망을 함께 두면 다르게 갱신하는 {got}). "
            "torch.optim.SGD나 torch.optim.Adam으로 바꾸거나, mt.fit으로 하나씩 학습하십시오."
        )


def _moved(whole: nn.Module, sizes: Sequence[float], optimizer: Callable[..., torch.optim.Optimizer]) -> list[Tensor]:
    """Return the parameters after two steps by made-up gradients of these sizes, each as (n_runs, …) numbers."""
    updater = optimizer([*whole.parameters()], lr=0.1)  # large, so that what mixes shows whatever rate will be used
    checks.moved(whole, updater)
    for _ in range(2):
        for parameter in whole.parameters():
            wave = torch.arange(parameter.numel() // len(sizes), dtype=parameter.dtype, device="cpu").cos()
            parameter.grad = torch.stack([size * (wave + size) for size in sizes]).reshape(parameter.shape)
        updater.step()
    return [parameter.detach().reshape(len(sizes), -1) for parameter in whole.parameters()]


def _stacked(parameters: Sequence[Tensor]) -> nn.Parameter:
    """Return the parameters of n_runs networks as one, (n_runs, …), to be trained where they are."""
    together = torch.stack([parameter.detach() for parameter in parameters])
    return nn.Parameter(together, requires_grad=parameters[0].requires_grad)
