#!/usr/bin/env bash
# From one seed, fewer than 16 normal numbers are others than the first of 16, and the size changes later ones, too.
#
# On the CPU torch.randn makes pairs by Box and Muller. Below 16 numbers it makes them one by one; from 16 on eight and
# eight from uniform ones drawn all at once, and the last 16 once more where the size is no multiple of 16. So one seed
# does not mean one stream: a data set with one row less is no part of the larger one, unlike NumPy's.
#
# Seen (torch 2.13.0): randn(15) shares no number with randn(16); randn(16) is the start of randn(32), but of randn(17)
# only the first number is the same. torch.rand is one stream at every size, and so is NumPy's normal generator.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.3.5
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import torch


def same(draw, short: int, long: int) -> int:
    """Return how many of the shorter draw's numbers stand at their places in the longer one, too."""
    one, other = (draw(size) for size in (short, long))
    return int(sum(float(a) == float(b) for a, b in zip(one, other)))


def normal(size):
    return torch.randn(size, generator=torch.Generator().manual_seed(123))


def uniform(size):
    return torch.rand(size, generator=torch.Generator().manual_seed(123))


def numpys(size):
    return np.random.default_rng(123).normal(size=size)


pairs = ((15, 16), (16, 32), (16, 17))
found = {draw.__name__: [same(draw, *pair) for pair in pairs] for draw in (normal, uniform, numpys)}
print("numbers that stay, for", pairs, found)
sys.exit(found != {"normal": [0, 16, 1], "uniform": [15, 16, 16], "numpys": [15, 16, 16]})
PY
