#!/usr/bin/env bash
# GaussianNLLLoss and PoissonNLLLoss broadcast a column against a row without the warning that MSELoss gives.
#
# Of y_pred (N, 1) and y (N,) MSELoss, L1Loss and HuberLoss compute all N x N pairs and warn that the sizes differ,
# BCEWithLogitsLoss refuses. GaussianNLLLoss, PoissonNLLLoss and HingeEmbeddingLoss pair each prediction with each y and
# say nothing: what the network learns best is one answer for all rows, the mean. GaussianNLLLoss looks at the size
# of var alone. Its documentation allows a target "with one dimension equal to 1", not one that has a dimension less.
#
# Seen (torch 2.13.0): with warnings as errors a network learns y = 2x + noise for 500 steps of GaussianNLLLoss: of y
# (N, 1) it explains 0.96 of the variance, of y (N,) 0.00, and the variance that it tells is that of y.
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

torch.set_num_threads(1)
torch.manual_seed(0)
column, row = torch.rand(8, 1), torch.rand(8)
losses = (nn.MSELoss(), nn.L1Loss(), nn.HuberLoss(), nn.BCEWithLogitsLoss(), nn.GaussianNLLLoss(), nn.PoissonNLLLoss())
said = {}
for loss_fn in (*losses, nn.HingeEmbeddingLoss()):
    more = [torch.ones(8, 1)] if isinstance(loss_fn, nn.GaussianNLLLoss) else []
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            loss_fn(column, row, *more)
            said[type(loss_fn).__name__] = "warning" if caught else "nothing"
        except ValueError:
            said[type(loss_fn).__name__] = "error"
print("of (8, 1) and (8,) they say:", said)

warnings.simplefilter("error")
x = torch.randn(200, 1)
y = 2 * x + 0.4 * torch.randn(200, 1)
found = {}
for name, target in {"(N, 1)": y, "(N,)": y.squeeze(dim=1)}.items():
    torch.manual_seed(1)
    model, log_var = nn.Linear(1, 1), nn.Parameter(torch.zeros(1))
    optimizer = torch.optim.Adam([*model.parameters(), log_var], lr=0.02)
    for _ in range(500):
        optimizer.zero_grad()
        nn.GaussianNLLLoss()(model(x), target, log_var.exp().expand(200, 1)).backward()
        optimizer.step()
    r2 = 1 - ((model(x) - y) ** 2).mean() / y.var(correction=0)
    found[name] = r2.item(), log_var.exp().item()
    print(f"y {name}: R2 {found[name][0]:.2f}, variance told {found[name][1]:.2f}, of y {y.var().item():.2f}")
silent = [name for name, word in said.items() if word == "nothing"]
quiet = silent == ["GaussianNLLLoss", "PoissonNLLLoss", "HingeEmbeddingLoss"]
loud = [said[name] for name in ("MSELoss", "L1Loss", "HuberLoss", "BCEWithLogitsLoss")] == ["warning"] * 3 + ["error"]
learnt = found["(N, 1)"][0] > 0.9 and abs(found["(N,)"][0]) < 0.02 and found["(N,)"][1] > 0.8 * y.var().item()
sys.exit(not (quiet and loud and learnt))
PY
