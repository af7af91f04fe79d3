#!/usr/bin/env bash
# set, Counter and dict take every label in a tensor for a class of its own, and `in` finds rows that are not there.
#
# Tensors are hashed by identity, not by their value, and an element of a tensor is a new tensor: set(y) has as many
# members as y has elements, Counter(y) counts each once, statistics.mode(y) is the first label. A network with
# len(set(y)) outputs trains without an error, as class numbers fit into too many. `row in x` asks whether any one number agrees,
# broadcast: a test row "is" in the training rows if it shares a 0 with one. NumPy's rows hash by value; y.tolist(),
# y.unique(), y.bincount() and (x == row).all(dim=1).any() are right.
#
# Seen (torch 2.13.0): of 150 labels of three classes set and Counter have 150 members, of their array and list three;
# (1, 9) is in ((1, 2), (3, 4)).
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import statistics
import sys
import warnings
from collections import Counter

import torch
from torch import nn

warnings.simplefilter("error")
torch.manual_seed(0)
y = torch.tensor([0, 1, 2, 2, 2] * 30)
labels = {"tensor": y, "array": y.numpy(), "list": y.tolist()}
found = {name: (len(set(of)), len(Counter(of)), int(statistics.mode(of))) for name, of in labels.items()}
for name, (n_set, n_counted, mode) in found.items():
    print(f"{name}: {n_set} members of set, {n_counted} of Counter, most frequent {mode}")
x = torch.randn(150, 4)
model = nn.Linear(4, len(set(y)))
loss = nn.CrossEntropyLoss()(model(x), y)
loss.backward()
print(f"a network with {model.out_features} outputs has loss {loss.item():.2f} and no error")
rows, row = torch.tensor([[1, 2], [3, 4]]), torch.tensor([1, 9])
inside = row in rows, (rows == row).all(dim=1).any().item()
print("(1, 9) in ((1, 2), (3, 4)):", inside[0], "by all and any:", inside[1])
counted = found == {"tensor": (150, 150, 0), "array": (3, 3, 2), "list": (3, 3, 2)}
sys.exit(not (counted and model.out_features == 150 and loss.isfinite() and inside == (True, False)))
PY
