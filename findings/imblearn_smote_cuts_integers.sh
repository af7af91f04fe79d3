#!/usr/bin/env bash
# imbalanced-learn's SMOTE cuts the rows that it draws between rows of whole numbers: a new row is too small everywhere.
#
# A new row lies anywhere between two rows of the rare class. Where x has an integer dtype it is cast back to that, and
# a cast cuts towards 0 instead of rounding: 4.9 becomes 4. In a table of counts, grades or answers from 1 to 5 the rare
# class is lowered by nearly a half in every column, and a classifier learns that low means rare, of rows that tell
# nothing; on rows as they are it then finds the rare class too seldom. No warning is given, and the same table in
# float64 has none of it. x.astype(float), and np.rint afterwards where whole numbers are wanted, is right.
#
# Seen (imbalanced-learn 0.14.2, scikit-learn 1.9.1): 5,000 rows of 20 counts that know nothing of the class, one in ten
# rare: the means of the new rows are 0.46 lower than those of the rows they lie between, 0.05 in float64, rounded or
# not. A logistic regression tells the balanced classes with an AUROC of 0.72, 0.55 in float64, and calls 34% of fresh
# rows rare, 47% in float64.
set -euo pipefail
version=${1:-0.14.2}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q imbalanced-learn=="$version" scikit-learn==1.9.1 scipy==1.17.1 numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import numpy as np
from imblearn.over_sampling import SMOTE
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

warnings.simplefilter("error")
drawn = np.random.default_rng(0)
x, fresh = drawn.poisson(5, size=(2, 5000, 20))
y = (np.arange(5000) < 500).astype(int)  # nothing in x tells it
found = {}
for name, rows in {"int64": x, "float64": x.astype(float)}.items():
    balanced, classes = SMOTE(random_state=0).fit_resample(rows, y)
    new, rare = balanced[5000:], x[y == 1]
    told = LogisticRegression(max_iter=1000).fit(balanced, classes)
    auroc = roc_auc_score(classes, told.predict_proba(balanced)[:, 1])
    share = told.predict(fresh).mean()
    found[name] = lower, rounded, _, _ = rare.mean() - new.mean(), rare.mean() - np.rint(new).mean(), auroc, share
    print(f"{name}: dtype {new.dtype}, new rows lower by {lower:.3f}, rounded {rounded:.3f}", end="; ")
    print(f"AUROC {auroc:.2f}, fresh rows called rare {share:.2f}")
cut, kept = found["int64"], found["float64"]
sys.exit(not (cut[0] > 0.35 and max(kept[:2]) < 0.1 and cut[2] > 0.7 > 0.6 > kept[2] and cut[3] < 0.4 < kept[3]))
PY
