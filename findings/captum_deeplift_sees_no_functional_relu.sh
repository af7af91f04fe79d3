#!/usr/bin/env bash
# Captum's DeepLift of a network that writes F.relu is gradient times input: its rule holds for nn.ReLU modules alone.
#
# The rule is put into the backward hooks of modules. An activation that is called as a function, F.relu, torch.relu or
# clamp, has none and is differentiated as it is; the attributions no longer sum to the difference of the outputs, which
# is what DeepLift promises. DeepLiftShap, GuidedBackprop and Deconvolution do the same. Nothing is said of it: the
# warning about hooks comes in either case. The documentation speaks of "a limited number of non-linear activations".
# return_convergence_delta=True tells by how much the sum is off; IntegratedGradients takes any network.
#
# Seen (captum 0.9.0, torch 2.13.0): one set of weights with nn.ReLU and with F.relu. With modules the sums are right to
# 1e-7; with functions they are off by up to 0.12 where the outputs differ by 0.42 at most, and equal gradient times input
# in each digit.
set -euo pipefail
version=${1:-0.9.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q captum=="$version" torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from captum.attr import DeepLift, GuidedBackprop, InputXGradient, IntegratedGradients
from torch import Tensor, nn
from torch.nn import functional as F

warnings.simplefilter("ignore")  # that hooks are set, of both networks
torch.manual_seed(0)


class OfModules(nn.Module):
    """Two layers and nn.ReLU."""

    def __init__(self) -> None:
        super().__init__()
        self.layer_1, self.relu, self.layer_2 = nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1)

    def forward(self, x: Tensor) -> Tensor:
        return self.layer_2(self.relu(self.layer_1(x)))


class OfFunctions(OfModules):
    """The same, by F.relu."""

    def forward(self, x: Tensor) -> Tensor:
        return self.layer_2(F.relu(self.layer_1(x)))


modules, functions = OfModules(), OfFunctions()
functions.load_state_dict(modules.state_dict())
x, zeros = torch.randn(50, 4), torch.zeros(50, 4)
difference = (modules(x) - modules(zeros)).squeeze(dim=1)
off = {}
for model in (modules, functions):
    attributed = DeepLift(model).attribute(x, baselines=zeros)
    off[type(model).__name__] = (attributed.sum(dim=1) - difference).abs().max().item()
plain = torch.equal(attributed, InputXGradient(functions).attribute(x))
print(f"largest difference of the outputs {difference.abs().max().item():.2f}; DeepLift's sums are off by up to", off)
print("of F.relu DeepLift is gradient times input:", plain)
guided, integrated = (
    (way(modules).attribute(x) - way(functions).attribute(x)).abs().max().item()
    for way in (GuidedBackprop, IntegratedGradients)
)
print(f"the two networks differ by {guided:.2f} in GuidedBackprop, by {integrated:.2f} in IntegratedGradients")
right = off["OfModules"] < 1e-5 and integrated < 1e-5
sys.exit(not (right and off["OfFunctions"] > 0.05 and plain and guided > 0.05))
PY
