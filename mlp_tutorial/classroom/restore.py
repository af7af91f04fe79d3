"""nbgrader's step that sets a handed-in notebook's cells against those handed out, before all of its own."""

from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from mlp_tutorial.classroom import cells
from mlp_tutorial.classroom.released import handed_out

PYTHON = {"name": "python3", "display_name": "Python 3", "language": "python"}
KEY = "mlp_tutorial"  # of the graded notebook's metadata: what was graded, and what to tell of it


class RestoreCells(NbGraderPreprocessor):
    """Restores the cells, and keeps the notes and the submission's hash in the notebook's metadata."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook that nbgrader will find nothing to repair in."""
        place = resources["nbgrader"]
        released = Path("release") / place["assignment"] / f"{place['notebook']}.ipynb"  # nbgrader is in the folder
        given = nbformat.read(released, as_version=4)
        nb, notes = cells.restored(nb, given, handed_out(released))
        for note in notes:
            self.log.warning("학번 %s, %s: %s", place["student"], note["cell"], note["said"])
        nb.metadata = {"kernelspec": given.metadata.get("kernelspec", PYTHON)}
        nb.metadata[KEY] = {key: place.get(key) for key in ("submission", "file")} | {"notes": notes}
        return nb, resources
