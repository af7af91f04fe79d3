#!/usr/bin/env bash
# torch.linalg.lstsq takes more and more columns of a float32 table for zero, the more rows the table has.
#
# On a CPU it leaves out what is smaller than rcond times the largest direction, and rcond is by default the machine
# precision of the dtype times the number of rows: 1e-4 at a thousand rows of float32, 0.01 at a hundred thousand,
# 0.1 at a million. A column a hundred times as wide as another then hides it; the remaining coefficients are changed to
# make up for it. Only .rank tells. NumPy computes the same float32 table in float64 and has all columns; so have
# driver="gels", which does not ask for the rank, and double(). The formula of rcond is documented.
#
# Seen (torch 2.13.0): y = 1 + 2 a + 0.03 b with a of spread 1 and b of spread 100. At 1,000 and 10,000 rows the
# coefficients are right; at 100,000 rows the rank is 2 and 0.03 becomes 0.097, at a million the rank is 1 and 2 is 0.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys

import numpy as np
import torch

true = torch.tensor([1, 2, 0.03], dtype=torch.float64)
right = {}
for n in (1_000, 10_000, 100_000, 1_000_000):
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randn(2, n, generator=generator, dtype=torch.float64)
    x = torch.stack([torch.ones(n, dtype=torch.float64), a, 100 * b], dim=1)
    x, y = x.float(), (x @ true).float().unsqueeze(dim=1)
    found = torch.linalg.lstsq(x, y)
    others = {
        "gels": torch.linalg.lstsq(x, y, driver="gels").solution,
        "double": torch.linalg.lstsq(x.double(), y.double()).solution,
        "NumPy": torch.from_numpy(np.linalg.lstsq(x.numpy(), y.numpy(), rcond=None)[0]),
    }
    print(f"{n} rows: rank {found.rank.item()}, coefficients", *(f"{c:.3f}" for c in found.solution.flatten().tolist()))
    right[n] = torch.allclose(found.solution.flatten().double(), true, rtol=1e-3)
    assert all(torch.allclose(c.flatten().double(), true, rtol=1e-3) for c in others.values()), others
sys.exit(list(right.values()) != [True, True, False, False])
PY
