#!/usr/bin/env bash
# nbconvert 7.17.2 with mistune 3.4.0: a markdown cell with a pasted picture whose name is not ASCII can't be exported.
# JupyterLab names the attachment as the file, such as 그림.png; mistune hands the renderer the address with that name
# percent-encoded, and nbconvert looks the attachment up by what it was handed.
# Seen: image.png is embedded; 그림.png raises InvalidNotebook: missing attachment: %EA%B7%B8%EB%A6%BC.png
# One would expect both to be embedded: the notebook is valid, and JupyterLab shows both.
set -euo pipefail
version=${1:-7.17.2}
mistune=${2:-3.4.0}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q nbconvert=="$version" mistune=="$mistune"
"$work/venv/bin/python" -W ignore - <<'PY'
import nbformat
from nbconvert import HTMLExporter
from nbformat.v4 import new_markdown_cell, new_notebook

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="


def exported(name: str) -> str:
    cell = new_markdown_cell(f"![picture](attachment:{name})", attachments={name: {"image/png": PIXEL}})
    nb = new_notebook(cells=[cell])
    nbformat.validate(nb)
    try:
        page, _ = HTMLExporter().from_notebook_node(nb)
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return "embedded" if PIXEL in page else "left out"


for name, expected in (("image.png", "embedded"), ("그림.png", "InvalidNotebook: missing attachment: %EA%B7%B8%EB%A6%BC.png")):
    found = exported(name)
    print(name, found)
    assert found == expected, "nbconvert does something else now"
PY
