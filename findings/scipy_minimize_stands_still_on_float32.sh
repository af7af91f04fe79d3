#!/usr/bin/env bash
# scipy.optimize.minimize ends at its starting point, with success, where the loss is computed in float32.
#
# Without jac= it takes the gradient from differences over a step of 1.5e-8, the right one for float64. A torch loss in
# float32, the default, has 7 digits: weights of order 1 and that plus 1.5e-8 round to one number, or the losses do, and
# the gradient is exactly 0. BFGS, L-BFGS-B, CG, SLSQP and TNC say "Optimization terminated successfully" and return x0.
# It is what R's optim() is used for, which steps by 1e-3. float64 in the loss, jac= from backward(), or
# options={"eps": 1e-3} is right; Nelder-Mead and Powell take no gradient.
#
# Seen (scipy 1.17.1, torch 2.13.0): linear regression with weights 1 and 2 from 0.5: five methods stay at 0.5, success
# is True, nit 0 or 1; in float64 and with the gradient of torch all find 1 and 2.
set -euo pipefail
version=${1:-1.17.1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q scipy=="$version" torch==2.13.0 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
import torch
from scipy.optimize import minimize

warnings.simplefilter("error")
torch.manual_seed(0)
x = torch.randn(50, 2)
y = x @ torch.tensor([1.0, 2.0])
start = np.array([0.5, 0.5])


def loss(w: np.ndarray, dtype: torch.dtype = torch.float32) -> float:
    return ((x.to(dtype) @ torch.tensor(w, dtype=dtype) - y.to(dtype)) ** 2).mean().item()


def gradient(w: np.ndarray) -> np.ndarray:
    leaf = torch.tensor(w, dtype=torch.float32, requires_grad=True)
    ((x @ leaf - y) ** 2).mean().backward()
    return leaf.grad.double().numpy()


stays, right = [], []
for method in ("BFGS", "L-BFGS-B", "CG", "SLSQP", "TNC"):
    found = minimize(loss, start, method=method)
    print(f"{method}: x {found.x}, success {found.success}, loss {found.fun:.3f}: {found.message}")
    stays.append(found.success and (found.x == start).all())
    others = (minimize(loss, start, (torch.float64,), method), minimize(loss, start, method=method, jac=gradient))
    right += [np.allclose(other.x, [1, 2], atol=0.01) for other in others]
others = [minimize(loss, start, method=method) for method in ("Nelder-Mead", "Powell")]
others.append(minimize(loss, start, method="BFGS", options={"eps": 1e-3}))
right += [np.allclose(other.x, [1, 2], atol=0.01) for other in others]
print("right in float64, with jac=, without a gradient, with eps=1e-3:", right)
sys.exit(not (all(stays) and all(right)))
PY
