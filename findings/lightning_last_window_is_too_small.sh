#!/usr/bin/env bash
# Lightning's accumulate_grad_batches divides by its number also where fewer batches are left at the end of an epoch.
#
# The loss of each batch is divided by accumulate_grad_batches, so that the sum of the gradients is their mean. Of an
# epoch's last window, which is stepped with whatever it has, the sum is divided by the full number all the same: of
# 5 batches in windows of 4 each second step has a quarter of the gradient that the others have, and its rows count
# a quarter. Whoever compares batch sizes by accumulation compares this, too. It is not documented.
#
# Seen (lightning 2.6.6, torch 2.13.0): a loss whose gradient is 1 for every batch: the gradients of the steps are 1,
# 0.25, 1, 0.25; with 8 batches to an epoch 1 each time.
set -euo pipefail
version=${1:-2.6.6}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q lightning=="$version" torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import logging
import sys
import warnings

import torch
from lightning import LightningModule, Trainer
from torch import Tensor, nn
from torch.utils.data import DataLoader

warnings.simplefilter("ignore")  # advice about workers
logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)


class Module(LightningModule):
    """A weight whose loss is itself: each batch's gradient is 1."""

    def __init__(self) -> None:
        super().__init__()
        self.weight, self.gradients = nn.Parameter(torch.ones(())), []

    def training_step(self, batch: Tensor, _: int) -> Tensor:
        return (self.weight * batch).mean()

    def on_before_optimizer_step(self, _: torch.optim.Optimizer) -> None:
        self.gradients.append(self.weight.grad.item())

    def configure_optimizers(self) -> torch.optim.Optimizer:
        return torch.optim.SGD(self.parameters(), lr=0.1)


found = {}
for n_batches in (5, 8):
    module = Module()
    off = ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary")
    settings = {"accelerator": "cpu", "devices": 1, "max_epochs": 2, "accumulate_grad_batches": 4}
    Trainer(**settings, **dict.fromkeys(off, False)).fit(module, DataLoader(torch.ones(2 * n_batches), batch_size=2))
    found[n_batches] = module.gradients
    print(f"{n_batches} batches to an epoch: gradient at each step", module.gradients)
sys.exit(found != {5: [1, 0.25, 1, 0.25], 8: [1, 1, 1, 1]})
PY
