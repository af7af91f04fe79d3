#!/usr/bin/env bash
# matplotlib 3.11.2 (with its HarfBuzz) measures the same Korean text, font and size differently by locale:
# HarfBuzz's default language follows LC_CTYPE, and Noto Sans CJK has forms of its own for Korean. The rcParam
# text.language, set to one fixed language, does not change what is measured.
# Seen: 96 pixels under C.UTF-8, 98 under ko_KR.UTF-8, in both cases with and without text.language.
# A good engineer would expect a text's width to depend on text, font and size alone.
set -euo pipefail
version=${1:-3.11.2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q matplotlib=="$version" notojp-matplotlib==1.1.0
localedef -i ko_KR -f UTF-8 "$work/ko_KR.UTF-8"
cat > "$work/measure.py" <<'PY'
import matplotlib
matplotlib.use("agg")
import matplotlib.pyplot as plt
import notojp_matplotlib
def width():
    figure = plt.figure(dpi=100)
    text = figure.text(0.1, 0.5, "열 (처음 100개)", fontsize=11, family="Noto Sans CJK JP")
    figure.canvas.draw()
    return round(text.get_window_extent().width)
first = width()
plt.rcParams["text.language"] = "en"
print(first, width())
PY
plain=$(LC_ALL=C.UTF-8 "$work/venv/bin/python" "$work/measure.py")
korean=$(LOCPATH="$work" LC_ALL=ko_KR.UTF-8 "$work/venv/bin/python" "$work/measure.py")
echo "C.UTF-8: $plain   ko_KR.UTF-8: $korean"
[[ "$plain" != "$korean" ]]
