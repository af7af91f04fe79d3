#!/usr/bin/env bash
# matplotlib 3.11.2: a line drawn with a dash pattern of its own, (0, (7, 2)), says "--" when asked for its line style,
# and so does one with (0, (1, 3)), which looks dotted. No public getter gives the pattern back, so that two lines which
# a reader tells apart at a glance are the same to whoever asks the objects; only their pixels differ.
# Seen: '--' for both.
set -euo pipefail
version=${1:-3.11.2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q matplotlib=="$version"
"$work/venv/bin/python" - <<'PY'
import matplotlib
matplotlib.use("agg")
from matplotlib.lines import Line2D
patterns = [(0, (7, 2)), (0, (1, 3)), (0, (4, 1, 1, 1, 1, 1))]
told = [Line2D([0, 1], [0, 1], linestyle=pattern).get_linestyle() for pattern in patterns]
public = [name for name in dir(Line2D) if "dash" in name and not name.startswith("_") and name.startswith("get")]
print(told, public)
assert told == ["--"] * 3
assert public == ["get_dash_capstyle", "get_dash_joinstyle"]
PY
