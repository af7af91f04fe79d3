"""Tests of the list of notebooks: a copy that a reader made harms nothing, an old file beside the new is told."""

from pathlib import Path

import pytest

from mlp_tutorial.classroom import notebooks


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the notebooks' folder of a project with 01 and A."""
    monkeypatch.setattr(notebooks, "PROJECT", tmp_path)
    (tmp_path / "notebooks" / "extra").mkdir(parents=True)
    for name in ("01_structure", "extra/A_real_data"):
        (tmp_path / "notebooks" / f"{name}.ipynb").touch()
    return tmp_path / "notebooks"


def test_copies_are_passed_over(folder: Path) -> None:
    for name in ("01_structure-Copy1", "extra/A_real_data-Copy12", "notes", "extra/notes"):
        (folder / f"{name}.ipynb").touch()
    assert notebooks.notebooks() == {"01": folder / "01_structure.ipynb", "A": folder / "extra" / "A_real_data.ipynb"}


def test_two_of_one_number_are_told_by_name(folder: Path) -> None:
    (folder / "01_structure_old.ipynb").touch()
    with pytest.raises(ValueError, match=r"01_structure\.ipynb, 01_structure_old\.ipynb\).* 옮기십시오\.$"):
        notebooks.notebooks()
    assert len(notebooks.files()) == 3, "`lab` opens beside a learner's own file all the same"


def test_none_is_told(folder: Path) -> None:
    (folder / "01_structure.ipynb").unlink()
    (folder / "extra" / "A_real_data.ipynb").unlink()
    with pytest.raises(ValueError, match=r"^notebooks 폴더에 .*설치하십시오\.$"):
        notebooks.notebooks()


def test_a_number_may_be_typed_in_another_form() -> None:
    assert [notebooks.number(text) for text in ("1", "01", "a", "A", "99", "x")] == ["01", "01", "A", "A", "99", "X"]
