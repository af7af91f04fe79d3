#!/usr/bin/env bash
# NumPy's default_rng([seed, 0]) draws the same numbers as default_rng(seed): worker 0 repeats the main process.
#
# A generator for each worker, repetition or fold is often seeded by a list, [seed, k]. SeedSequence fills what a list
# leaves of its pool of four 32-bit words with zeros, so that trailing zeros do not count until a fifth word: the list
# for k = 0 is the seed alone, and [0], [0, 0] and 0 are one. The rows that were split by default_rng(seed) and the
# noise or weights drawn by default_rng([seed, 0]) then come from the same numbers. A list whose second number is k is
# also the seed seed + k * 2**32. [k, seed], with the seed last, collides only for seed 0; SeedSequence(seed).spawn(n)
# is free of it.
#
# Seen (numpy 2.4.6): equal to default_rng(7): [7, 0], [7, 0, 0] and [7, 0, 0, 0]; not [7, 0, 0, 0, 0], [0, 7] nor
# spawn's first child. [7, 2] equals 7 + 2 * 2**32. The order of 442 rows and of worker 0's 442 rows are the same.
set -euo pipefail
version=${1:-2.4.6}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q numpy=="$version"
"$folder/venv/bin/python" -W error - <<'PY'
import sys

import numpy as np


def draws(seed) -> list[float]:
    return np.random.default_rng(seed).random(3).tolist()


same = [draws(seed) == draws(7) for seed in ([7], [7, 0], [7, 0, 0], [7, 0, 0, 0])]
child = np.random.SeedSequence(7).spawn(1)[0]
others = [draws(seed) == draws(7) for seed in ([7, 0, 0, 0, 0], [0, 7], [7, 1], child)]
one_number = draws([7, 2]) == draws(7 + 2 * 2**32)
print("as default_rng(7): [7], [7, 0], [7, 0, 0], [7, 0, 0, 0]:", same)
print("as default_rng(7): [7, 0, 0, 0, 0], [0, 7], [7, 1], spawn(1)[0]:", others)
print("[7, 2] as 7 + 2 * 2**32:", one_number)
split = np.random.default_rng(7).permutation(442)
workers = [np.random.default_rng([7, k]).permutation(442) for k in range(4)]
repeats = [bool((order == split).all()) for order in workers]
print("order of worker 0, 1, 2, 3 as the main process's:", repeats)
sys.exit(not (all(same) and not any(others) and one_number and repeats == [True, False, False, False]))
PY
