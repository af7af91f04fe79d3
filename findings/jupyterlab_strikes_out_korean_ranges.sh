#!/usr/bin/env bash
# JupyterLab strikes out what stands between two ranges written 0.1~0.3, as Korean does, and nbconvert does not.
#
# marked, JupyterLab's Markdown, takes ONE tilde on each side for struck-out text, as GitHub's specification has it;
# mistune, nbconvert's, takes two. A sentence with two ranges loses both tildes on the screen (0.10.3 and 416, with a
# line through what is between them), and is whole in the HTML, the PDF and the feedback that nbconvert makes of the
# same cell: neither who wrote it nor who reads it on paper sees what the other sees. One range, or "\~", or an en
# dash, is the same in both.
#
# Seen (marked 16.4.2, which the wheel of JupyterLab 4.6.6 holds, and nbconvert 7.17.2 with mistune 3.4.0): of
# "학습률은 0.1~0.3이고 너비는 4~16입니다." marked strikes out "0.3이고 너비는 4", as the browser shows it in
# JupyterLab 4.6.6; nbconvert keeps the sentence. "01~03" alone stays in both.
set -euo pipefail
version=${1:-16.4.2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
npm pack --silent "marked@$version" > name
tar xzf "$(cat name)"
cp package/lib/marked.esm.js marked.mjs
python3 -m venv venv
venv/bin/pip install -q nbconvert==7.17.2 mistune==3.4.0
cat > try.mjs <<'JS'
import { marked } from "./marked.mjs";

for (const text of process.argv.slice(2)) console.log(marked.parse(text).trim());
JS
cat > try.py <<'PY'
import sys

from nbconvert.filters import markdown2html_mistune

for text in sys.argv[1:]:
    print(markdown2html_mistune(text).strip())
PY
texts=("학습률은 0.1~0.3이고 너비는 4~16입니다." "01~03을 읽습니다." "학습률은 0.1\~0.3이고 너비는 4\~16입니다.")
whole=("<p>${texts[0]}</p>" "<p>${texts[1]}</p>" "<p>${texts[0]}</p>")
mapfile -t lab < <(node try.mjs "${texts[@]}")
mapfile -t paper < <(PYTHONUTF8=1 venv/bin/python try.py "${texts[@]}")
for i in 0 1 2; do printf '%s\n  JupyterLab: %s\n  nbconvert:  %s\n' "${texts[i]}" "${lab[i]}" "${paper[i]}"; done
[[ ${lab[0]} == "<p>학습률은 0.1<del>0.3이고 너비는 4</del>16입니다.</p>" ]]
[[ ${paper[*]} == "${whole[*]}" && ${lab[1]} == "${whole[1]}" && ${lab[2]} == "${whole[2]}" ]]
