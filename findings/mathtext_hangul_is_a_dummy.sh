#!/usr/bin/env bash
# matplotlib 3.11.2: a character that the font set of mathtext lacks (Hangul inside \text{}) becomes a dummy glyph,
# and that is only logged. The same character lost in plain text is a UserWarning. So a run with warnings as errors,
# which stops at a missing glyph anywhere else, passes over a label that no one can read.
# Seen: no warning, one log record "Font 'rm' does not have a glyph for '\uae30' …, substituting with a dummy symbol."
set -euo pipefail
version=${1:-3.11.2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q matplotlib=="$version"
"$work/venv/bin/python" -W error - <<'PY'
import logging
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
records = []
handler = logging.Handler()
handler.emit = lambda record: records.append(record.getMessage())
logging.getLogger("matplotlib.mathtext").addHandler(handler)
figure = plt.figure()
figure.text(0.1, 0.5, r"$x \to \text{기}$")
figure.canvas.draw()  # raises nothing
dummies = [record for record in records if "dummy" in record]
print(dummies)
assert dummies, "mathtext no longer substitutes in silence"
figure.text(0.1, 0.7, "기")
try:
    figure.canvas.draw()
except UserWarning as warning:
    print("plain text:", warning)
else:
    raise SystemExit("plain text no longer warns")
PY
