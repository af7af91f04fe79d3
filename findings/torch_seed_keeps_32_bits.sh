#!/usr/bin/env bash
# torch takes seeds of 64 bits and its CPU generator keeps 32 of them: seeds 2^32 apart give the same numbers.
#
# torch.manual_seed says that a seed may be anything up to 0xffff_ffff_ffff_ffff, and initial_seed() tells it back
# whole. The Mersenne Twister of the CPU starts from its lower half alone. Seeds that are put together, such as
# (student << 32) + part, are then one seed for all students, and runs that look independent are copies of each other.
# NumPy's generators take all bits, and NumPy's old seed() refuses more than 32.
#
# Seen (torch 2.13.0, CPU): randn, randperm and dropout of seeds 1, 1 + 2^32 and 1 + 77 * 2^32 are equal, and -1 is
# 2^32 - 1; default_rng's are three streams.
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


def different(draw, seeds) -> int:
    """Return how many different draws the seeds give."""
    return len({tuple(np.asarray(draw(seed)).tolist()) for seed in seeds})


def dropped(seed):
    torch.manual_seed(seed)
    return torch.nn.functional.dropout(torch.ones(64), 0.5)


def told(seed):
    return [torch.manual_seed(seed).initial_seed()]


seeds = (1, 1 + 2**32, 1 + 77 * 2**32)
found = {
    "randn": different(lambda seed: torch.randn(64, generator=torch.Generator().manual_seed(seed)), seeds),
    "randperm": different(lambda seed: torch.randperm(64, generator=torch.Generator().manual_seed(seed)), seeds),
    "dropout": different(dropped, seeds),
    "initial_seed": different(told, seeds),
    "NumPy": different(lambda seed: np.random.default_rng(seed).normal(size=64), seeds),
    "dropout of -1 and 2^32 - 1": different(dropped, (-1, 2**32 - 1)),
}
print("different draws from three seeds:", found)
sys.exit([*found.values()] != [1, 1, 1, 3, 3, 1])
PY
