"""Where the notebooks lie, and the one list of them: a new file there is handed out, graded and tested at once."""

from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
FIRST = "notebooks/01_structure.ipynb"


def notebooks() -> dict[str, Path]:
    """Return number → path of each notebook, those beyond the post last.

    Raises:
        ValueError: there is none, as where the package was installed without its repository.
    """
    folder = PROJECT / "notebooks"
    found = [*sorted(folder.glob("[0-9]*_*.ipynb")), *sorted(folder.glob("extra/[A-Z]_*.ipynb"))]
    if not found:
        raise ValueError(
            f"notebooks 폴더에 노트북이 있어야 합니다 (찾은 곳: {PROJECT}). "
            "저장소를 통째로 받아 그 안에서 'pip install -e .'로 설치하십시오."
        )
    return {path.stem.partition("_")[0]: path for path in found}
