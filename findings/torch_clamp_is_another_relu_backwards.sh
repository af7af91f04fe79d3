#!/usr/bin/env bash
# The ways to write a ReLU agree forwards and have three gradients at 0: a dead network stays dead or learns by them.
#
# F.relu, torch.where(z > 0, z, 0) and z * (z > 0) have gradient 0 at z = 0, z.clamp(min=0) has 1, torch.maximum 1/2,
# though PyTorch's notes on autograd promise for a convex function the subgradient of the smallest norm, which is 0.
# Exact zeros are rare with random biases, and the rule where biases start at 0: for a row of zeros, and behind a layer
# whose nodes are all off. Told as https://github.com/pytorch/pytorch/issues/184572 in May 2026.
#
# Seen (torch 2.13.0, CPU): the gradients above; of one network whose first layer starts at 0, 300 steps leave the loss
# at 0.25 with ReLU and bring it below 0.2 with clamp and maximum.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.3.5
"$folder/venv/bin/python" - <<'PY'
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
WAYS = {
    "relu": F.relu,
    "where": lambda z: torch.where(z > 0, z, 0.0),
    "product": lambda z: z * (z > 0),
    "clamp": lambda z: z.clamp(min=0),
    "maximum": lambda z: torch.maximum(z, torch.zeros(())),
}
z = torch.linspace(-2, 2, 101)
x = torch.rand(32, 2, generator=torch.Generator().manual_seed(0))
y = (x.sum(dim=1, keepdim=True) > 1).double()


def gradient(relu) -> float:
    """Return the derivative at 0."""
    at = torch.zeros((), requires_grad=True)
    relu(at).backward()
    return at.grad.item()


def trained(relu) -> float:
    """Return the loss of a network whose hidden nodes start at 0 after 300 steps."""
    torch.manual_seed(0)
    hidden, output = nn.Linear(2, 16), nn.Linear(16, 1)
    for parameter in hidden.parameters():
        nn.init.zeros_(parameter)
    optimizer = torch.optim.SGD([*hidden.parameters(), *output.parameters()], lr=0.1)
    for _ in range(300):
        loss = F.mse_loss(output(relu(hidden(x))), y)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


assert all(torch.equal(relu(z), F.relu(z)) for relu in WAYS.values())
gradients = {name: gradient(relu) for name, relu in WAYS.items()}
losses = {name: round(trained(relu), 3) for name, relu in WAYS.items()}
print("gradient at 0:", gradients)
print("loss:", losses)
expected = {"relu": 0, "where": 0, "product": 0, "clamp": 1, "maximum": 0.5}
sys.exit(gradients != expected or any((losses[name] > 0.2) != (expected[name] == 0) for name in WAYS))
PY
