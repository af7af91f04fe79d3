#!/usr/bin/env bash
# ReduceLROnPlateau, with its own settings, never lowers the learning rate of a metric that is below zero.
#
# What counts as an improvement is relative by default (threshold_mode="rel", 1e-4): lower than best * (1 - 1e-4), or
# with mode="max" higher than best * (1 + 1e-4). Below zero both lie on the wrong side of the best: a value that stays
# the same improves at each step, and a loss that climbs by less than a ten-thousandth a step is kept as the best each
# time. Negative are log-likelihoods, GaussianNLLLoss of a good fit, scikit-learn's neg_* scores and a bad fit's R2.
# The formula stands in the documentation, its sign does not. threshold_mode="abs" is right on both sides.
#
# Seen (torch 2.13.0): of 40 equal values with patience=3 the rate is lowered at +1 and never at -1, in both modes; of
# a loss that climbs from -1 to -0.998 none is called bad. With "abs" -1 is lowered as often as +1.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import torch


def cuts(values: list[float], mode: str = "min", threshold_mode: str = "rel") -> int:
    """Return how often the learning rate was lowered while these values came."""
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.ReduceLROnPlateau(
        optimizer, mode, factor=0.5, patience=3, threshold_mode=threshold_mode
    )
    rates = [1.0]
    for value in values:
        scheduler.step(value)
        rates.append(optimizer.param_groups[0]["lr"])
    return sum(after < before for before, after in zip(rates, rates[1:], strict=False))


found = {
    "min, +1": cuts([1.0] * 40),
    "min, -1": cuts([-1.0] * 40),
    "max, +1": cuts([1.0] * 40, "max"),
    "max, -1": cuts([-1.0] * 40, "max"),
    "min, climbing from +1": cuts([1 + 5e-5 * i for i in range(40)]),
    "min, climbing from -1": cuts([-1 + 5e-5 * i for i in range(40)]),
    "min, -1, abs": cuts([-1.0] * 40, threshold_mode="abs"),
}
print("times the rate was lowered:", found)
never = {name for name, times in found.items() if times == 0}
sys.exit(never != {"min, -1", "max, -1", "min, climbing from -1"} or found["min, -1, abs"] != found["min, +1"])
PY
