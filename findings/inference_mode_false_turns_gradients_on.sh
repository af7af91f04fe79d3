#!/usr/bin/env bash
# torch 2.13.0 (CPU): `torch.inference_mode(False)` does more than leave inference mode. Inside `torch.no_grad()`, where
# there is no inference mode to leave, it turns gradients ON; and torch.is_grad_enabled() is True again there.
# One would expect a switch that is set to "off" while it is off already to change nothing.
# (On a machine with a GPU build pip downloads several GB for this one.)
set -euo pipefail
version=${1:-2.13.0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q torch=="$version" numpy
"$work/venv/bin/python" - <<'PY'
import torch
w = torch.ones(2, requires_grad=True)
with torch.no_grad():
    before = torch.is_grad_enabled(), (w * 2).requires_grad
    with torch.inference_mode(False):
        inside = torch.is_grad_enabled(), (w * 2).requires_grad
    after = torch.is_grad_enabled(), (w * 2).requires_grad
print("no_grad:", before, " inference_mode(False) within:", inside, " after:", after)
assert (before, inside, after) == ((False, False), (True, True), (False, False))
PY
