"""One line that sends all that a notebook makes to another device, with the numbers that the CPU would draw.

`torch.set_default_device` sends tensors there as well, but draws random numbers with that device's own generator, so
that every result of the notebook would be another.
"""

import torch
from torch import Tensor
from torch.overrides import TorchFunctionMode

from mlp_tutorial import checks

MAKERS = {torch.arange, torch.as_tensor, torch.empty, torch.eye, torch.full, torch.linspace}
MAKERS |= {torch.logspace, torch.normal, torch.ones, torch.rand, torch.randint, torch.randn, torch.randperm}
MAKERS |= {torch.tensor, torch.zeros}
DRAWS = {Tensor.bernoulli_, Tensor.normal_, Tensor.random_, Tensor.uniform_}
_modes: list["_Elsewhere"] = []  # the one in force, if any


def use_device(device: str | torch.device) -> None:
    """Make tensors and layers on `device` from now on wherever the code names none; random numbers come from the CPU.

    Those are torch.rand and its kin, Tensor.uniform_ and its kin, and the weights of layers; all others, such as
    dropout's, the device still draws. random_data and learnable_data have an argument of their own. matplotlib and
    NumPy get copies on the CPU. With "cpu", all is again as PyTorch has it. Not for use inside `with torch.device(…)`.

    Raises:
        ValueError: a device that this machine lacks.
    """
    device = checks.usable_device(device)
    while _modes:
        _modes.pop().__exit__(None, None, None)
    if device.type != "cpu":
        _modes.append(_Elsewhere(device))
        _modes[0].__enter__()


class _Elsewhere(TorchFunctionMode):
    """Calls what makes tensors on the CPU, and moves what was made."""

    def __init__(self, device: torch.device) -> None:
        super().__init__()
        self.device = device

    def __torch_function__(self, func, types, args=(), kwargs=None):  # noqa: ANN001, ANN204  torch's signature
        """Return what `func` returns, on this device where it makes or draws, on the CPU where NumPy asks."""
        kwargs = dict(kwargs or {})
        if func in MAKERS and kwargs.get("device") is None:
            wants_grad = kwargs.pop("requires_grad", False)
            made = func(*args, **kwargs).to(self.device)
            return made.requires_grad_() if wants_grad else made
        if func in DRAWS or getattr(func, "__module__", None) == "torch.nn.init":
            return self._draw(func, *args, **kwargs)
        if func in (Tensor.numpy, Tensor.__array__):
            args = (args[0].cpu(), *args[1:])
        return func(*args, **kwargs)

    def _draw(self, func, tensor: Tensor, *args, **kwargs) -> Tensor:  # noqa: ANN001, ANN002, ANN003
        """Fill the tensor in place with what `func` draws on the CPU."""
        if tensor.device.type != self.device.type:  # "meta" holds no numbers
            return func(tensor, *args, **kwargs)
        drawn = func(torch.empty_like(tensor, device="cpu"), *args, **kwargs)
        with torch.set_grad_enabled(func in DRAWS and torch.is_grad_enabled()):  # torch.nn.init writes without a graph
            return tensor.copy_(drawn)
