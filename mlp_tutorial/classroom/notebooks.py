"""Where the notebooks lie, and the one list of them: a new file there is handed out, graded and tested at once."""

import os
import re
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FIRST = "notebooks/01_structure.ipynb"
COPY = re.compile(r"-Copy\d+$")  # as JupyterLab names one


def files() -> list[Path]:
    """Return the path of each notebook, those beyond the post last; copies that JupyterLab made are passed over.

    Raises:
        ValueError: there is none, as where the package was installed without its repository.
    """
    folder = PROJECT / "notebooks"
    found = [*sorted(folder.glob("[0-9]*_*.ipynb")), *sorted(folder.glob("extra/[A-Z]_*.ipynb"))]
    found = [path for path in found if not COPY.search(path.stem)]
    if not found:
        raise ValueError(
            f"notebooks 폴더에 노트북이 있어야 합니다 (찾은 곳: {PROJECT}). "
            "저장소를 통째로 받아 그 안에서 'pip install -e .'로 설치하십시오."
        )
    return found


def number(text: str) -> str:
    """Return a notebook's number as its file has it: "01" for "1", "A" for "a"."""
    return text.upper().zfill(2) if text.isdecimal() else text.upper()


def notebooks() -> dict[str, Path]:
    """Return number → path of each notebook, in the order of `files`.

    Raises:
        ValueError: as `files`, or two have one number, as where somebody left an old file.
    """
    by_number: dict[str, Path] = {}
    for path in files():
        other = by_number.setdefault(path.stem.partition("_")[0], path)
        if other is not path:
            raise ValueError(
                f"노트북의 번호는 하나씩이어야 합니다 (찾은 것: {other.name}, {path.name}). "
                "옛 파일을 notebooks 폴더 밖으로 옮기십시오."
            )
    return by_number


def jupyter_path() -> str:
    """Return JUPYTER_PATH with this Python's kernel before all others, as one called python3 may be another Python's.

    Jupyter would take one in the home where the environment is not the user's own, or JUPYTER_PREFER_ENV_PATH says so.
    """
    own = Path(sys.prefix, "share", "jupyter")
    found = [str(own)] if (own / "kernels" / "python3").is_dir() else []  # else it was installed into the home
    return os.pathsep.join(dict.fromkeys([*found, *filter(None, os.environ.get("JUPYTER_PATH", "").split(os.pathsep))]))
