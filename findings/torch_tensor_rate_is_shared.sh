#!/usr/bin/env bash
# A learning rate that is given as a tensor is one for all groups and all optimizers: a scheduler changes it for all.
#
# lr=torch.tensor(0.1) is what PyTorch's tutorials advise under torch.compile. The optimizer keeps the very tensor, in
# each group that has no rate of its own, and a scheduler writes into it: with one lambda for each group both groups get
# the last one's rate, get_last_lr() says so as if it were meant, and the next optimizer that is made from the same
# variable begins where the schedule of the one before has ended. A number has neither.
#
# Seen (torch 2.13.0): two groups, one to stay at 0.1 and one to be halved, are at 0.0125 both after three steps; of
# five networks trained in a loop, each with a rate that falls to a tenth, the fifth begins at 1e-5.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from torch import nn
from torch.optim import lr_scheduler

warnings.simplefilter("error")
groups, begins = {}, {}
for name, lr in {"number": 0.1, "tensor": torch.tensor(0.1)}.items():
    layers = [nn.Linear(2, 2), nn.Linear(2, 2)]
    optimizer = torch.optim.Adam([{"params": layer.parameters()} for layer in layers], lr=lr)
    scheduler = lr_scheduler.LambdaLR(optimizer, [lambda step: 1, lambda step: 0.5**step])
    for _ in range(3):
        optimizer.step()
        scheduler.step()
    groups[name] = [round(float(group["lr"]), 6) for group in optimizer.param_groups]
for name, lr in {"number": 0.1, "tensor": torch.tensor(0.1)}.items():
    begins[name] = []
    for _ in range(5):
        optimizer = torch.optim.Adam(nn.Linear(2, 2).parameters(), lr=lr)
        begins[name].append(round(float(optimizer.param_groups[0]["lr"]), 8))
        scheduler = lr_scheduler.LinearLR(optimizer, start_factor=1, end_factor=0.1, total_iters=10)
        for _ in range(10):
            optimizer.step()
            scheduler.step()
print("rates of the two groups after three steps:", groups)
print("rate at the first step of five trainings:", begins)
once = groups == {"number": [0.1, 0.0125], "tensor": [0.0125, 0.0125]}
sys.exit(not (once and begins == {"number": [0.1] * 5, "tensor": [0.1, 0.01, 0.001, 0.0001, 0.00001]}))
PY
