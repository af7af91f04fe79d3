#!/usr/bin/env bash
# LinearRegression gives a column whose spread is less than a millionth of another's the coefficient 0.
#
# Since 1.9 its tol, 1e-6 by default, is passed on as the `cond` of scipy.linalg.lstsq for dense data, too: a direction
# whose singular value is below tol times the largest counts as zero, in float64 as well, whose precision is ten orders
# finer. Money in won beside a rate is such a table. There is no warning; rank_ is one less. 1.8 had the
# machine precision times the rows there, and R's lm looks at each column by itself. StandardScaler before it, or
# tol=1e-15, is right. The parameter is documented, as "the precision of the solution".
#
# Seen (scikit-learn 1.9.1): income around 50 million won, a rate around 0.03, and y made of both with a little noise:
# the rate's coefficient, 100, is found as 5e-19, and R2 is 0.54; with income in 10,000 won 99.7 and 0.99, as with
# tol=1e-15. Put first into a pipeline, StandardScaler gives 0.99.
set -euo pipefail
version=${1:-1.9.1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q scikit-learn=="$version" scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("error")
drawn = np.random.default_rng(0)
income, rate = drawn.normal(5e7, 1e7, 500), drawn.normal(0.03, 0.01, 500)
y = 1e-7 * income + 100 * rate + drawn.normal(0, 0.1, 500)
won, ten_thousand = np.column_stack([income, rate]), np.column_stack([income / 10_000, rate])
fitted = {
    "won": (LinearRegression().fit(won, y), won),
    "10,000 won": (LinearRegression().fit(ten_thousand, y), ten_thousand),
    "won, tol=1e-15": (LinearRegression(tol=1e-15).fit(won, y), won),
}
scores = {name: model.score(x, y) for name, (model, x) in fitted.items()}
for name, (model, _) in fitted.items():
    print(f"{name}: coefficient of the rate {model.coef_[1]:.4g}, rank {model.rank_}, R2 {scores[name]:.2f}")
scaled = make_pipeline(StandardScaler(), LinearRegression()).fit(won, y).score(won, y)
print(f"won, standardised: R2 {scaled:.2f}")
lost = abs(fitted["won"][0].coef_[1]) < 1e-9 and fitted["won"][0].rank_ == 1 and scores["won"] < 0.6
kept = all(abs(fitted[name][0].coef_[1] - 100) < 2 and scores[name] > 0.99 for name in list(fitted)[1:])
sys.exit(not (lost and kept and scaled > 0.99))
PY
