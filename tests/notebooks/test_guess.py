"""Tests of the cell that a reader runs before and after writing a guess: changing one word must be enough."""

from contextlib import redirect_stdout
from io import StringIO

import pytest
from nbcheck import code_cells, files

from mlp_tutorial.classroom.notebooks import notebooks

ASKED = "guessed = False"
CELLS = {path: code_cells(files.read(path)) for path in notebooks().values()}
PLACES = [(path, at) for path, cells in CELLS.items() for at, cell in enumerate(cells) if ASKED in cell.source]


@pytest.mark.parametrize(("path", "at"), PLACES, ids=[path.stem for path, _ in PLACES])
def test_the_cell_answers_after_it_was_run_without_a_guess(path: str, at: int) -> None:
    names: dict[str, object] = {}
    exec(CELLS[path][at - 1].source, names)  # what it needs
    said = []
    for source in (CELLS[path][at].source, CELLS[path][at].source.replace(ASKED, "guessed = True")):
        with redirect_stdout(StringIO()) as out:
            exec(source, names)
        said.append(out.getvalue().splitlines())
    assert said[0] == ["먼저 짐작을 적으십시오."]
    assert len(said[1]) == 2
    assert all("±" in line for line in said[1])


def test_there_is_such_a_cell() -> None:
    assert PLACES
