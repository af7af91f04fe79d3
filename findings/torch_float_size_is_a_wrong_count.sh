#!/usr/bin/env bash
# A size that is a float is told as too many arguments.
#
# x.reshape, x.permute and x.expand take sizes one by one or as a tuple. Where one of them is a float, as / gives
# it also for whole quotients, none of the forms fits, and what is raised tells how many arguments the tuple's form
# takes. x.view names the float's type there, and so does each where it stands inside a tuple.
#
# Seen (torch 2.13.0, CPU build): torch.ones(6).reshape(6 / 2, 2) raises "reshape() takes 1 positional argument but 2
# were given", and so do the other two; torch.ones(6).reshape((6 / 2, 2)) names the float.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.3.5
"$folder/venv/bin/python" - <<'PY'
import sys

import torch


def said(call) -> str:
    """Return what the call raises."""
    try:
        call()
    except TypeError as error:
        return str(error)
    return "nothing"


x = torch.ones(3, 2)
one_by_one = {name: said(lambda: getattr(x, name)(6 / 2, 2)) for name in ("reshape", "permute", "expand")}
view = said(lambda: x.view(6 / 2, 2))
in_a_tuple = said(lambda: x.reshape((6 / 2, 2)))
for name, words in one_by_one.items():
    print(f"{name}(6 / 2, 2): {words}")
print(f"view(6 / 2, 2): {view.splitlines()[0]}")
print(f"reshape((6 / 2, 2)): {in_a_tuple}")
counted = all("positional argument" in words and "float" not in words for words in one_by_one.values())
sys.exit(not (counted and "float" in view and "float" in in_a_tuple))
PY
