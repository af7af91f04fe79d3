#!/usr/bin/env bash
# torch.Generator() that is given no seed draws the same numbers each time, in each process.
#
# NumPy's default_rng() and Python's random.Random() ask the system for a seed, and so does torch's own generator that
# all functions share. A new torch.Generator() starts from a constant. Repetitions with a new one each draw one split,
# one shuffle, one noise over and over: the standard error of the results is 0 or that of the first weights alone.
# g.seed() draws a seed. The documentation does not say what a new generator's seed is.
#
# Seen (torch 2.13.0): ten orders of 100 rows, each from a new generator, are one order, in a second process, too.
# default_rng(), Random(), the shared generator and g.seed() give ten.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
cat >"$folder/orders.py" <<'PY'
import json
import random

import numpy as np
import torch


def seeded() -> torch.Generator:
    generator = torch.Generator()
    generator.seed()
    return generator


draw = {
    "torch.Generator()": lambda: torch.randperm(100, generator=torch.Generator()).tolist(),
    "g.seed()": lambda: torch.randperm(100, generator=seeded()).tolist(),
    "shared": lambda: torch.randperm(100).tolist(),
    "default_rng()": lambda: np.random.default_rng().permutation(100).tolist(),
    "Random()": lambda: random.Random().sample(range(100), 100),
}
print(json.dumps({name: [order() for _ in range(10)] for name, order in draw.items()}))
PY
for run in 1 2; do "$folder/venv/bin/python" "$folder/orders.py" >"$folder/$run.json"; done
"$folder/venv/bin/python" - "$folder" <<'PY'
import json
import sys
from pathlib import Path

runs = [json.loads((Path(sys.argv[1]) / f"{run}.json").read_text()) for run in (1, 2)]
found = {name: len({tuple(order) for run in runs for order in run[name]}) for name in runs[0]}
print("different orders of 20, by two processes:", found)
sys.exit(found != dict.fromkeys(found, 20) | {"torch.Generator()": 1})
PY
