#!/usr/bin/env bash
# `import nbformat` takes several times as long once JupyterLab is installed beside it.
#
# nbformat 5.11.1 validates with fastjsonschema, but imports jsonschema (4.26.0), whose module of formats imports every
# optional checker that it finds. JupyterLab's server brings one through jupyter-events, which asks for
# jsonschema[format-nongpl]: rfc3987-syntax 1.1.0 builds a parser of internationalized addresses while it is imported.
# No notebook needs it. Whoever starts many short processes that read notebooks (tests, graders, converters) pays about
# a second each; nbformat has no switch. Removing the package brings the time back, and so does setting
# sys.modules["rfc3987_syntax"] to None before the import, which jsonschema takes for a missing package.
#
# Seen (Python 3.11): 0.1 s of processor time without the extra, 1.0 s with it.
set -euo pipefail
version=${1:-5.11.1}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
pip=("$folder/venv/bin/pip" install -q)
measure() { # the shortest of five
    for _ in 1 2 3 4 5; do
        "$folder/venv/bin/python" -c 'import time, nbformat; print(round(time.process_time(), 2))'
    done | sort -n | head -1
}
"${pip[@]}" nbformat=="$version" jsonschema==4.26.0 fastjsonschema==2.22.3
without=$(measure)
"${pip[@]}" 'jsonschema[format-nongpl]==4.26.0' rfc3987-syntax==1.1.0 lark==1.3.1
with=$(measure)
echo "import nbformat: $without s without the extra, $with s with it"
blocked='import sys; sys.modules["rfc3987_syntax"] = None; import nbformat; print("lark" in sys.modules)'
[[ $("$folder/venv/bin/python" -c "$blocked") == False ]]
"$folder/venv/bin/python" - "$without" "$with" <<'PY'
import subprocess, sys

without, with_extra = map(float, sys.argv[1:])
loaded = "import sys, nbformat; print('rfc3987_syntax' in sys.modules)"
loads = subprocess.run([sys.executable, "-c", loaded], capture_output=True, text=True, check=True).stdout.strip()
sys.exit(not (loads == "True" and with_extra > 2 * without))
PY
