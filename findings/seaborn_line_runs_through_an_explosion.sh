#!/usr/bin/env bash
# seaborn's lineplot leaves NaN and infinite values out and draws the line through: an exploded training looks healthy.
#
# matplotlib breaks a line where a loss is NaN or infinite. lineplot removes those rows before anything else, so that
# the epochs before and after are joined by a straight line. Where several seeds are averaged, the mean and its interval
# are those of the runs that are left: once the diverging run is NaN, the curve falls back to the good ones. No warning
# is given, and estimator=None leaves them out, too. In bars and points infinite values are left out likewise. Look at
# data["loss"].isna().sum() and at np.isinf first, or draw with matplotlib.
#
# Seen (seaborn 0.13.2, matplotlib 3.11.2, pandas 3.1.1): of 8 epochs, three of them NaN or infinite, 5 points in one
# line without a gap, where matplotlib keeps 8; the mean over three runs, of which one explodes, is 0.9, 7.2, 0.6, 0.4.
set -euo pipefail
version=${1:-0.13.2}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q seaborn=="$version" matplotlib==3.11.2 pandas==3.1.1 numpy==2.4.6
MPLBACKEND=agg MPLCONFIGDIR="$folder" "$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import seaborn as sns

warnings.simplefilter("error")
one = pd.DataFrame({"epoch": range(8), "loss": [1, 0.8, 0.6, np.nan, np.nan, np.inf, 0.3, 0.2]})
drawn = sns.lineplot(one, x="epoch", y="loss").lines[0].get_xydata()
kept = plt.subplots()[1].plot(one.epoch, one.loss)[0].get_xydata()
print("points of the line:", drawn.tolist(), "of matplotlib's:", len(kept))
through = len(drawn) == 5 and np.isfinite(drawn).all() and drawn[2:4, 0].tolist() == [2, 6] and len(kept) == 8

losses = [1, 0.8, 0.6, 0.4] * 2 + [0.7, 20, np.inf, np.nan]
three = pd.DataFrame({"epoch": list(range(4)) * 3, "loss": losses})
mean = sns.lineplot(three, x="epoch", y="loss", errorbar=None, ax=plt.subplots()[1]).lines[0].get_ydata()
print("mean of three runs:", mean.tolist())
bar = sns.barplot(x=["a"] * 3, y=[1, 2, np.inf], errorbar=None, ax=plt.subplots()[1]).patches[0].get_height()
print("bar of 1, 2 and infinity:", bar)
sys.exit(not (through and np.allclose(mean, [0.9, 7.2, 0.6, 0.4]) and bar == 1.5))
PY
