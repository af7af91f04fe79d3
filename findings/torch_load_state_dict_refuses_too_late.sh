#!/usr/bin/env bash
# load_state_dict raises that a state_dict does not fit, and has loaded what fits of it.
#
# It copies tensor by tensor, gathers what is missing, unexpected or of another shape, and raises at the end. A caller
# who catches the RuntimeError, to go on with the network as it was (freshly drawn, or trained), goes on with a mixture
# of both; so does a learner who runs the next cell of a notebook. It holds for strict=True, whose point is to take all
# or nothing. An optimizer's load_state_dict looks first and is left as it was.
#
# Seen (torch 2.13.0): of a network whose last layer has another width, and of one with a name too many, the first
# layer is the other network's after the error; the optimizer, refused, has its old momentum.
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

torch.manual_seed(0)
wider = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 3)).state_dict()
one_more = {**nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1)).state_dict(), "scale": torch.ones(1)}


def first_layer(state: dict[str, torch.Tensor]) -> str:
    """Return whose the first layer is after the state was refused."""
    model = nn.Sequential(nn.Linear(4, 8), nn.ReLU(), nn.Linear(8, 1))
    before = model[0].weight.detach().clone()
    try:
        model.load_state_dict(state)
    except RuntimeError as error:
        print(str(error).splitlines()[1].strip())
    else:
        sys.exit("It was not refused.")
    if torch.equal(model[0].weight, before):
        return "its own"
    return "the other's" if torch.equal(model[0].weight, state["0.weight"]) else "a mixture"


def optimizer_stays() -> bool:
    """Return whether a refused optimizer is as it was."""
    one, two = torch.zeros(3, requires_grad=True), torch.zeros(3, requires_grad=True)
    (one * torch.arange(3.0)).sum().backward()
    optimizer, other = torch.optim.SGD([one], lr=1.0, momentum=0.9), torch.optim.SGD([one, two], lr=5.0)
    optimizer.step()
    try:
        optimizer.load_state_dict(other.state_dict())
    except ValueError as error:
        print(error)
    kept = optimizer.state[one]["momentum_buffer"]
    return optimizer.param_groups[0]["lr"] == 1.0 and torch.equal(kept, torch.arange(3.0))


found = {"wider": first_layer(wider), "one more": first_layer(one_more), "optimizer stays": optimizer_stays()}
print("after the error:", found)
sys.exit(found != {"wider": "the other's", "one more": "the other's", "optimizer stays": True})
PY
