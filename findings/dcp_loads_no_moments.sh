#!/usr/bin/env bash
# torch.distributed.checkpoint resumes a new Adam without its moments and step count, in silence.
#
# dcp.load fills the dictionary it is given and leaves out what is not in there. The state_dict() of an optimizer that
# has not stepped yet has no state, so that nothing of it is asked for, though all of it lies in the checkpoint;
# load_state_dict() of the empty state is no error, and Adam begins anew, with steps as large as its first. torch.save
# and torch.load of the same dictionary are right, as is get_optimizer_state_dict(), which makes the state first.
#
# Seen (torch 2.13.0, one process): the checkpoint has exp_avg and exp_avg_sq of both parameters, the loaded state is
# {}; 10 steps and 5 after resuming end at a loss of 0.721 instead of 0.713.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" -W "ignore:torch.distributed is:UserWarning" - "$folder" <<'PY'
import sys
from pathlib import Path

import torch
import torch.distributed.checkpoint as dcp
from torch import nn
from torch.distributed.checkpoint.state_dict import get_optimizer_state_dict, set_optimizer_state_dict

folder = Path(sys.argv[1])
torch.manual_seed(0)
x, y = torch.randn(64, 3), torch.randn(64, 1)


def start() -> tuple[nn.Module, torch.optim.Optimizer]:
    torch.manual_seed(1)
    model = nn.Linear(3, 1)
    return model, torch.optim.Adam(model.parameters(), lr=0.1)


def train(model: nn.Module, optimizer: torch.optim.Optimizer, n_steps: int) -> float:
    for _ in range(n_steps):
        optimizer.zero_grad()
        loss = nn.functional.mse_loss(model(x), y)
        loss.backward()
        optimizer.step()
    return loss.item()


model, optimizer = start()
train(model, optimizer, 10)
state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
dcp.save(state, checkpoint_id=folder / "dcp")
dcp.save({"optimizer": get_optimizer_state_dict(model, optimizer)}, checkpoint_id=folder / "by name")
torch.save(state, folder / "file")
ends = {"uninterrupted": train(model, optimizer, 5)}

model, optimizer = start()
state = torch.load(folder / "file")
model.load_state_dict(state["model"])
optimizer.load_state_dict(state["optimizer"])
ends["torch.load"] = train(model, optimizer, 5)

model, optimizer = start()
state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
dcp.load(state, checkpoint_id=folder / "dcp")
loaded = state["optimizer"]["state"]
model.load_state_dict(state["model"])
optimizer.load_state_dict(state["optimizer"])
ends["dcp.load"] = train(model, optimizer, 5)

model, optimizer = start()
state = {"model": model.state_dict()}
dcp.load(state, checkpoint_id=folder / "dcp")
by_name = {"optimizer": get_optimizer_state_dict(model, optimizer)}
dcp.load(by_name, checkpoint_id=folder / "by name")
model.load_state_dict(state["model"])
set_optimizer_state_dict(model, optimizer, by_name["optimizer"])
ends["dcp.load by name"] = train(model, optimizer, 5)

saved = [key for key in dcp.FileSystemReader(folder / "dcp").read_metadata().state_dict_metadata if "exp_avg" in key]
print("in the checkpoint:", saved)
print("loaded:", loaded)
print("last loss:", ends)
right = ends["uninterrupted"] == ends["torch.load"] == ends["dcp.load by name"]
sys.exit(not (right and len(saved) == 4 and loaded == {} and abs(ends["dcp.load"] - ends["torch.load"]) > 1e-4))
PY
