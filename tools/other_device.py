"""A second device in plain Python: its tensors calculate on the CPU, but mix with none that lies there.

It stands for a GPU where there is none: what a notebook forgets to move, or hands to NumPy without `cpu()`, fails on it
as it would on "cuda". PyTorch reserves a device for such backends (PrivateUse1) and lets Python fill it, by names that
it keeps private: all of them stand at the top. Only tools/elsewhere.py takes this module, in the kernels it starts.
"""

from collections.abc import Callable

import torch
from torch import _C, Tensor, _utils  # private: _C and _utils, no public way; tried with torch 2.13.0
from torch.utils import backend_registration as backends

create = _C._acc.create_empty_tensor  # private: _acc, no public way; tried with torch 2.13.0
no_override = _C._disabled_torch_function_impl  # private: this, no public way; tried with torch 2.13.0
rebuild = _utils._rebuild_device_tensor_from_cpu_tensor  # private: this, no public way; tried with torch 2.13.0
registered = _C._dispatch_get_registrations_for_dispatch_key  # private: this, no public way; tried with torch 2.13.0
set_up = backends._setup_privateuseone_for_python_backend  # private: this, no public way; tried with torch 2.13.0

NAME = "other"
CROSSING = {"copy_", "_copy_from", "_copy_from_and_resize"}  # from device to device
INDEXED = {"index", "index_put", "index_put_", "_index_put_impl_"}  # CUDA takes their indices from the CPU, too
OWN = {"_to_copy", "_local_scalar_dense", "_copy_from", "detach_", "set_", "resize_", "is_pinned", "_pin_memory"}
BUILT = ("CompositeExplicitAutograd", "CompositeExplicitAutogradNonFunctional")
LIBRARIES = [torch.library.Library("_", "IMPL"), torch.library.Library("aten", "IMPL")]  # they act while they live


class OtherTensor(Tensor):
    """A tensor of the device. Its numbers are `raw`, a tensor on the CPU, which its storage keeps."""

    __torch_function__ = no_override

    def __format__(self, spec: str) -> str:
        """Format a single number, as a tensor does."""
        return format(self.item(), spec) if self.dim() == 0 else object.__format__(self, spec)

    def __repr__(self) -> str:
        """Show the numbers and where they lie."""
        return f"{repr(self.detach().cpu())[:-1]}, device='{NAME}:0')"

    def __reduce_ex__(self, protocol: int) -> tuple:
        """Save the numbers as PyTorch saves those of a device of its own."""
        return rebuild, (self.detach().cpu(), self.dtype, NAME, self.requires_grad)

    @property
    def data(self) -> Tensor:
        """Return the numbers without their graph."""
        return self.detach()

    @data.setter
    def data(self, new: "OtherTensor") -> None:
        self.raw = self.untyped_storage().raw = raw_of(new)

    def tolist(self) -> list:
        """Return the numbers as a list."""
        return self.cpu().tolist()


def wrapped(raw: Tensor) -> OtherTensor:
    """Return the device's tensor of these numbers."""
    tensor = create(raw.shape, raw.dtype)
    tensor.__class__, tensor.raw, tensor.untyped_storage().raw = OtherTensor, raw, raw
    return tensor


def raw_of(tensor: Tensor) -> Tensor:
    """Return the CPU's tensor behind one of the device, and one of the CPU itself.

    Autograd keeps some results as bare copies, which know their storage but not their class.
    """
    if isinstance(tensor, OtherTensor):
        return tensor.raw
    return tensor.untyped_storage().raw if tensor.device.type == NAME else tensor


def each(change: Callable, value: object) -> object:
    """Return the argument or result with `change` done to it, or to each of a list's or tuple's members."""
    return type(value)(each(change, one) for one in value) if isinstance(value, (list, tuple)) else change(value)


def run(op: Callable, *args: object, **kwargs: object) -> object:
    """Run an operation on the CPU's numbers; raise RuntimeError where tensors lie on two devices, or where it draws.

    A GPU draws other numbers than the CPU, so what draws here would not be equal there.
    """
    name = op.name().removeprefix("aten::").partition(".")[0]
    given: dict[int, Tensor] = {}
    strangers, leaves = [], []
    indices = args[1] if name in INDEXED else ()

    def on_cpu(value: object) -> object:
        if isinstance(value, torch.device):
            leaves.append(value.type == "cpu")  # as in zeros_like(x, device="cpu")
            return torch.device("cpu")
        if not isinstance(value, Tensor):
            return value
        raw = raw_of(value)
        given[id(raw)] = value
        if raw is value and raw.dim() > 0 and not any(value is index for index in indices):
            strangers.append(value)
        return raw

    args = [each(on_cpu, arg) for arg in args]
    kwargs = {key: each(on_cpu, arg) for key, arg in kwargs.items()}
    if strangers and name not in CROSSING:
        raise RuntimeError(f"Expected all tensors to be on the same device, but found {NAME}:0 and cpu ({name})")
    if torch.Tag.nondeterministic_seeded in op.tags and not any(leaves):
        raise RuntimeError(f"random numbers drawn on {NAME}:0 ({name}); a GPU's would not be the CPU's")
    if op is torch.ops.aten.view.default:  # the wrapper is always contiguous, its numbers may not be
        op = torch.ops.aten.reshape.default
    if name.startswith("_fused_"):  # its kernel takes the gradients' numbers as they lie
        args[1] = [gradient.contiguous() for gradient in args[1]]

    def on_device(value: object) -> object:
        if not isinstance(value, Tensor) or any(leaves):
            return value
        return given[id(value)] if id(value) in given else wrapped(value)

    return each(on_device, op(*args, **kwargs))


def copy_from(source: Tensor, target: Tensor, non_blocking: bool = False) -> Tensor:
    """Copy the numbers from one device to the other."""
    raw_of(target).copy_(raw_of(source))
    return target


def register() -> None:
    """Make the device known to PyTorch; once in a process."""
    set_up(NAME)
    torch.__future__.set_swap_module_params_on_conversion(True)  # module.double() must make tensors anew
    everything, aten = LIBRARIES
    everything.fallback(run, "PrivateUse1")
    aten.impl("_copy_from", copy_from, "PrivateUse1")
    aten.impl("_local_scalar_dense", lambda tensor: raw_of(tensor).item(), "PrivateUse1")
    # An operation that PyTorch builds from others would resize their outputs, which the wrappers don't follow.
    for full_name in {name for kind in BUILT for name in registered(kind)}:
        library, _, name = full_name.partition("::")
        packet, _, overload = name.partition(".")
        if library == "aten" and "out" not in overload and packet not in OWN:
            op = getattr(getattr(torch.ops.aten, packet), overload or "default")
            aten.impl(name, lambda *args, op=op, **kwargs: run(op, *args, **kwargs), "PrivateUse1")


register()
