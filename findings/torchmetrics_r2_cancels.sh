#!/usr/bin/env bash
# torchmetrics' R2Score is wrong, and another number for each batch size, where y is far from zero for its spread.
#
# It keeps the sum of y and of y squared in float32 and takes their difference for the spread around the mean. Of
# numbers such as longitudes within one city (127 +- 0.05), years or air pressures the first digits cancel, and those
# that float32 has left are rounding. R2Score may come out above the true value or below, with no warning, and
# ExplainedVariance likewise. MeanSquaredError of the same y is right, and so is sklearn's r2_score of the same float32.
# y less a constant before update(), or both in float64, is right, too.
#
# Seen (torchmetrics 1.9.0, torch 2.13.0): 10,000 longitudes in Seoul predicted with R2 = 0.75. Batches of 10,000,
# 1,000, 100 and 10 give 0.87, 0.80, 0.95 and 0.90; with 127 taken away 0.75 each time.
set -euo pipefail
version=${1:-1.9.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torchmetrics=="$version" scikit-learn==1.9.1 torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from sklearn.metrics import r2_score
from torch import Tensor
from torchmetrics import MeanSquaredError, R2Score

warnings.simplefilter("error")
generator = torch.Generator().manual_seed(0)
drawn = torch.randn(2, 10_000, generator=generator, dtype=torch.float64)
y64 = 126.98 + 0.05 * drawn[0]
y, y_pred = y64.float(), (y64 + 0.025 * drawn[1]).float()
sizes = (10_000, 1_000, 100, 10)


def over_batches(kind: type, y_pred: Tensor, y: Tensor, size: int) -> float:
    metric = kind()
    for part, target in zip(y_pred.split(size), y.split(size), strict=True):
        metric.update(part, target)
    return metric.compute().item()


true = r2_score(y.numpy(), y_pred.numpy())
found = {size: over_batches(R2Score, y_pred, y, size) for size in sizes}
near_zero = {size: over_batches(R2Score, y_pred - 127, y - 127, size) for size in sizes}
squares = {size: over_batches(MeanSquaredError, y_pred, y, size) for size in sizes}
print(f"scikit-learn: {true:.3f}")
for name, values in {"torchmetrics": found, "torchmetrics, y - 127": near_zero}.items():
    print(f"{name}, by the batch size:", {size: round(value, 3) for size, value in values.items()})
wrong = [abs(value - true) for value in found.values()]
spread = max(found.values()) - min(found.values())
right = all(abs(value - true) < 0.001 for value in near_zero.values())
same = max(squares.values()) / min(squares.values()) < 1.001
sys.exit(not (max(wrong) > 0.05 and spread > 0.03 and right and same))
PY
