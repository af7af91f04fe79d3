"""A class's folder in nbgrader's own layout: nbgrader_config.py, source/01/01_structure.ipynb and so on."""

import glob
import os
import shutil
import tempfile
from pathlib import Path

import nbformat

from mlp_tutorial.classroom import disk, editions
from mlp_tutorial.classroom.answers import answers
from mlp_tutorial.classroom.notebooks import notebooks

CONFIG = Path(__file__).with_name("nbgrader_config.py")


def new_class(folder: Path) -> None:
    """Fill the new folder with the settings and the sources, the teacher's editions.

    Raises:
        FileExistsError: the folder exists, and may hold a class's marks.
        ValueError: a path that nbgrader can't read, no notebooks, no answers, a notebook that can't be handed out, or
            no room on the disk; nothing has been written then.
    """
    check_path(folder)
    if folder.exists():
        raise FileExistsError(folder)
    sources = {
        number: (path.name, editions.teacher(editions.stored(path), answers(number)))
        for number, path in notebooks().items()
    }
    folder.parent.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".class-", dir=folder.parent, ignore_cleanup_errors=True) as part:
            made = Path(part, folder.name)
            for number, (name, source) in sources.items():
                for step in (made / "source" / number, made / "downloaded" / number / "archive"):
                    step.mkdir(parents=True)
                nbformat.write(source, made / "source" / number / name)
            shutil.copy(CONFIG, made)
            made.rename(folder)
    except OSError as error:
        if error.errno in disk.FULL:
            raise ValueError(disk.told(folder)) from None
        raise


def check_path(folder: Path) -> None:
    """Raise a ValueError where nbgrader would take the folder's path for a pattern, and find nothing in it.

    It fills in names between braces; its settings are looked for where a variable such as $HOME leads.
    """
    path = str(folder.absolute())
    if glob.has_magic(path) or {"{", "}"} & {*path} or os.path.expandvars(path) != path:
        raise ValueError(
            "반의 폴더까지의 경로에는 대괄호, 중괄호, *, ?와 $HOME 같은 환경 변수의 이름이 없어야 합니다 "
            f"(받은 값: {path}). 그런 글자가 든 폴더의 이름을 바꾸십시오."
        )
