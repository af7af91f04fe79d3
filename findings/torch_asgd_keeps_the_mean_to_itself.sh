#!/usr/bin/env bash
# torch.optim.ASGD never gives the network the averaged weights that it is named for.
#
# "Averaged stochastic gradient descent" keeps the mean of the weights in optimizer.state[weight]["ax"]; the network's
# parameters stay the last step's, with all their noise, and nothing public copies the mean back. By default the mean
# starts after a million steps (t0=1e6), until when "ax" is a copy of the last step, too. What is evaluated and saved is
# plain SGD with a slowly falling rate. "ax" is not documented. torch.optim.swa_utils.AveragedModel has a mean to use.
#
# Seen (torch 2.13.0): linear regression, 2,000 steps of 4 rows at rate 0.1. The distance from the least squares'
# solution is 0.37 in the network whether t0 is 1e6 or 100; of "ax" it is 0.37 and 0.03.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import torch
from torch import nn
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
torch.manual_seed(0)
x, noise = torch.randn(200, 5), torch.randn(200, 1)
y = x @ torch.randn(5, 1) + noise
best = torch.linalg.lstsq(x, y).solution.T
found = {}
for t0 in (1e6, 100):
    torch.manual_seed(1)
    model = nn.Linear(5, 1, bias=False)
    optimizer = torch.optim.ASGD(model.parameters(), lr=0.1, t0=t0, lambd=0, alpha=0)
    for _ in range(2000):
        rows = torch.randint(200, (4,))
        optimizer.zero_grad()
        F.mse_loss(model(x[rows]), y[rows]).backward()
        optimizer.step()
    mean = optimizer.state[model.weight]["ax"]
    found[t0] = {name: (w - best).norm().item() for name, w in {"network": model.weight, "ax": mean}.items()}
    print(f"t0={t0:g}: distance from the best weights", {name: round(far, 3) for name, far in found[t0].items()})
late, early = found[1e6], found[100]
kept = early["ax"] < 0.3 * early["network"]
sys.exit(not (late["network"] == late["ax"] == early["network"] and kept))
PY
