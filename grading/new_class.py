"""Make a class's folder for nbgrader: `python grading/new_class.py NAME` makes grading/NAME, which git ignores.

It holds nbgrader's settings and each notebook as the source of an assignment, source/01/01_structure.ipynb and so on.
"""

import shutil
import sys
from pathlib import Path

GRADING = Path(__file__).resolve().parent
NOTEBOOKS = GRADING.parent / "notebooks"
CONFIG = "nbgrader_config.py"


def new_class(folder: Path) -> None:
    """Fill the new folder with the settings and the sources.

    Raises:
        FileExistsError: the folder exists, and may hold a class's marks.
    """
    folder.mkdir(parents=True)
    shutil.copy(GRADING / CONFIG, folder)
    for notebook in [*NOTEBOOKS.glob("[0-9A-Z]*_*.ipynb"), *NOTEBOOKS.glob("extra/[0-9A-Z]*_*.ipynb")]:
        number = notebook.stem.partition("_")[0]
        for step in (folder / "source" / number, folder / "downloaded" / number / "archive"):
            step.mkdir(parents=True)
        shutil.copy(notebook, folder / "source" / number)


def main() -> int:
    """Make the folder that the command line names; return the exit status."""
    if len(sys.argv) != 2:
        print("오류: 반의 이름을 하나 적으십시오. 예: python grading/new_class.py 1ban", file=sys.stderr)
        return 2
    folder = GRADING / sys.argv[1]
    try:
        new_class(folder)
    except FileExistsError:
        print(f"오류: 이미 있는 폴더입니다 (받은 값: {sys.argv[1]}). 다른 이름을 쓰십시오.", file=sys.stderr)
        return 2
    print(f"반의 폴더를 만들었습니다: {folder}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
