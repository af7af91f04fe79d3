#!/usr/bin/env bash
# torch.manual_seed takes hundreds of times as long as seeding the generator.
#
# Besides the CPU's generator it asks CUDA, MPS, XPU and others to seed theirs; where CUDA is not initialised yet, the
# call is queued together with a formatted stack trace of the caller, whose cost grows with the depth of the stack, as
# in a notebook's kernel or under pytest. A loop that seeds once per run pays it each time.
#
# Seen (torch 2.13.0, CPU build): under a stack of 60 frames manual_seed takes hundreds of times as long as
# torch.random.default_generator.manual_seed, which gives the same numbers.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.3.5
"$folder/venv/bin/python" - <<'PY'
import sys
import timeit

import torch


def deep(action, depth: int):
    """Call the action under so many frames."""
    return deep(action, depth - 1) if depth else action()


def seconds(seed) -> float:
    return deep(lambda: min(timeit.repeat(lambda: seed(0), number=200, repeat=5)) / 200, 60)


torch.manual_seed(0)
one = torch.rand(3)
torch.random.default_generator.manual_seed(0)
assert torch.equal(one, torch.rand(3))
whole, alone = seconds(torch.manual_seed), seconds(torch.random.default_generator.manual_seed)
print(f"torch.manual_seed {1e6 * whole:.0f} us, the generator's {1e6 * alone:.1f} us, ratio {whole / alone:.0f}")
sys.exit(not whole > 100 * alone)
PY
