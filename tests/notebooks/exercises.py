"""The exercises as they lie in the notebooks, and the answers that answers_NN.toml holds for notebook NN.

There each exercise has a table. `fitted` is an answer that fits only the inputs that a student can see. In `wrong` each
mistake has `told`, a piece of the message that it must get, and either `answer`, what a student writes in place of the
stub, a blank line parting two places, or `old` and `new`: the teacher's own answer with `new` in place of `old`.
"""

import ast
import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from textwrap import indent

from nbcheck import files
from nbformat import NotebookNode

from mlp_tutorial.classroom.notebooks import notebooks

FOLDER = Path(__file__).parent
NOTEBOOKS = notebooks()
STUB = "...  # 여기에 답을 적으십시오"  # what the student's edition has in place of a solution
SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n(.*?)\n *### END SOLUTION$", re.MULTILINE | re.DOTALL)
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

    @property
    def name(self) -> str:
        """Return the grade_id of the answer cell."""
        return self.answer.metadata.nbgrader.grade_id

    @property
    def solutions(self) -> list[str]:
        """Return what the teacher wrote in each place, without its indentation."""
        return [
            re.sub(f"^{space}", "", text, flags=re.MULTILINE) for space, text in SOLUTION.findall(self.answer.source)
        ]

    @property
    def visible(self) -> str:
        """Return what the check cell's source is in the student's edition."""
        return HIDDEN.sub("", self.check.source)

    @property
    def hidden(self) -> str:
        """Return the check cell's hidden tests, empty where there are none at top level."""
        return "".join(HIDDEN.findall(self.check.source))

    def written(self, case: dict[str, str]) -> list[str]:
        """Return the part for each place that a mistake of the tables stands for."""
        if "answer" in case:
            return case["answer"].strip("\n").split("\n\n")
        old, new = (case[key].rstrip("\n") for key in ("old", "new"))
        parts = [text.replace(old, new) for text in self.solutions]
        assert parts != self.solutions, f"{self.name}: its solution holds no {old!r} to be replaced"
        return parts

    def answered(self, parts: Iterable[str] | None = None) -> Names:
        """Run the prelude and the answer cell, with other parts for its solutions if given, and return the names."""
        source, names = self.answer.source, {"__name__": "__main__"}
        if parts is not None:
            rest = iter(parts)
            source = SOLUTION.sub(lambda region: indent(next(rest), region[1]), source)
        run(self.prelude, names)
        run(source, names)
        return names


def run(source: str, names: Names) -> None:
    """Run a cell's source among the names, as a kernel does."""
    exec(compile(source, "<cell>", "exec"), names)


def prelude(cells: list[NotebookNode]) -> str:
    """Return the import statements of the code cells, and the default dtype where one is set."""
    nodes = [node for cell in cells if cell.cell_type == "code" for node in ast.parse(cell.source).body]
    lines = [(node, ast.unparse(node)) for node in nodes]
    kept = (ast.Import, ast.ImportFrom)
    return "\n".join(line for node, line in lines if isinstance(node, kept) or "set_default_dtype" in line)


@cache
def exercises(path: Path) -> list[Exercise]:
    """Return the notebook's exercises in order."""
    cells = files.read(path).cells
    starts = [at for at, cell in enumerate(cells) if cell.metadata.get("nbgrader", {}).get("solution")]
    found, done = [], 0
    for number, at in enumerate(starts, 1):
        task = "\n\n".join(cell.source for cell in cells[done:at] if cell.cell_type == "markdown")
        done = at + 1 if cells[at].cell_type == "markdown" else at + 2
        check = cells[at + 1] if done == at + 2 else None
        found.append(Exercise(number, prelude(cells[: starts[0]]), task, cells[at], check, cells[at + 1 :]))
    return found


@cache
def answers(number: str) -> dict[str, dict]:
    """Return the tables of answers_NN.toml by their exercises, none where there is no such file."""
    file = FOLDER / f"answers_{number}.toml"
    return tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
