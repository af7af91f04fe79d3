#!/usr/bin/env bash
# model.train() and eval() change nothing in a Keras model, although it is a torch.nn.Module: dropout stays off.
#
# On the torch backend a Keras model is a Module: parameters(), backward() and torch.optim work, and train() sets
# .training. The layers do not look at it but at the argument training=, and without it they answer as in evaluation.
# In a training loop of PyTorch Dropout lets all through and BatchNormalization standardises by its moving statistics,
# which stay at 0 and 1 for ever; the same for a Keras layer inside one's own Module. No warning. model(x,
# training=True) is right.
#
# Seen (Keras 3.15.1, torch 2.13.0): after train() no value of 640 is dropped, and the moving mean stays 0; with
# training=True about half are, and the mean moves, after eval(), too.
set -euo pipefail
version=${1:-3.15.1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q keras=="$version" torch==2.13.0 numpy==2.4.6
KERAS_BACKEND=torch "$folder/venv/bin/python" - <<'PY'
import sys

import keras
import torch
from keras import layers

torch.manual_seed(0)
keras.utils.set_random_seed(0)
x = 1 + 3 * torch.randn(64, 10)
found = {}
for name, mode, given in (("train()", True, {}), ("eval(), training=True", False, {"training": True})):
    dropout, norm = layers.Dropout(0.5), layers.BatchNormalization()
    model = keras.Sequential([keras.Input((10,)), dropout, norm])
    model.train(mode)
    assert isinstance(model, torch.nn.Module) and model.training == mode
    zeros = (dropout(x, **given) == 0).float().mean().item()
    model(x, **given)
    found[name] = zeros, norm.moving_mean.value.abs().max().item()
    print(f"{name}: dropped {zeros:.2f}, largest moving mean {found[name][1]:.3f}")


class Network(torch.nn.Module):
    def __init__(self) -> None:
        super().__init__()
        self.theirs, self.ours = layers.Dropout(0.5), torch.nn.Dropout(0.5)


network = Network().train()
inside = [(layer(x) == 0).float().mean().item() for layer in (network.theirs, network.ours)]
print(f"in one Module after train(): Keras's Dropout drops {inside[0]:.2f}, torch's {inside[1]:.2f}")
off, on = found["train()"], found["eval(), training=True"]
sys.exit(not (off == (0, 0) and 0.4 < on[0] < 0.6 and on[1] > 0 and inside[0] == 0 and 0.4 < inside[1] < 0.6))
PY
