#!/usr/bin/env bash
# statsmodels' glm by formula models the first class: of a True/False or "yes"/"no" y each sign is turned.
#
# The formula makes two columns of a y that is no number, y[False] and y[True], or y[no] and y[yes]. GLM takes two
# columns for counts of successes and failures, so that False, or "no", is the success. R's glm(y ~ x, family =
# binomial) and scikit-learn model the second class, TRUE. The same formula with y as 0 and 1, and GLM(y, x) without a
# formula, do so in statsmodels, too; smf.logit refuses such a y. The summary shows it as "Dep. Variable: ['y[False]',
# 'y[True]']" alone. y as 0 and 1 is right.
#
# Seen (statsmodels 0.15.0, patsy 1.0.3; 500 rows, the true coefficient is 2): 2.41 for 0 and 1 by formula and for bool
# without a formula; -2.41 for bool and for "yes" and "no" by formula, and fittedvalues are 1 minus the probabilities.
set -euo pipefail
version=${1:-0.15.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q statsmodels=="$version" patsy==1.0.3 pandas==3.1.1 scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
import pandas as pd
import statsmodels.api as sm
import statsmodels.formula.api as smf

drawn = np.random.default_rng(0)
x = drawn.normal(size=500)
passed = drawn.random(500) < 1 / (1 + np.exp(-2 * x))
rows = pd.DataFrame({"x": x, "number": passed.astype(int), "bool": passed, "word": np.where(passed, "yes", "no")})
warnings.simplefilter("error")
binomial = sm.families.Binomial()
without = sm.GLM(rows["bool"], sm.add_constant(rows[["x"]]), family=binomial).fit()
found = {name: smf.glm(f"{name} ~ x", rows, family=binomial).fit() for name in ("number", "bool", "word")}
slope = {name: fit.params["x"] for name, fit in found.items()}
print("coefficient of x without a formula", round(without.params["x"], 3), "by formula", slope)
print("probability of the first row", {name: round(fit.fittedvalues[0], 3) for name, fit in found.items()})
try:
    smf.logit("bool ~ x", rows).fit(disp=0)
except ValueError as error:
    refused = True
    print("smf.logit:", str(error)[:60])
else:
    refused = False
right = np.isclose([slope["number"], without.params["x"]], 2.41, atol=0.01).all()
turned = np.isclose([slope["bool"], slope["word"]], -slope["number"]).all()
others = np.allclose(found["bool"].fittedvalues, 1 - found["number"].fittedvalues)
sys.exit(not (right and turned and others and refused))
PY
