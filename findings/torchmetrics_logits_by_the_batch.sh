#!/usr/bin/env bash
# torchmetrics' binary metrics ask each batch anew whether it holds logits, and mix the answers: AUROC depends on the
# batch size.
#
# A batch with a value outside [0, 1] is taken for logits and gets a sigmoid; one whose logits all happen to lie between
# 0 and 1 is taken for probabilities. That one's threshold is then 0.5 instead of 0, and its scores, up to 1, are ranked
# among the sigmoids of the others. No word is said, of a network that was trained a little, or of the last, small batch
# of many. The rule is documented for a tensor; that a metric over batches applies it by batch is left to be guessed.
# sigmoid() before update() is right for each size.
#
# Seen (torchmetrics 1.9.0, torch 2.13.0): one set of 512 logits; batches of 512, 8, 2 and 1 give an AUROC of 0.856,
# 0.851, 0.750 and 0.687 and an accuracy of 0.770, 0.768, 0.719 and 0.684. With sigmoid() 0.856 and 0.770 each time.
set -euo pipefail
version=${1:-1.9.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torchmetrics=="$version" torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from torchmetrics.classification import BinaryAccuracy, BinaryAUROC

warnings.simplefilter("error")
torch.manual_seed(0)
logits = torch.randn(512) * 0.6
y = (torch.rand(512) < torch.sigmoid(3 * logits)).long()
true = ((logits > 0).long() == y).double().mean().item()


def over_batches(metric, scores: torch.Tensor, size: int) -> float:
    for part, target in zip(scores.split(size), y.split(size), strict=True):
        metric.update(part, target)
    return metric.compute().item()


found = {}
for kind in (BinaryAUROC, BinaryAccuracy):
    for name, scores in {"logits": logits, "sigmoid": torch.sigmoid(logits)}.items():
        found[kind.__name__, name] = [round(over_batches(kind(), scores, size), 3) for size in (512, 8, 2, 1)]
        print(kind.__name__, "of", name, "in batches of 512, 8, 2, 1:", found[kind.__name__, name])
falls = all(found[kind, "logits"][0] - found[kind, "logits"][-1] > 0.05 for kind in ("BinaryAUROC", "BinaryAccuracy"))
whole = [len(set(found[kind, "sigmoid"])) for kind in ("BinaryAUROC", "BinaryAccuracy")]
sys.exit(not (falls and whole == [1, 1] and found["BinaryAccuracy", "sigmoid"][0] == round(true, 3)))
PY
