"""A class's folder in nbgrader's own layout: nbgrader_config.py, source/01/01_structure.ipynb and so on."""

import shutil
from pathlib import Path

import nbformat

from mlp_tutorial.classroom import editions
from mlp_tutorial.classroom.answers import answers
from mlp_tutorial.classroom.notebooks import notebooks

CONFIG = Path(__file__).with_name("nbgrader_config.py")


def new_class(folder: Path) -> None:
    """Fill the new folder with the settings and the sources, the teacher's editions.

    Raises:
        FileExistsError: the folder exists, and may hold a class's marks.
        ValueError: no notebooks, no answers, or a notebook that can't be handed out; nothing has been written then.
    """
    sources = {
        number: (path.name, editions.teacher(editions.stored(path), answers(number)))
        for number, path in notebooks().items()
    }
    folder.mkdir(parents=True)
    shutil.copy(CONFIG, folder)
    for number, (name, source) in sources.items():
        for step in (folder / "source" / number, folder / "downloaded" / number / "archive"):
            step.mkdir(parents=True)
        nbformat.write(source, folder / "source" / number / name)
