"""Tests of use_device: what is made lies on the other device, and what is drawn is what the CPU draws.

They run in a process of their own, as the device of other_device.py stays as long as its process does.
"""

import os
import subprocess
import sys
from pathlib import Path

import elsewhere
import nbformat
import pytest
import torch
from nbcheck import ROOT
from torch.overrides import _get_current_function_mode_stack

import mlp_tutorial as mt
from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = [*notebooks().values()]

START = """
import numpy as np
import other_device
import torch
from torch import nn

import mlp_tutorial as mt
on_cpu = torch.device("cpu")


def drawn(draw):
    torch.manual_seed(1)
    return draw()


def agree(draw):
    "The draw gives the CPU's numbers, on the other device."
    mt.use_device("cpu")
    expected = drawn(draw)
    mt.use_device("other")
    found = drawn(draw)
    assert (expected.device.type, found.device.type) == ("cpu", "other"), (expected.device, found.device)
    assert torch.equal(found.detach().cpu(), expected.detach()), (found, expected)
"""
CASES = {
    "normal": "agree(lambda: torch.randn(3, 4))",
    "own generator": "agree(lambda: torch.rand(5, generator=torch.Generator().manual_seed(3)))",
    "integers": "agree(lambda: torch.randint(9, (4,)))",
    "permutation": "agree(lambda: torch.randperm(6))",
    "in place": "agree(lambda: torch.zeros(4).uniform_(-1, 1))",
    "in place, own generator": "agree(lambda: torch.zeros(4).normal_(generator=torch.Generator().manual_seed(3)))",
    "bias": "agree(lambda: nn.Linear(3, 2).bias)",
    "weight": "agree(lambda: mt.MLP((2, 3, 2)).layer_02.weight)",
    "weight in float64": "torch.set_default_dtype(torch.float64); agree(lambda: nn.Linear(3, 2).weight)",
    "constant weight": "agree(lambda: nn.init.constant_(nn.Linear(2, 2).weight, 3.0))",
    "numbers": "agree(lambda: torch.tensor([[1.0, 2.0]]))",
    "from NumPy": "agree(lambda: torch.as_tensor(np.arange(3)))",
    "data": "agree(lambda: mt.two_moons(10)[0])",
    "leaf": "mt.use_device('other'); x = torch.ones(2, requires_grad=True); (x * x).sum().backward(); "
    "assert x.is_leaf and x.grad.tolist() == [2, 2]",
    "named device": "mt.use_device('other'); assert torch.zeros(2, device='cpu').device == on_cpu",
    "NumPy": "mt.use_device('other'); assert np.asarray(torch.arange(3)).tolist() == [0, 1, 2]",
    "numpy()": "mt.use_device('other'); assert torch.arange(3).numpy().tolist() == [0, 1, 2]",
    "back": "mt.use_device('other'); mt.use_device('cpu'); assert torch.zeros(2).device == on_cpu",
    "left to the CPU": "mt.use_device('other'); x = torch.zeros(2); "
    "assert torch.ones_like(x, device='cpu').device == on_cpu",
    "gradient through a draw": "mt.use_device('other'); x = torch.ones(2, requires_grad=True); y = 2 * x; y.normal_(); "
    "y.sum().backward(); assert x.grad.tolist() == [0, 0]",
    "no numbers": "agree(lambda: (nn.Linear(3, 2, device='meta'), torch.randn(2))[1])",
    "split": "mt.use_device('other'); assert len(mt.split(*mt.random_data(10, 3, 1))) == 3",
    "explorer": "mt.use_device('other'); from mlp_tutorial import explore; explore.Training()",
    "training": "mt.use_device('other'); how = {'loss_fn': nn.functional.cross_entropy}; "
    "losses = mt.fit(mt.MLP((2, 4, 2)), *mt.two_moons(20), **how, learning_rate=0.1, n_steps=5).losses; "
    "assert losses.device == on_cpu",
}


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run the code after START in an interpreter of its own."""
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tools")}
    command = [sys.executable, "-W", "error", "-c", START + code]
    return subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", check=False)


def test_what_is_made_is_there_and_what_is_drawn_is_the_cpus() -> None:
    fresh = "\nmt.use_device('cpu')\ntorch.set_default_dtype(torch.float32)\n"
    done = python("".join(f"{fresh}{case}  # {name}\n" for name, case in CASES.items()))
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("torch.ones(2, device='other') + torch.ones(2)", "Expected all tensors to be on the same device"),
        ("nn.Linear(2, 1)(torch.ones(2, device='other'))", "Expected all tensors to be on the same device"),
        ("torch.ones(3)[torch.zeros(1, dtype=torch.long, device='other')]", "Expected all tensors to be on the same"),
        ("torch.zeros(2, device='other').uniform_()", "random numbers drawn on other:0"),
        ("torch.ones(2, device='other').numpy()", "can't convert other:0 device type tensor to numpy"),
        ("np.asarray(torch.ones(2, device='other'))", "can't convert other:0 device type tensor to numpy"),
    ],
)
def test_the_other_device_is_as_strict_as_a_gpu(code: str, told: str) -> None:
    assert told in python(code).stderr


def test_a_device_that_is_not_there_is_told_and_changes_nothing() -> None:
    before = _get_current_function_mode_stack()
    with pytest.raises(ValueError, match="device는 이 컴퓨터에서 쓸 수 있는 장치여야"):
        mt.use_device("xpu" if not torch.xpu.is_available() else "mps")
    assert _get_current_function_mode_stack() == before


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_one_line_of_each_notebook_sets_the_device(path: Path) -> None:
    nb = nbformat.read(path, as_version=4)
    changed = [new for old, new in zip(nb.cells, elsewhere.moved(nb, "cuda").cells, strict=True) if old != new]
    assert len(changed) == 1
    assert 'cuda"' in changed[0].source


def test_a_notebook_with_other_than_one_such_line_is_refused() -> None:
    nb = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell('device = "cpu"\nmt.use_device("cpu")')])
    with pytest.raises(ValueError, match=r"하나여야 합니다 \(찾은 줄: 2\)"):
        elsewhere.moved(nb, "cuda")


def test_a_notebook_that_forgets_to_move_is_told(tmp_path: Path) -> None:
    source = 'import torch\ndevice = "cpu"\nprint((torch.ones(2) + torch.ones(2, device=device)).sum())'
    cell = nbformat.v4.new_code_cell(source, execution_count=1)
    cell.outputs = [nbformat.v4.new_output("stream", text="tensor(4.)\n")]
    path = tmp_path / "01_forgets.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), path)
    told = elsewhere.differences(path, "other")
    assert any("Expected all tensors to be on the same device" in line for line in told), told
