#!/usr/bin/env bash
# ONNX Runtime's float32 Sigmoid is exactly 0 from a logit of -18 on: a small probability is lost, its logarithm -inf.
#
# float32 has room for sigmoid(-18) = 1.5e-8 and for sigmoid(-80), too, and PyTorch and NumPy give them. The runtime
# computes 0.5 plus a curve that is odd, which is right to about 6e-8 of 1 and not to as many digits of a small
# probability: at -10 it is off in the fourth digit, at -17 it is twice what it should be, and below it is 0. A
# log-likelihood of its outputs is -inf where PyTorch's is -20, and rare classes are tied at 0. Export the logits and
# take Softplus of them, which is right; Sigmoid in float64 ends in the same way, between -36 and -38.
#
# Seen (onnxruntime 1.32.0, onnx 1.23.2, CPU): -10: 4.5389e-05 for 4.5398e-05; -17: 8.9e-08 for 4.1e-08; -18, -20 and
# -50: 0. In float64 -20 is right and -50 is 0; Softplus is right to six digits for all.
set -euo pipefail
version=${1:-1.32.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q onnxruntime=="$version" onnx==1.23.2 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import onnxruntime
from onnx import TensorProto, checker, helper


def computed(operator: str, x: np.ndarray) -> np.ndarray:
    """Return what the runtime makes of x by a model of this one operator."""
    kind = TensorProto.DOUBLE if x.dtype == np.float64 else TensorProto.FLOAT
    ends = [helper.make_tensor_value_info(name, kind, [None]) for name in ("x", "y")]
    graph = helper.make_graph([helper.make_node(operator, ["x"], ["y"])], "one", ends[:1], ends[1:])
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=9)
    checker.check_model(model)
    session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
    return session.run(None, {"x": x})[0]


logits = np.array([-50, -20, -18, -17, -10, 0], dtype=np.float32)
true = 1 / (1 + np.exp(-logits.astype(np.float64)))
single = computed("Sigmoid", logits)
double = computed("Sigmoid", logits.astype(np.float64))
softplus = computed("Softplus", -logits)  # minus the logarithm of the probability
for row in zip(logits, true, single, double, softplus, strict=True):
    print("logit {:.0f}: true {:.4e}, float32 {:.4e}, float64 {:.4e}, softplus {:.4f}".format(*row))
print("NumPy in float32:", 1 / (1 + np.exp(-logits)))
gone = (single[:3] == 0).all() and (true[:3].astype(np.float32) > 0).all()
double_ends = double[0] == 0
coarse = single[3] / true[3] > 1.5 and 1e-5 < abs(single[4] / true[4] - 1) < 1e-2 and single[5] == 0.5
whole = np.allclose(double[1:], true[1:], rtol=1e-5) and np.allclose(softplus, -np.log(true), rtol=1e-5)
sys.exit(not (gone and coarse and double_ends and whole))
PY
