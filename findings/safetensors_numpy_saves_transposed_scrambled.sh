#!/usr/bin/env bash
# safetensors.numpy writes a transposed array in another order than it has, without an error.
#
# Since 0.8.0 it hands over the array's address and its number of bytes, and no strides: what is saved is the memory
# from there on, under the shape of the view. Every .T is such a view. scikit-learn keeps weights as (n_in, n_out),
# nn.Linear as (n_out, n_in), and a transposed weight is how one gets from here to there: the shapes agree,
# load_state_dict accepts them, and the network computes something else. safetensors.torch refuses the same view ("You
# are trying to save a non contiguous tensor"), and safetensors.numpy of 0.4.5 to 0.7.0 saved it right. The
# documentation asks for contiguous arrays; np.ascontiguousarray(w.T) makes one.
#
# Seen (safetensors 0.8.0, numpy 2.4.6): [[0, 1, 2], [3, 4, 5]].T comes back as [[0, 1], [2, 3], [4, 5]], from save()
# and from save_file(), with the shape (3, 2) that it should have; made contiguous it comes back as it was.
set -euo pipefail
version=${1:-0.8.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q safetensors=="$version" numpy==2.4.6
cd "$folder"
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
from safetensors import numpy as safetensors

weight = np.arange(6, dtype=np.float32).reshape(2, 3).T  # a view: no number has moved
safetensors.save_file({"weight": weight}, "weights.safetensors")
found = {
    "save_file": safetensors.load_file("weights.safetensors")["weight"],
    "save": safetensors.load(safetensors.save({"weight": weight}))["weight"],
    "contiguous": safetensors.load(safetensors.save({"weight": np.ascontiguousarray(weight)}))["weight"],
}
print("given:", weight.tolist())
for way, array in found.items():
    print(f"{way}:", array.tolist())
assert all(array.shape == weight.shape and array.dtype == weight.dtype for array in found.values())
right = {way: np.array_equal(array, weight) for way, array in found.items()}
print("as given?", right)
sys.exit(right != {"save_file": False, "save": False, "contiguous": True})
PY
