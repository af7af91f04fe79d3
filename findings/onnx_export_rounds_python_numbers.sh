#!/usr/bin/env bash
# torch.onnx.export stores the Python numbers of a float64 model as float32: what standardises inside is wrong.
#
# (x - 1700000123.0) / 86400 is how a model of times may begin. Exported, the number to subtract becomes a float32
# constant that is widened at run time: 5 s are lost, without an error or a warning, while weights and buffers keep
# all their digits. The same happens to x * 0.1. What is registered as a float64 buffer is kept.
# Judge an exported model by its outputs on the training rows, not by its having been exported.
#
# Seen (torch 2.13.0, onnxscript 0.7.2, onnx 1.23.2's own reference evaluator): the row that is 0 becomes −5.8e-05 (5 s
# of a day); x * 0.1 is off by 1.5e-8 relative; with buffers the outputs equal PyTorch's.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6 onnx==1.23.2 onnxscript==0.7.2
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import io
import logging
import sys
import warnings
from contextlib import redirect_stdout

import onnx
import torch
from onnx.reference import ReferenceEvaluator
from torch import nn

logging.disable(logging.CRITICAL)  # what the exporter says of its own steps


class ByNumbers(nn.Module):
    def forward(self, x):
        return (x - 1700000123.0) / 86400


class Tenth(nn.Module):
    def forward(self, x):
        return x * 0.1


class ByBuffers(nn.Module):
    def __init__(self):
        super().__init__()
        self.register_buffer("mean", torch.tensor([1700000123.0], dtype=torch.float64))
        self.register_buffer("day", torch.tensor([86400.0], dtype=torch.float64))

    def forward(self, x):
        return (x - self.mean) / self.day


def exported(model, x):
    with redirect_stdout(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # deprecations inside the exporter
        torch.onnx.export(model, (x,), "model.onnx", dynamo=True, verbose=False)
    made = onnx.load("model.onnx")
    return torch.from_numpy(ReferenceEvaluator(made).run(None, {made.graph.input[0].name: x.numpy()})[0])


times = torch.tensor([[1700000123.0], [1700086523.0]], dtype=torch.float64)
off = {}
for model, x in ((ByNumbers(), times), (Tenth(), torch.ones(1, 1, dtype=torch.float64)), (ByBuffers(), times)):
    ours, theirs = model(x), exported(model, x)
    off[type(model).__name__] = (ours - theirs).abs().max().item()
    print(type(model).__name__, "PyTorch", ours.flatten().tolist(), "ONNX", theirs.flatten().tolist(), theirs.dtype)
sys.exit(not (5e-5 < off["ByNumbers"] < 7e-5 and 1e-9 < off["Tenth"] < 2e-9 and off["ByBuffers"] == 0))
PY
