"""The exercises as they lie in the notebooks, and the answers that answers/NN.toml holds for notebook NN.

There each exercise has a table with its model `answer` and the cases of its `hidden` tests. Tables below it hold what
learners may write, by a name: `right`; `fitted`, right only for the inputs that they can see; `wrong`; `forbidden`, got
in a way that the task excludes; `broken`, which raises an error or returns nothing; `unanswered`. Each is the text for
the stub (a line `# ---` parts two places), or a table with `answer` or, to change the model answer, `old` and `new`;
with `before`, what the learner runs first; with `cell`, the whole cell; with `told`, a piece of the message it gets.
"""

import ast
import re
from collections.abc import Iterable
from contextlib import redirect_stdout
from dataclasses import dataclass
from functools import cache
from io import StringIO
from pathlib import Path
from textwrap import indent
from typing import Any

from nbformat import NotebookNode

from mlp_tutorial.classroom import editions
from mlp_tutorial.classroom.answers import answers, parts
from mlp_tutorial.classroom.notebooks import notebooks
from nbcheck import ROOT, files

NOTEBOOKS = notebooks()
KINDS = ("right", "fitted", "wrong", "forbidden", "broken", "unanswered")
HIDDEN = re.compile(r"^### BEGIN HIDDEN TESTS\n(.*?)\n### END HIDDEN TESTS$", re.MULTILINE | re.DOTALL)
Names = dict[str, object]


@dataclass(frozen=True)
class Exercise:
    """One exercise as it lies in its notebook: what comes before it, the cells themselves and what comes after."""

    number: int
    prelude: str  # the notebook's own imports and default dtype
    task: str  # the markdown since the exercise before
    answer: NotebookNode
    check: NotebookNode | None  # None for an essay
    later: list[NotebookNode]
    table: dict[str, Any]  # in answers/NN.toml

    @property
    def name(self) -> str:
        """Return the grade_id of the answer cell."""
        return self.answer.metadata.nbgrader.grade_id

    @property
    def solutions(self) -> list[str]:
        """Return the model answer in each place, without its indentation."""
        return parts(self.table["answer"])

    def source(self, case: str | dict[str, str]) -> str:
        """Return the code that a learner runs who writes what a table holds."""
        case = {"answer": case} if isinstance(case, str) else case
        before = case.get("before", "").rstrip("\n") + "\n"
        if "cell" in case:
            return before + case["cell"]
        if "answer" in case:
            written = parts(case["answer"])
        else:
            old, new = (case[key].rstrip("\n") for key in ("old", "new"))
            written = [text.replace(old, new) for text in self.solutions]
            assert written != self.solutions, f"{self.name}: its solution holds no {old!r} to be replaced"
        return before + self.filled(written)

    def filled(self, written: Iterable[str]) -> str:
        """Return the answer cell with `written` in its places."""
        rest = iter(written)
        return editions.PLACE.sub(lambda at: indent(next(rest), at[1]), self.answer.source)

    def run(self, source: str, *, before: str = "") -> Names:
        """Return the names after the notebook's imports, `before` and the answer cell with this source."""
        names: Names = {"__name__": "__main__"}
        with redirect_stdout(StringIO()):
            for number, cell in enumerate((self.prelude, before, source)):
                run(cell, names, f"<{self.name} {number}>")
        return names

    def visible(self, names: Names) -> str:
        """Return what the check cell prints; whatever it raises is raised."""
        with redirect_stdout(StringIO()) as said:
            run(self.check.source, names)
        return said.getvalue()

    def hidden(self, names: Names) -> None:
        """Run the hidden tests that nbgrader adds to the check cell."""
        (source,) = HIDDEN.findall(editions.hidden(self.name, self.check.source, self.table["hidden"]))
        with redirect_stdout(StringIO()):
            run("import mlp_tutorial as mt\n" + source, names)


def run(source: str, names: Names, file: str = "<cell>") -> None:
    """Run a cell's source among the names, as a kernel does."""
    exec(compile(source, file, "exec"), names)


def prelude(cells: list[NotebookNode]) -> str:
    """Return the import statements of the code cells, and the default dtype where one is set."""
    nodes = [node for cell in cells if cell.cell_type == "code" for node in ast.parse(cell.source).body]
    lines = [(node, ast.unparse(node)) for node in nodes]
    kept = (ast.Import, ast.ImportFrom)
    return "\n".join(line for node, line in lines if isinstance(node, kept) or "set_default_dtype" in line)


def tables_of(number: str) -> dict[str, dict[str, Any]]:
    """Return the tables of answers/NN.toml, none where the file is still to be written."""
    return answers(number) if (ROOT / "answers" / f"{number}.toml").exists() else {}


@cache
def exercises(path: Path) -> list[Exercise]:
    """Return the notebook's exercises in order."""
    cells, tables = files.read(path).cells, tables_of(path.stem.partition("_")[0])
    starts = [at for at, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("solution")]
    found, done = [], 0
    for number, at in enumerate(starts, 1):
        task = "\n\n".join(cell.source for cell in cells[done:at] if cell.cell_type == "markdown")
        done = at + 1 if cells[at].cell_type == "markdown" else at + 2
        check = cells[at + 1] if done == at + 2 else None
        table = tables.get(cells[at].metadata.nbgrader.grade_id, {})
        found.append(Exercise(number, prelude(cells[: starts[0]]), task, cells[at], check, cells[at + 1 :], table))
    return found
