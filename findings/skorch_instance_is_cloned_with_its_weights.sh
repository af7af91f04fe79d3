#!/usr/bin/env bash
# A skorch network that was given as nn.Module(…) instead of its class is cross-validated with weights it has learnt.
#
# scikit-learn's clone() gives an estimator that has learnt nothing, and cross_val_score relies on it. skorch accepts a
# module's instance as well as its class; fit() trains that very instance, and clone() copies the parameter `module`,
# which is now the trained network. After one fit() on all rows each fold of a cross-validation begins with what was
# learnt from the rows it is tested on, and a second fit() goes on instead of starting anew. With the class, all is as
# in scikit-learn. Neither warns.
#
# Seen (skorch 1.4.0, scikit-learn 1.9.1, torch 2.13.0): of labels drawn by coin 0.47 are right in cross-validation
# before fit() and 0.93 after it; given as a class 0.47 and 0.52. The first loss of a second fit() is 0.00, not 0.71.
set -euo pipefail
version=${1:-1.4.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q skorch=="$version" scikit-learn==1.9.1 torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import torch
from sklearn.model_selection import KFold, cross_val_score
from skorch import NeuralNetClassifier
from torch import nn

torch.set_num_threads(1)
torch.manual_seed(0)
drawn = np.random.default_rng(0)
x = drawn.standard_normal((200, 50), dtype=np.float32)
y = drawn.integers(0, 2, 200)  # nothing in x tells it
folds = KFold(5, shuffle=True, random_state=0)


class Network(nn.Sequential):
    """The network, which takes no arguments."""

    def __init__(self) -> None:
        super().__init__(nn.Linear(50, 64), nn.ReLU(), nn.Linear(64, 2))


right, first_losses = {}, {}
for name, module in {"class": Network, "instance": Network()}.items():
    torch.manual_seed(0)
    net = NeuralNetClassifier(
        module,
        criterion=nn.CrossEntropyLoss,
        optimizer=torch.optim.Adam,
        lr=0.01,
        max_epochs=30,
        train_split=None,
        verbose=0,
    )
    right[name] = [cross_val_score(net, x, y, cv=folds).mean()]
    first_losses[name] = [net.fit(x, y).history[0, "train_loss"]]
    right[name].append(cross_val_score(net, x, y, cv=folds).mean())
    first_losses[name].append(net.fit(x, y).history[0, "train_loss"])
    print(f"{name}: right in cross-validation before fit and after:", *(f"{share:.2f}" for share in right[name]))
    print(f"{name}: first loss of the first fit and of the second:", *(f"{loss:.2f}" for loss in first_losses[name]))
learnt_anew = max(*right["class"], right["instance"][0]) < 0.6 and first_losses["class"][1] > 0.5
went_on = right["instance"][1] > 0.8 and first_losses["instance"][1] < 0.1
sys.exit(0 if learnt_anew and went_on else 1)
PY
