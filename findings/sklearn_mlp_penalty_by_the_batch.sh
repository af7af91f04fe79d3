#!/usr/bin/env bash
# MLPRegressor's and MLPClassifier's alpha is divided by the rows of the batch: a smaller batch is a stronger penalty.
#
# The user's guide has alpha / (2 n) times the squares of the weights, n the number of rows. "sgd" and "adam" compute
# the formula of the mini-batch, with its rows for n: at batch_size=10 the very same alpha shrinks the weights as a
# hundred times itself does at 1,000, and a search over batch sizes searches over penalties, too. torch's weight_decay
# is not divided: alpha / batch_size is what it has to be. batch_size="auto" is 200 rows at most, "lbfgs" takes all.
#
# Seen (scikit-learn 1.9.1): without a hidden layer the network is ridge regression, which has a solution: of 1,000 rows
# alpha=30 gives 2.95 for a weight of 3 with batches of 1,000, 2.36 with 100 and 0.79 with 10, as Ridge does with 30,
# 300 and 3,000.
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
from sklearn.linear_model import Ridge
from sklearn.neural_network import MLPRegressor

warnings.simplefilter("ignore")  # that it has not converged: as many steps as are needed are given
drawn = np.random.default_rng(0)
x = drawn.standard_normal((1000, 3))
y = x @ [1, -2, 3] + drawn.standard_normal(1000)
alpha, found = 30, {}
for batch_size in (1000, 100, 10):
    settings = {"solver": "sgd", "momentum": 0, "learning_rate_init": 0.002 if batch_size == 10 else 0.01, "tol": 0}
    settings |= {"max_iter": 2000 * batch_size // 1000 + 20, "n_iter_no_change": 10_000, "random_state": 0}
    net = MLPRegressor(hidden_layer_sizes=(), alpha=alpha, batch_size=batch_size, **settings).fit(x, y)
    ridge = Ridge(alpha=alpha * 1000 / batch_size).fit(x, y)
    found[batch_size] = net.coefs_[0].ravel(), ridge.coef_
    told = [" ".join(f"{weight:.2f}" for weight in weights) for weights in found[batch_size]]
    print(f"batches of {batch_size}: {told[0]}; Ridge with {alpha * 1000 // batch_size}: {told[1]}")
near = all(np.abs(net - ridge).max() < 0.1 for net, ridge in found.values())
third = [net[2] for net, _ in found.values()]
sys.exit(not (near and third[0] > 2.8 > 2.4 > third[1] > 2 > 1 > third[2]))
PY
