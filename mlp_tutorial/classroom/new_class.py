"""Making a class's folder for nbgrader, which `python grading/new_class.py NAME` calls.

It holds nbgrader's settings and each notebook as the source of an assignment, source/01/01_structure.ipynb and so on.
"""

import shutil
from pathlib import Path

from mlp_tutorial.classroom.notebooks import notebooks

CONFIG = Path(__file__).with_name("nbgrader_config.py")


def new_class(folder: Path) -> None:
    """Fill the new folder with the settings and the sources.

    Raises:
        FileExistsError: the folder exists, and may hold a class's marks.
    """
    found = notebooks()
    folder.mkdir(parents=True)
    shutil.copy(CONFIG, folder)
    for number, notebook in found.items():
        for step in (folder / "source" / number, folder / "downloaded" / number / "archive"):
            step.mkdir(parents=True)
        shutil.copy(notebook, folder / "source" / number)
