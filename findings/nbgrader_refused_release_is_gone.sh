#!/usr/bin/env bash
# nbgrader 0.9.6: once a hand-in is graded, `generate_assignment --force` refuses a notebook that lost a graded cell.
# Before it finds that out it has removed the released version, and its status is the same 1 as of any other fault.
# Seen: "Cannot add or remove cells … because there are submissions", status 1, and no release/01 any more.
# One would expect a refused command to leave what students were given.
set -euo pipefail
version=${1:-0.9.6}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q nbgrader=="$version" ipykernel
export PATH="$work/venv/bin:$PATH" HOME="$work" JUPYTER_CONFIG_DIR="$work/config"  # it calls alembic by name
course="$work/course"
mkdir -p "$course/source/01" "$course/submitted/kim/01"
write() { # write the notebook with these graded cells
    python -W ignore - "$course/source/01/quiz.ipynb" "$@" <<'PY'
import sys
import nbformat
from nbformat.v4 import new_code_cell, new_notebook
path, *names = sys.argv[1:]
marks = {"schema_version": 3, "grade": True, "solution": True, "locked": False, "task": False, "points": 1}
cells = [new_code_cell("1 + 1", metadata={"nbgrader": marks | {"grade_id": name}}) for name in names]
kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": kernel}), path)
PY
}
cd "$course"
write first second
nbgrader generate_assignment 01 2>"$work/log"
cp release/01/quiz.ipynb submitted/kim/01/
nbgrader autograde 01 2>"$work/log"
test -e release/01/quiz.ipynb
write first
status=0
nbgrader generate_assignment 01 --force 2>"$work/log" || status=$?
grep -m1 -o "Cannot add or remove cells.*" "$work/log"
left=$(find release -name "*.ipynb" | wc -l)
echo "status $status, notebooks left in release: $left"
[[ $status == 1 && $left == 0 ]]
