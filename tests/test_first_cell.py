"""Tests of the notebooks' first code cell, whose text stands in docs/running.md: silent where all is installed."""

import re
from importlib import util
from pathlib import Path
from unittest.mock import Mock

import pytest
from nbcheck import ROOT, code_cells, files

from mlp_tutorial.classroom import page
from mlp_tutorial.classroom.notebooks import notebooks

PAGE = (ROOT / "docs" / "running.md").read_text(encoding="utf-8")
SOURCE = re.search(r"<!-- first-cell -->\n```python\n(.*?)\n```", PAGE, re.DOTALL)[1]


@pytest.mark.parametrize("path", notebooks().values(), ids=notebooks())
def test_each_notebook_has_it_first(path: Path) -> None:
    first = code_cells(files.read(path))[0]
    again = "copy the cell of docs/running.md into the notebook, tagged setup"
    assert (first.source, first.metadata.get("tags"), first.outputs) == (SOURCE, ["setup"], []), again


def test_it_is_short() -> None:
    assert len(SOURCE.splitlines()) <= 8


def run() -> Mock:
    """Run the cell; return the shell's %pip."""
    shell = Mock()
    exec(SOURCE, {"get_ipython": lambda: shell})
    return shell.run_line_magic


def test_where_all_is_installed_it_does_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    run().assert_not_called()
    assert capsys.readouterr().out == ""


def test_elsewhere_it_says_where_to_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    with pytest.raises(ImportError, match=r"docs/running\.md"):
        run()


def test_beside_the_repository_it_installs_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "mlp-main" / "mlp_tutorial").mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(util, "find_spec", lambda name: None)
    run().assert_called_once_with("pip", 'install -q "./mlp-main"')
    assert "설치합니다" in capsys.readouterr().out


def test_no_handout_shows_it() -> None:
    nb = files.read(notebooks()["04"])
    (text,) = page.pages({"teacher": nb}).values()
    assert "find_spec" not in text
    assert "random_data" in text
