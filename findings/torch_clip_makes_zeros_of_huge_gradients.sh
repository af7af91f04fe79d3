#!/usr/bin/env bash
# clip_grad_norm_ turns gradients that explode far enough into zeros, or spreads a NaN: it does not bring them to 1.
#
# All gradients are multiplied by max_norm / norm. In float32 the norm overflows once a gradient passes 1.8e19, although
# every gradient is finite: they are multiplied by 1 / inf, and the step is none. An infinite gradient becomes NaN
# (inf * 0) and the others 0; a NaN in one layer becomes NaN in all. A network that explodes at each step stands still,
# with a finite loss. Only the returned norm tells; error_if_nonfinite=True, which is off, raises. That the norm may
# overflow is not documented. clip_grad_value_ brings 1e20 and inf to the limit.
#
# Seen (torch 2.13.0): of two layers, one with gradients of 1, norm 1 is reached where the other has 1e18; at 1e20 both
# are 0, at inf NaN and 0, at NaN NaN and NaN. 30 layers of std 1 train 20 steps without moving; norm inf at each.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import math
import sys

import torch
from torch import nn

found = {}
for size in (1e18, 1e20, math.inf, math.nan):
    layers = [nn.Parameter(torch.zeros(3)) for _ in range(2)]
    layers[0].grad, layers[1].grad = torch.full((3,), size), torch.ones(3)
    norm = nn.utils.clip_grad_norm_(layers, 1.0).item()
    found[size] = [norm, *(layer.grad.norm().item() for layer in layers)]
    print(f"gradient {size:g}: norm {norm:g}, afterwards {found[size][1]:.3g} and {found[size][2]:.3g}")
right = (
    math.isclose(found[1e18][1], 1, rel_tol=1e-5)
    and found[1e20] == [math.inf, 0, 0]
    and math.isnan(found[math.inf][1])
    and found[math.inf][2] == 0
    and all(map(math.isnan, found[math.nan]))
)

torch.manual_seed(0)
model = nn.Sequential()
for _ in range(30):
    model.extend([nn.Linear(64, 64, bias=False), nn.ReLU()])
model.append(nn.Linear(64, 1, bias=False))
for parameter in model.parameters():
    nn.init.normal_(parameter)
before = [parameter.detach().clone() for parameter in model.parameters()]
optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
x, losses, norms = torch.randn(32, 64), [], []
for _ in range(20):
    optimizer.zero_grad()
    loss = model(x).abs().mean()
    loss.backward()
    assert all(parameter.grad.isfinite().all() for parameter in model.parameters())
    norms.append(nn.utils.clip_grad_norm_(model.parameters(), 1.0).item())
    optimizer.step()
    losses.append(loss.item())
moved = not all(map(torch.equal, before, (parameter.detach() for parameter in model.parameters())))
print(f"30 layers: loss {losses[0]:.3g} to {losses[-1]:.3g}, norms {set(norms)}, moved: {moved}")
sys.exit(not (right and not moved and set(norms) == {math.inf} and math.isfinite(losses[-1])))
PY
