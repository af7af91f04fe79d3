"""A handed-in notebook's cells set against those handed out: each gets the metadata that nbgrader grades by.

An editor doubles that metadata (copy, split), loses or joins it. A code answer counts wherever it stands, an essay's
text is never dropped, a check comes after its answer, and whatever was decided for a student is noted for the teacher.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence, Set
from contextlib import suppress
from copy import deepcopy
from dataclasses import dataclass
from itertools import chain, pairwise

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from mlp_tutorial.classroom.submission import NO_PICTURE, text

LONG = 15  # letters of a text that may be an essay
RIGHT = re.compile("맞았습니다")  # what a check prints
MAGIC = re.compile(r"get_ipython\(\)\.")
Note = dict[str, object]  # cell: the grade_id that it is about; said; always: or only where that cell lost points


def note(cell: str, said: str, always: bool = True) -> Note:
    """Return what a teacher is told of a student's cell."""
    return {"cell": cell, "said": said, "always": always}


@dataclass
class Part:
    """One cell of the notebook handed out that nbgrader's metadata marks."""

    cell: NotebookNode

    @property
    def grade_id(self) -> str:
        """Its name."""
        return self.cell.metadata.nbgrader.grade_id

    @property
    def kind(self) -> str:
        """What it is: "answer", "check" or "essay"."""
        marks = self.cell.metadata.nbgrader
        return ("essay" if marks.grade else "answer") if marks.solution else "check"


def restored(
    nb: NotebookNode, released: NotebookNode, handed_out: Set[str] = frozenset()
) -> tuple[NotebookNode, list[Note]]:
    """Return a copy of the handed-in `nb` in which each marked cell of `released` stands once, and the notes.

    `handed_out` has the texts of other releases, which the student may have had: they are no answers.
    """
    return _Restoring(deepcopy(nb), deepcopy(released), handed_out).run()


class _Restoring:
    """The steps; cells are told apart by their identity, as their ids may be doubled."""

    def __init__(self, nb: NotebookNode, released: NotebookNode, handed_out: Set[str]) -> None:
        self.nb, self.cells, self.notes = nb, nb.cells, []
        self.parts = [Part(cell) for cell in released.cells if cell.metadata.get("nbgrader", {}).get("grade_id")]
        self.sources = {*map(text, released.cells), *handed_out}
        plain = [cell for cell in released.cells if "nbgrader" not in cell.metadata]
        self.stubs = self.sources - {*map(text, plain)}  # of earlier releases, too
        self.given = set().union(*map(names, plain))  # what the lesson itself defines is nobody's answer
        self.all_given = self.given.union(*map(imported, plain))
        self.claims: dict[str, list[NotebookNode]] = defaultdict(list)  # grade_id → the cells that bore it
        for cell in self.cells:
            cell.metadata.pop("tags", None)  # skip-execution would leave an answer out
            marks = cell.metadata.pop("nbgrader", None)
            if isinstance(marks, dict) and isinstance(marks.get("grade_id"), str):
                self.claims[marks["grade_id"]].append(cell)
        self.chosen: dict[str, NotebookNode] = {}  # grade_id → cell
        self.answered: NotebookNode | None = None  # the cell of the last answer, after which its check comes
        self._rejoin()

    def run(self) -> tuple[NotebookNode, list[Note]]:
        """Return the notebook and the notes."""
        for part in self.parts:
            if part.kind == "answer":
                self._answer(part, next((p for p in self._after(part) if p.kind == "check"), None))
            elif part.kind == "check":
                self._check(part)
        for part in self.parts:
            if part.kind == "essay":
                self._essay(part)
        for part in self.parts:
            if part.grade_id in self.chosen:
                self.chosen[part.grade_id].metadata.nbgrader = part.cell.metadata.nbgrader
        self._lacking()
        return self.nb, self.notes

    def _rejoin(self) -> None:
        """Put together what was split within a function: a code cell that begins indented goes on the one before."""
        whole: list[NotebookNode] = []
        for cell in self.cells:
            last = whole[-1] if whole else None
            if last and last.cell_type == cell.cell_type == "code" and cell.source.strip("\n")[:1] in (" ", "\t"):
                joined = new_code_cell(f"{last.source}\n{cell.source}")
                if parsed(joined) and not parsed(cell):
                    last.source = joined.source
                    continue
            whole.append(cell)
        self.cells[:] = whole

    def _after(self, part: Part) -> list[Part]:
        """Return the parts after this one."""
        return self.parts[self.parts.index(part) + 1 :]

    def _claiming(self, part: Part) -> list[NotebookNode]:
        """Return the cells that bear the part's name and stand for no other part."""
        return [cell for cell in self._unchosen() if is_among(cell, self.claims[part.grade_id])]

    def _unchosen(self) -> list[NotebookNode]:
        """Return the cells that stand for no part yet: a copied one may bear one's name and hold another's text."""
        return [cell for cell in self.cells if not is_among(cell, self.chosen.values())]

    def _index(self, cell: NotebookNode) -> int:
        """Return where the cell stands."""
        return next(i for i, other in enumerate(self.cells) if other is cell)

    def _remove(self, cells: Sequence[NotebookNode]) -> None:
        """Take these cells out."""
        self.cells[:] = [cell for cell in self.cells if not is_among(cell, cells)]

    def _insert(self, part: Part, cell: NotebookNode) -> None:
        """Put a cell that is missing after the part before it, or else before the part after it."""
        before = [p for p in self.parts[: self.parts.index(part)] if p.grade_id in self.chosen]
        after = [c for p in self._after(part) for c in self._claiming(p)]
        if before:
            self.cells.insert(self._index(self.chosen[before[-1].grade_id]) + 1, cell)
        else:
            self.cells.insert(self._index(after[0]) if after else len(self.cells), cell)

    def _answer(self, part: Part, check: Part | None) -> None:
        """Choose the cell of a code answer; a stub that would take an answer's place goes."""
        wanted, stub = names(part.cell), part.cell.source.strip()
        about = check.grade_id if check else part.grade_id
        claiming = self._claiming(part)
        for cell in claiming:
            if cell.cell_type != "code":
                self._to_code(cell)
        blank = {stub, *(cell.source.strip() for cell in claiming)} & self.stubs
        self._join(part, [cell for cell in claiming if cell.source.strip() not in blank])
        claiming = self._claiming(part)
        own = [cell for cell in claiming if cell.source.strip() not in blank]
        foreign = [c for c in self.cells if c.cell_type == "code" and c.source.strip() not in self.sources]
        somewhere = [cell for cell in foreign if names(cell) & (wanted - self.given) and cell not in own]
        defining = [cell for cell in own if names(cell) & wanted] or somewhere
        if defining:
            checking = self._check_cell(check) if check else None
            end = len(self.cells) if checking is None else self._index(checking)
            cell = ([c for c in defining if self._index(c) < end] or defining)[-1]
            if not is_among(cell, self.claims[part.grade_id]):
                beside = any(c.source.strip() in blank for c in self.cells)  # else the metadata alone was lost
                self.notes.append(note(about, "답이 답 셀이 아닌 다른 셀에 있어, 그것으로 채점했습니다.", beside))
            elif len({other.source.strip() for other in defining + somewhere}) > 1:
                said = f"{', '.join(sorted(wanted))}을(를) 정의한 셀이 여럿이고 내용이 다릅니다."
                self.notes.append(note(about, said, always=False))
        elif own:
            cell = own[-1]
            said = f"답 셀에 {', '.join(sorted(wanted))}의 정의가 없거나 파이썬으로 읽히지 않습니다."
            self.notes.append(note(about, said, always=False))
        else:
            stubs = [c for c in self.cells if c.cell_type == "code" and c.source.strip() == stub]
            cell = (claiming or stubs or [None])[0]
            if cell is None:
                cell = deepcopy(part.cell)
                self._insert(part, cell)
                self.notes.append(note(about, "답 셀이 지워져 있습니다."))
        if defining or own:
            empty = [c for c in self._unchosen() if c.cell_type == "code" and c.source.strip() in blank]
            self._remove([c for c in empty if c is not cell])
        if not is_among(cell, self.chosen.values()):
            self.chosen[part.grade_id] = cell
        self.answered = cell

    def _check_cell(self, part: Part) -> NotebookNode | None:
        """Return the check's cell: of several the one that said that all is right, else the last unchanged."""
        source = part.cell.source.strip()
        exact = [c for c in self._unchosen() if c.cell_type == "code" and c.source.strip() == source]
        cells = [c for c in self.cells if is_among(c, self._claiming(part) + exact)]
        cells = [c for c in cells if not names(c) - names(part.cell)]  # else an answer was joined to it
        return max(cells, key=lambda c: (said_right(c), c.source.strip() == source, self._index(c)), default=None)

    def _check(self, part: Part) -> None:
        """Put the check after its answer."""
        cells = self._claiming(part) + [c for c in self.cells if c.source.strip() == part.cell.source.strip()]
        if any(said_right(cell) for cell in cells):
            said = "학생의 화면에서는 맞았다고 나왔습니다. 숨은 시험에서 틀렸는지, 셀의 순서가 바뀌었는지 보십시오."
            self.notes.append(note(part.grade_id, said, always=False))
        cell, answer = self._check_cell(part), self.answered
        is_above = cell is not None and answer is not None and self._index(cell) < self._index(answer)
        if is_above:
            self._remove([cell])
            self.notes.append(note(part.grade_id, "답이 확인 셀 아래에 있어, 확인 셀을 그 뒤로 옮겨 채점했습니다."))
        if cell is None or is_above:
            cell = cell or new_code_cell(part.cell.source)
            if answer is None:
                self._insert(part, cell)
            else:
                self.cells.insert(self._index(answer) + 1, cell)
        cell.cell_type, cell.source = "code", part.cell.source
        cell.setdefault("outputs", [])
        cell.setdefault("execution_count", None)
        self.chosen[part.grade_id] = cell

    def _essay(self, part: Part) -> None:
        """Collect an essay's text: of all cells that bear its name, or else of new text around its place."""
        stub = part.cell.source.strip()
        claiming = self._claiming(part)
        own = [cell for cell in claiming if cell.source.strip() not in {"", *self.stubs}]
        unmarked = [cell for cell in self.cells if cell.cell_type != "code" and cell.source.strip() == stub]
        bearing = [*chain(*self.claims.values())]
        cell = (own or claiming or [c for c in unmarked if not is_among(c, bearing)] or [None])[0]
        if cell is None:
            cell = deepcopy(part.cell)
            self._insert(part, cell)
        texts = list(dict.fromkeys(c.source.strip() for c in own))
        if len(texts) > 1:
            self.notes.append(note(part.grade_id, "서술형 답이 여러 셀에 나뉘어 있어 하나로 이었습니다."))
        if not texts:
            texts = [c.source.strip() for c in self._around(part, cell)]
            if texts:
                said = "서술형 답으로 보이는 글이 다른 셀에 있어 답 셀에 옮겼습니다."
                self.notes.append(note(part.grade_id, said, bool(claiming or unmarked)))
            elif any(map(self._is_new_text, self.cells)):
                self.notes.append(note(part.grade_id, "서술형 답은 비어 있고, 다른 곳에 새로 적은 글이 있습니다."))
            elif any(one.source.strip() not in self.sources for one in self.cells):  # else nothing was answered at all
                said = "서술형 답이 비어 0점입니다. 종이나 다른 파일로 내지 않았는지 보십시오."
                self.notes.append(note(part.grade_id, said))
        elif self._around(part, cell):
            self.notes.append(note(part.grade_id, "서술형 답 가까이의 다른 셀에도 새로 적은 글이 있습니다."))
        holding = own or self._around(part, cell)
        pictures = {name: data for c in holding for name, data in c.get("attachments", {}).items()}
        cell.cell_type, cell.source = "markdown", "\n\n".join(texts) or part.cell.source
        if pictures:
            cell.attachments = pictures
        if NO_PICTURE in cell.source:
            said = "서술형 답의 그림이 파일에 없습니다. 그림을 따로 냈는지 보십시오."
            self.notes.append(note(part.grade_id, said))
        cell.pop("outputs", None)
        cell.pop("execution_count", None)
        self._remove([c for c in claiming if c is not cell])
        self.chosen[part.grade_id] = cell

    def _around(self, part: Part, cell: NotebookNode) -> list[NotebookNode]:
        """Return the cells of new text between the parts before and after the essay's cell."""
        at = self._index(cell)
        marked = [self._index(c) for c in self.chosen.values() if c is not cell]
        marked += [self._index(c) for p in self.parts if p.kind == "essay" and p is not part for c in self._claiming(p)]
        first = max([i for i in marked if i < at], default=-1) + 1
        last = min([i for i in marked if i > at], default=len(self.cells))
        own = [cell, *self._claiming(part)]
        return [c for c in self.cells[first:last] if not is_among(c, own) and self._is_new_text(c)]

    def _is_new_text(self, cell: NotebookNode) -> bool:
        """Return whether a learner wrote the cell, and no Python."""
        text = cell.source.strip()
        return bool(text) and text not in self.sources and (cell.cell_type != "code" or not is_code(cell))

    def _to_code(self, cell: NotebookNode) -> None:
        """Make a text cell code: a joined task's prose above and below Python goes."""
        lines = cell.source.splitlines()
        starts = [i for i, line in enumerate(lines) if re.match(r"(?:def|class|import|from)\b|@", line)]
        tried = (new_code_cell("\n".join(lines[s:end])) for s in starts for end in range(len(lines), s, -1))
        python = next((part for part in tried if parsed(part)), None)
        cell.source = python.source if python else cell.source
        cell.cell_type, cell.outputs, cell.execution_count = "code", [], None
        cell.pop("attachments", None)

    def _join(self, part: Part, pieces: list[NotebookNode]) -> None:
        """Join the pieces of a split answer where one alone is no Python and all together are."""
        joined = new_code_cell("\n".join(piece.source for piece in pieces))
        if len(pieces) > 1 and not all(map(parsed, pieces)) and names(joined) & names(part.cell):
            pieces[0].source = joined.source
            self._remove(pieces[1:])

    def _lacking(self) -> None:
        """Note names that only a deleted cell gave and that an answer uses."""
        lost = self.all_given.difference(*map(names, self.cells), *map(imported, self.cells))
        for one, two in pairwise(self.parts):
            if one.kind == "answer" and two.kind == "check" and one.grade_id in self.chosen:
                used = set(re.findall(r"\w+", self.chosen[one.grade_id].source)) & lost
                if used:
                    said = f"답이 쓰는 {', '.join(sorted(used))}을(를) 만들던 셀이 지워져 있습니다."
                    self.notes.append(note(two.grade_id, said, always=False))


def is_among(cell: NotebookNode, cells: Iterable[NotebookNode]) -> bool:
    """Return whether the cell is one of these, and not merely equal to one."""
    return any(cell is other for other in cells)


def parsed(cell: NotebookNode) -> list[ast.stmt]:
    """Return the statements of a cell, none where it is no Python; magics, shell commands and f? are passed over."""
    for plain in (str, _without_magics):  # a row of Python may begin with %, too
        with suppress(SyntaxError, ValueError, RuntimeError, MemoryError):  # IPython ends after 500 magics
            found = ast.parse(plain(cell.source)).body
            return [one for one in found if not (isinstance(one, ast.Expr) and MAGIC.match(ast.unparse(one)))]
    return []


def _without_magics(source: str) -> str:
    """Return a cell's source with its magics as the calls that IPython makes of them; what is below %%time is code."""
    transformer = TransformerManager()
    transformer.cleanup_transforms, transformer.line_transforms = [], []  # a piece of a split cell stays indented
    return transformer.transform_cell(re.sub(r"\A\s*%%.*", "", source))


def is_code(cell: NotebookNode) -> bool:
    """Return whether a code cell is Python that does more than hold or print a text."""

    def text(node: ast.AST) -> bool:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            return bool(node.args) and all(map(text, node.args))
        return isinstance(node, ast.Constant) and isinstance(node.value, str) and len(node.value) >= LONG

    statements = parsed(cell)
    return bool(statements) and not all(isinstance(one, ast.Expr) and text(one.value) for one in statements)


def names(cell: NotebookNode) -> set[str]:
    """Return the names that a code cell defines or assigns at its top level."""
    found: set[str] = set()
    for node in parsed(cell) if cell.cell_type == "code" else []:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            found |= {n.id for target in targets for n in ast.walk(target) if isinstance(n, ast.Name)}
    return found


def imported(cell: NotebookNode) -> set[str]:
    """Return the names that a code cell imports at its top level."""
    nodes = [n for n in parsed(cell) if isinstance(n, (ast.Import, ast.ImportFrom))] if cell.cell_type == "code" else []
    return {(alias.asname or alias.name).partition(".")[0] for node in nodes for alias in node.names}


def said_right(cell: NotebookNode) -> bool:
    """Return whether the outputs that a learner's check left say so."""
    outputs = cell.get("outputs", [])
    return not any(o.output_type == "error" for o in outputs) and any(
        o.output_type == "stream" and RIGHT.search("".join(o.text)) for o in outputs
    )
