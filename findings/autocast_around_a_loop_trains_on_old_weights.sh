#!/usr/bin/env bash
# A training loop inside one `with torch.autocast(...)` never sees its own updates, without a word.
#
# torch.autocast keeps the low-precision copy of each weight until its outermost context ends. An optimizer's step
# changes the weight, not the copy, so that every later forward pass uses the weights of the first one: the loss is the
# same number at each step, while the weights walk away along that one gradient. A context around each forward pass, as
# PyTorch's examples have it, or cache_enabled=False, trains as expected. A loop in a function of a library, called
# under the user's autocast, is such a loop.
#
# Seen (torch 2.13.0, CPU, bfloat16): 20 equal losses under one context; falling ones otherwise.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.3.5
"$folder/venv/bin/python" - <<'PY'
import sys
from contextlib import nullcontext

import torch
from torch import nn
from torch.nn import functional as F


def autocast(cache: bool = True) -> torch.autocast:
    return torch.autocast("cpu", torch.bfloat16, cache_enabled=cache)


def trained(around, each) -> tuple[int, bool, bool]:
    """Return how many different losses 20 steps gave, whether the last is lower, and whether the weights moved."""
    torch.manual_seed(0)
    x, y = torch.randn(64, 4), torch.randn(64, 3)
    model = nn.Linear(4, 3)
    before, losses = model.weight.detach().clone(), []
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    with around:
        for _ in range(20):
            with each():
                loss = F.mse_loss(model(x).float(), y)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
    return len(set(losses)), losses[-1] < losses[0], not torch.equal(before, model.weight)


one = trained(autocast(), nullcontext)
without_cache = trained(autocast(cache=False), nullcontext)
each = trained(nullcontext(), autocast)
print("(different losses, fell, weights moved):", {"one": one, "without cache": without_cache, "each": each})
sys.exit(not (one == (1, False, True) and all(run[0] > 10 and run[1:] == (True, True) for run in (without_cache, each))))
PY
