#!/usr/bin/env bash
# Python's random.shuffle takes a tensor and loses values of it, without an error; of a NumPy vector it loses none.
#
# It swaps by x[i], x[j] = x[j], x[i]. An element of a list, or of a NumPy vector, is a value of its own; an element of
# a tensor, even of a vector, is a view of it, so that the first assignment overwrites what the second reads. Values
# come twice or more and others never: row numbers of a split, that were shuffled so, hold a row in two of the parts,
# and labels get other proportions. The idiom by itself does the same: x[0], x[1] = x[1], x[0] writes x[1] twice.
# (NumPy's matrices behave so, too, and NumPy's documentation warns of them; its vectors do not.) x[torch.randperm(n)]
# shuffles.
#
# Seen (torch 2.13.0, numpy 2.4.6, Python 3.11.7): of torch.arange(1000) about a half are left, of
# np.arange(1000) all.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import random
import sys

import numpy as np
import torch

left = {}
for name, rows in {"tensor": torch.arange(1000), "array": np.arange(1000), "list": list(range(1000))}.items():
    random.seed(0)
    random.shuffle(rows)
    left[name] = len({int(row) for row in rows})
print("different values of 1,000 after random.shuffle:", left)
pair = torch.tensor([1, 2])
pair[0], pair[1] = pair[1], pair[0]
print("1, 2 swapped:", pair.tolist())
sys.exit(not (left["tensor"] < 700 and left["array"] == left["list"] == 1000 and pair.tolist() == [2, 2]))
PY
