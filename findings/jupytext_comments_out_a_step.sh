#!/usr/bin/env bash
# jupytext makes a comment of `copy -= learning_rate * gradient`: the script of a notebook trains nothing.
#
# IPython runs some shell commands without a %, and jupytext comments lines that look like one out of the .py file,
# where they would be no Python. What counts is the first word: cat, cd, copy, cp, echo, ls, mkdir, mv, ren, rm and
# others. `copy = 1` and `copy.sum()` are told from it, `copy += 1`, `copy @ x` and `copy` alone are not. The notebook
# that is paired stays as it was, for the comment is taken off on the way back; python on the .py file, an import of it
# or a linter sees a program without these lines, and no word is said. The option comment_magics=false keeps them.
#
# Seen (jupytext 1.19.6): a cell that learns a number of 3 from 0 prints 3.0; the percent and the light script of it run
# without an error and print 0.0.
set -euo pipefail
version=${1:-1.19.6}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q jupytext=="$version"
"$folder/venv/bin/python" -W error - <<'PY'
import contextlib
import io
import sys

import jupytext
from nbformat.v4 import new_code_cell, new_notebook

CELL = """weight = 0.0
copy = weight
for step in range(1):
    pass
copy -= 0.5 * 2 * (copy - 3)
print(copy)"""


def printed(program: str) -> str:
    """Return what a program prints."""
    with contextlib.redirect_stdout(io.StringIO()) as told:
        exec(program, {})
    return told.getvalue().strip()


spec = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
notebook = new_notebook(cells=[new_code_cell(CELL)], metadata=spec)
found = {"cell": printed(CELL)}
for kind in ("py:percent", "py:light"):
    script = jupytext.writes(notebook, kind)
    found[kind] = printed(script)
    back = jupytext.reads(script, kind).cells[0].source == CELL
    print(kind, [line for line in script.splitlines() if "copy -=" in line], "the notebook comes back whole:", back)
notebook.metadata["jupytext"] = {"comment_magics": False}
found["comment_magics=false"] = printed(jupytext.writes(notebook, "py:percent"))
print("printed:", found)
lost = []
for name in ("cat", "cd", "copy", "cp", "ls", "mv", "ren", "rm", "weight"):
    one = new_notebook(cells=[new_code_cell(f"{name} += 1")], metadata=spec)
    if f"# {name} += 1" in jupytext.writes(one, "py:percent"):
        lost.append(name)
print("+= becomes a comment for", lost)
expected = {"cell": "3.0", "py:percent": "0.0", "py:light": "0.0", "comment_magics=false": "3.0"}
sys.exit(not (found == expected and lost == ["cat", "cd", "copy", "cp", "ls", "mv", "ren", "rm"]))
PY
