#!/usr/bin/env bash
# nn.Dropout1d behind nn.Linear drops whole rows of the batch, where nn.BatchNorm1d takes the same tensor by columns.
#
# (rows, nodes) is what nn.BatchNorm1d calls (N, C). nn.Dropout1d has no such form: two dimensions are one example
# (C, L) to it, so that its channels are the rows. A row is zero in all nodes or doubled in all, the shapes fit, and the
# layers before it learn from the rows that are left: smaller batches instead of nodes that do without each other.
# nn.Dropout2d warns of two dimensions, nn.Dropout1d does not. nn.Dropout is what is meant. The shapes are documented.
#
# Seen (torch 2.13.0): with p=0.5 each of 1000 rows of 20 nodes is all zero or not at all, without a warning, and half
# of the rows have a gradient; behind nn.Dropout each row is zero in part, and all have one.
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

found = {}
for layer in (nn.Dropout(0.5), nn.Dropout1d(0.5), nn.Dropout2d(0.5)):
    torch.manual_seed(0)
    h = torch.ones(1000, 20)
    model = nn.Sequential(nn.Linear(20, 20), layer)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        dropped = layer(h)
        x = torch.randn(1000, 20, requires_grad=True)
        model(x).sum().backward()
    found[type(layer).__name__] = {
        "rows all zero": (dropped == 0).all(dim=1).sum().item(),
        "rows partly zero": ((dropped == 0).any(dim=1) & (dropped != 0).any(dim=1)).sum().item(),
        "rows that teach": x.grad.any(dim=1).sum().item(),
        "warned": bool(caught),
    }
by_column = nn.BatchNorm1d(20)(torch.randn(1000, 20)).mean(dim=0).abs().max() < 1e-5
print("BatchNorm1d standardises the columns:", bool(by_column))
for name, seen in found.items():
    print(f"{name}:", seen)
plain, by_row = found["Dropout"], found["Dropout1d"]
sys.exit(
    not (
        by_column
        and plain == {"rows all zero": 0, "rows partly zero": 1000, "rows that teach": 1000, "warned": False}
        and 400 < by_row["rows all zero"] < 600
        and 400 < by_row["rows that teach"] < 600
        and by_row["rows partly zero"] == 0
        and not by_row["warned"]
        and found["Dropout2d"]["warned"]
    )
)
PY
