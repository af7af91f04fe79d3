"""The rules by which the notebooks are tested, and here what they all share: where things lie, what a kernel inherits.

saved: reading a file as any editor left it: mended where one can, else refused in one Korean line.
files: each check of a notebook file as it lies on disk: sections, links, alt texts, sizes, ids, ….
words: the words that docs/terms.md forbids, in notebooks, Python and markdown.
prose: whether a number in the prose stands in the output that the paragraph speaks of.
exercises: the exercises in a notebook, and the answers that are tried on them.
plugin: pytest runs each cell in a fresh kernel, and says in Korean what failed and what to do.
outputs: whether new outputs equal the stored ones; UNITS is the tolerance of numbers.
pictures: whether two pictures show the same; LIMIT is the tolerance of pictures.
"""

import atexit
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path

from nbformat import NotebookNode

ROOT = Path(__file__).resolve().parents[2]
PYTHON = r".venv\Scripts\python" if os.name == "nt" else ".venv/bin/python"  # as the README has it
WIDGET = "application/vnd.jupyter.widget-view+json"  # an interactive output: it holds a random identifier
OWN = str(Path(sys.prefix, "share", "jupyter"))  # where this Python's kernel is
# What every kernel inherits, so that a busy machine changes neither outputs nor patience.
ENVIRONMENT = {
    "OMP_WAIT_POLICY": "PASSIVE",  # kernels side by side share the cores: waiting threads must not spin
    "OMP_NUM_THREADS": os.environ.get("OMP_NUM_THREADS", "1"),  # nor get in each other's way
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",  # a caller's Agg would show no figure
    "LC_ALL": "C.UTF-8",  # matplotlib 3.11 measures Korean text otherwise under ko_KR
    "MATPLOTLIBRC": os.devnull,  # nor do the user's own settings of matplotlib count
    "JUPYTER_PATH": os.pathsep.join(filter(None, [OWN, os.environ.get("JUPYTER_PATH")])),  # nor another's kernel
    "PYTHONWARNINGS": "",  # nor what warnings the caller wants to see
}
if "mlp_tutorial_ipython_" not in os.environ.get("IPYTHONDIR", ""):  # nor those of IPython
    _folder = tempfile.mkdtemp(prefix="mlp_tutorial_ipython_")
    atexit.register(shutil.rmtree, _folder, ignore_errors=True)
    ENVIRONMENT["IPYTHONDIR"] = _folder
    if not os.access(os.path.expanduser("~"), os.W_OK):  # where Jupyter and matplotlib keep their files
        ENVIRONMENT |= {"JUPYTER_RUNTIME_DIR": _folder, "MPLCONFIGDIR": _folder}


def code_cells(nb: NotebookNode) -> list[NotebookNode]:
    """Return the notebook's code cells in order."""
    return [cell for cell in nb.cells if cell.cell_type == "code"]


def image_kinds(output: NotebookNode) -> list[str]:
    """Return the kinds of picture that the output holds, such as image/png."""
    return [mime for mime in output.get("data", {}) if mime.startswith("image/")]


def output_alts(cell: NotebookNode) -> list[str | None]:
    """Return the alt text of each picture in the code cell's outputs, None where it has none."""
    return [output.metadata.get(mime, {}).get("alt") for output in cell.outputs for mime in image_kinds(output)]


def without_colours(text: str) -> str:
    """Return a traceback's text without the terminal's colours."""
    return re.sub(r"\x1b\[[\d;]*m", "", text)
