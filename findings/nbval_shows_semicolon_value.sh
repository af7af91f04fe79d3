#!/usr/bin/env bash
# nbval 0.11.0 with ipykernel 7.4.0: nbval runs cells with store_history=False, and IPython hides the value of a last
# line that ends in ";" by looking at the history. So a cell "1 + 1;" has no output in JupyterLab and in nbclient, and
# an output "2" under nbval: the stored notebook fails, and running it again mends nothing.
# Seen: the cell that nbclient stored without outputs fails under `pytest --nbval`.
set -euo pipefail
version=${1:-0.11.0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q nbval=="$version" ipykernel==7.4.0 nbclient==0.11.0 nbformat==5.11.1 pytest==9.2.0
cd "$work"
"$work/venv/bin/python" - <<'PY'
import nbformat
from nbclient import execute
from nbformat.v4 import new_code_cell, new_notebook
nb = execute(new_notebook(cells=[new_code_cell("1 + 1;")]), kernel_name="python3")
print("stored by nbclient:", nb.cells[0].outputs)
assert nb.cells[0].outputs == []
nbformat.write(nb, "semicolon.ipynb")
PY
status=0
"$work/venv/bin/pytest" -q --nbval --nbval-current-env -p no:cacheprovider semicolon.ipynb > report || status=$?
tail -n 3 report
[[ $status == 1 ]]
