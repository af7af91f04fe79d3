"""What students were given: a lesson's release as it is now, and the earlier ones, which some may still hand in."""

import hashlib
from contextlib import suppress
from copy import deepcopy
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from mlp_tutorial.classroom import editions, problems
from mlp_tutorial.classroom.notebooks import notebooks
from mlp_tutorial.classroom.submission import text

COPIES = "release-copies"
LEFT_OUT = ((), (problems.HINT,), (problems.ANSWER,), (problems.HINT, problems.ANSWER))  # of handouts, as one chooses


class KeepRelease(NbGraderPreprocessor):
    """The last step to a release: keeps it beside those before it, one of the same text once."""

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return both as they are."""
        said = "\0".join(map(text, nb.cells))
        copies = Path(COPIES) / resources["nbgrader"]["assignment"]  # nbgrader is in the folder
        copies.mkdir(parents=True, exist_ok=True)
        nbformat.write(nb, copies / f"{hashlib.sha256(said.encode()).hexdigest()[:12]}.ipynb")
        return nb, resources


def handed_out(release: Path) -> frozenset[str]:
    """Return the text of every cell of the release at this path, of those before it, and of handouts of the lesson."""
    folder, lesson = release.parents[2], release.parent.name
    nbs = [nbformat.read(release, as_version=4)]
    for copy in (folder / COPIES / lesson).glob("*.ipynb"):
        with suppress(ValueError):  # a damaged copy costs no grading
            nbs.append(nbformat.read(copy, as_version=4))
    with suppress(KeyError, ValueError):  # a lesson of the teacher's own, or a notebook that is being edited
        nbs.append(editions.stored(notebooks()[lesson]))
    found: set[str] = set()
    for nb in nbs:
        for kinds in LEFT_OUT:
            less = deepcopy(nb)
            for kind in kinds:
                problems.without(less, kind)
            found.update(map(text, less.cells))
    return frozenset(found)
