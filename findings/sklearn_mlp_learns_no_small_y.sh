#!/usr/bin/env bash
# MLPRegressor takes a y of small numbers for learnt: it stops early, without a warning, with an R² of 0.2 or -75.
#
# A training ends once the loss has not fallen by tol=1e-4 for ten epochs, and that is tol itself, not a share of the
# loss. The loss is half the mean of the squares: of a y in 1,000 km instead of km it is smaller by a million, and each
# epoch's gain, though steady, is below tol. What lies below is not summed up, either, as the best loss moves along with
# every gain. The network then counts as converged, where one that reaches max_iter is warned of. early_stopping=True
# compares R², which has no unit. Standardise y (TransformedTargetRegressor), or set tol.
#
# Seen (scikit-learn 1.9.1; 1,000 rows, y linear in 3 columns): R² 0.998 after 194 epochs; for y / 10, / 100 and / 1000
# 0.989, 0.24 and -75 after 32 to 34, none with a warning; with tol=1e-8 or y standardised 0.99.
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
from sklearn.compose import TransformedTargetRegressor
from sklearn.neural_network import MLPRegressor
from sklearn.preprocessing import StandardScaler

warnings.simplefilter("error")
drawn = np.random.default_rng(0)
x = drawn.standard_normal((1000, 3))
y = x @ [1, -2, 3] + 0.1 * drawn.standard_normal(1000)


def network(**settings) -> MLPRegressor:
    return MLPRegressor(hidden_layer_sizes=(50,), max_iter=2000, random_state=0, **settings)


found, falling = {}, []
for divisor in (1, 10, 100, 1000):
    net = network().fit(x, y / divisor)
    found[divisor] = net.score(x, y / divisor)
    falling.append(bool((np.diff(net.loss_curve_[-10:]) < 0).all()))
    print(f"y / {divisor}: {net.n_iter_} epochs, R² {found[divisor]:.3f}, the last ten all fell: {falling[-1]}")
small = y / 100
finer = network(tol=1e-8).fit(x, small).score(x, small)
scaled = TransformedTargetRegressor(network(), transformer=StandardScaler()).fit(x, small).score(x, small)
print(f"y / 100: with tol=1e-8 R² {finer:.3f}, standardised {scaled:.3f}")
stops = found[1] > 0.99 and 0 < found[100] < 0.6 and found[1000] < -10 and falling[2]
sys.exit(not (stops and min(finer, scaled) > 0.98))
PY
