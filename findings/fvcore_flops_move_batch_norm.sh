#!/usr/bin/env bash
# Counting a network's FLOPs or printing its table trains it: fvcore and torchsummary move BatchNorm's statistics.
#
# Both call the network once, as it is, and a new or trained network is in training mode unless eval() was called:
# nn.BatchNorm1d then takes a tenth of its running mean and variance from whatever was passed, for torchsummary from
# numbers between 0 and 1 that it draws itself, in a batch of two. No weight changes, the mode is the same afterwards
# and nothing is said, but in evaluation the predictions are others. torchinfo turns evaluation on before, but, as
# torchsummary, draws from the global generator, so that a training that follows a table has another order of rows and
# other dropout than one that does not. eval() and a seed set after the table are right.
#
# Seen (fvcore 0.1.5.post20221221, torchsummary 1.5.1, torchinfo 1.8.0, torch 2.13.0): of inputs around 100 the running
# mean 100 becomes 90 by fvcore's count with zeros and by torchsummary's table, and predictions move by four times their
# spread; torchinfo leaves it at 100. The next torch.rand(1) is another after torchsummary and torchinfo.
set -euo pipefail
version=${1:-0.1.5.post20221221}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q fvcore=="$version" torchsummary==1.5.1 torchinfo==1.8.0 torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import contextlib
import copy
import io
import logging
import sys

import torch
import torchinfo
import torchsummary
from fvcore.nn import FlopCountAnalysis
from torch import nn

logging.disable(logging.CRITICAL)  # what fvcore says of operators that it does not count
torch.manual_seed(0)
x = 100 + torch.randn(1000, 4)
model = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 16), nn.ReLU(), nn.Linear(16, 1))
with torch.no_grad():
    for _ in range(200):
        model(x)  # the running statistics become those of x


def predicted(network: nn.Module) -> torch.Tensor:
    with torch.no_grad():
        return copy.deepcopy(network).eval()(x)


before, found = predicted(model), {}
tools = {
    "nothing": lambda network: None,
    "fvcore": lambda network: FlopCountAnalysis(network, torch.zeros(2, 4)).total(),
    "torchsummary": lambda network: torchsummary.summary(network, (4,), device="cpu"),
    "torchinfo": lambda network: torchinfo.summary(network, (2, 4), verbose=0),
}
for name, tool in tools.items():
    network = copy.deepcopy(model)
    torch.manual_seed(1)
    with contextlib.redirect_stdout(io.StringIO()):
        tool(network)
    moved = (predicted(network) - before).abs().mean() / before.std()
    found[name] = network[0].running_mean.mean().item(), moved.item(), torch.rand(1).item(), network.training
    told = "{}: running mean {:.1f}, predictions moved by {:.2f} of their spread, next draw {:.3f}, training {}"
    print(told.format(name, *found[name]))
mean = {name: round(values[0]) for name, values in found.items()}
moves = [name for name, values in found.items() if values[1] > 0.5]
draws = [name for name, values in found.items() if values[2] != found["nothing"][2]]
modes = all(values[3] for values in found.values())
right = mean == {"nothing": 100, "fvcore": 90, "torchsummary": 90, "torchinfo": 100}
sys.exit(not (right and modes and moves == ["fvcore", "torchsummary"] and draws == ["torchsummary", "torchinfo"]))
PY
