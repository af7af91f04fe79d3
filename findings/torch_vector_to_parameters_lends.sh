#!/usr/bin/env bash
# nn.utils.vector_to_parameters "copies slices of a vector", as its documentation has it, and copies nothing.
#
# Each parameter becomes a view of the vector, so that the next optimizer step writes into what was kept as the best
# parameters. An early stopping that restores them and trains on (a restart, a smaller learning rate) and restores
# them again goes back to the last step instead of the best one, without an error. load_state_dict, of which one would
# think it the same by names, does copy. Handing over vector.clone() helps.
#
# Seen (torch 2.13.0): after restoring and 20 more steps the kept vector is the trained network's; restored from a
# state_dict the kept tensors are as they were.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.3.5
"$folder/venv/bin/python" - <<'PY'
import copy
import sys

import torch
from torch import nn
from torch.nn import functional as F
from torch.nn.utils import parameters_to_vector, vector_to_parameters

torch.manual_seed(0)
x, y = torch.randn(64, 4), torch.randn(64, 1)


def train(model: nn.Module, n_steps: int = 20) -> None:
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    for _ in range(n_steps):
        optimizer.zero_grad()
        F.mse_loss(model(x), y).backward()
        optimizer.step()


def stays(keep, restore) -> bool:
    """Return whether what was kept is the same after it was restored and the network was trained on."""
    model = nn.Sequential(nn.Linear(4, 8), nn.Tanh(), nn.Linear(8, 1))
    train(model)
    kept, before = keep(model), parameters_to_vector(model.parameters()).detach().clone()
    train(model)
    restore(model, kept)
    assert torch.equal(before, parameters_to_vector(model.parameters())), "restored is what was kept"
    train(model)
    restore(model, kept)
    return torch.equal(before, parameters_to_vector(model.parameters()))


def vector(model: nn.Module) -> torch.Tensor:
    return parameters_to_vector(model.parameters()).detach()


found = {
    "vector": stays(vector, lambda model, kept: vector_to_parameters(kept, model.parameters())),
    "its clone": stays(vector, lambda model, kept: vector_to_parameters(kept.clone(), model.parameters())),
    "state_dict": stays(lambda model: copy.deepcopy(model.state_dict()), nn.Module.load_state_dict),
}
print("restored twice, is it the same network?", found)
sys.exit(found != {"vector": False, "its clone": True, "state_dict": True})
PY
