#!/usr/bin/env bash
# nbgrader 0.9.6: JupyterLab's copy (C, V) and split keep a cell's grade_id. Of two cells with one id DeduplicateIds
# keeps the LAST and empties the metadata of the first to `nbgrader: {}`, which the next reader of the metadata takes
# for an old version of the schema and refuses.
# Seen: the first cell {}, the second whole; then SchemaTooOldError from reading that notebook again.
# One would expect the first, which is where the teacher put it, to stay, and an ungraded cell to have no metadata.
set -euo pipefail
version=${1:-0.9.6}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q nbgrader=="$version"
"$work/venv/bin/python" -W ignore - "$work/copied.ipynb" <<'PY'
import sys
import nbformat
from nbgrader.nbgraderformat import SchemaTooOldError, read
from nbgrader.preprocessors import DeduplicateIds
from nbformat.v4 import new_code_cell, new_notebook
marks = {"schema_version": 3, "grade": False, "solution": True, "locked": False, "task": False, "grade_id": "mean"}
cells = [new_code_cell(source, metadata={"nbgrader": dict(marks)}) for source in ("answer", "copy")]
nb, _ = DeduplicateIds().preprocess(new_notebook(cells=cells), {})
found = [dict(cell.metadata.get("nbgrader", {})) for cell in nb.cells]
print([cell.source for cell in nb.cells], found)
assert found == [{}, marks], "another cell is kept now"
nbformat.write(nb, sys.argv[1])
try:
    read(sys.argv[1], as_version=4)
except SchemaTooOldError as error:
    print(type(error).__name__, error)
else:
    raise SystemExit("the emptied metadata is accepted now")
PY
