"""A notebook's own cells, run with other seeds than it gives.

What its prose says of chance must come out again where only chance is another.
"""

import ast
import warnings
from contextlib import redirect_stdout
from io import StringIO

import torch
from nbcheck import code_cells
from nbformat import NotebookNode

SHIFT = 30_000  # added to every seed: no notebook comes near it
SEEDERS = ("manual_seed", "default_rng")  # take a seed first
KEYWORDS = ("seed", "seeds", "random_state")
STATES = ("manual_seed", "set_default_dtype", "set_num_threads")  # functions whose effect outlasts the statement
TRAINER = "fit"  # changes what it is given, though its result is kept
LEFT_OUT = {"setup", "raises-exception"}  # tags
MOVED = "_moved"  # what the code calls `moved`: notebooks have a variable of that name


def moved(seeds: object) -> object:
    """Return a seed, or a list of them as deep as it was given, moved on by SHIFT."""
    return seeds + SHIFT if isinstance(seeds, int) else [moved(each) for each in seeds]


class Reseed(ast.NodeTransformer):
    """Puts `moved` around what a call gives as a seed; the package's own seeds, such as its teacher's, stay."""

    def visit_Call(self, node: ast.Call) -> ast.Call:
        """Move the seeds of this call and of those within it."""
        self.generic_visit(node)
        if isinstance(node.func, ast.Attribute) and node.func.attr in SEEDERS:
            node.args = [around(argument) for argument in node.args]
        for keyword in node.keywords:
            if keyword.arg in KEYWORDS:
                keyword.value = around(keyword.value)
        return node


def around(value: ast.expr) -> ast.Call:
    """Return the code that moves the value."""
    return ast.Call(ast.Name(MOVED, ast.Load()), [value], [])


def names(node: ast.AST, kind: type[ast.expr_context]) -> set[str]:
    """Return the names that the code reads (Load) or binds (Store)."""
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name) and isinstance(part.ctx, kind)}


def is_import(statement: ast.stmt) -> bool:
    """Return whether the statement imports."""
    return isinstance(statement, ast.Import | ast.ImportFrom)


def sets_state(statement: ast.stmt) -> bool:
    """Return whether the statement sets what holds for all below it."""
    return isinstance(statement, ast.Expr) and any(f".{state}(" in ast.unparse(statement) for state in STATES)


def bound(statement: ast.stmt) -> set[str]:
    """Return the names to which the statement gives a new value, whatever they held."""
    if is_import(statement):
        return {(alias.asname or alias.name).partition(".")[0] for alias in statement.names}
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return {statement.name}
    return set().union(*(names(target, ast.Store) for target in getattr(statement, "targets", [])))


def own(statement: ast.stmt) -> set[str]:
    """Return the names that get their value within the statement: arguments, a loop's, a function's."""
    found = names(statement, ast.Store) if isinstance(statement, ast.FunctionDef) else set()
    for part in ast.walk(statement):
        if isinstance(part, ast.arg):
            found.add(part.arg)
        elif isinstance(part, ast.comprehension | ast.For):
            found |= names(part.target, ast.Store)
    return found


def reads(statement: ast.stmt, within: dict[str, set[str]]) -> set[str]:
    """Return the names that the statement reads, with what is read within the functions among them, and so on."""
    found = names(statement, ast.Load) - own(statement)
    while more := set().union(*(within[name] for name in found & set(within))) - found:
        found |= more
    return found


def changed(statement: ast.stmt) -> set[str]:
    """Return the names that the statement binds or whose value it may change: `x = 1`, `x[0] = 1`, `x.append(1)`."""
    found = bound(statement)
    if isinstance(statement, ast.FunctionDef | ast.ClassDef):
        return found
    found |= names(statement, ast.Store) - own(statement)
    for part in ast.walk(statement):
        acts = isinstance(part, ast.Expr) and not ast.unparse(part).startswith("print(")
        if isinstance(part, ast.Subscript | ast.Attribute) and isinstance(part.ctx, ast.Store):
            found |= names(part.value, ast.Load)
        elif acts or (isinstance(part, ast.Call) and ast.unparse(part.func).endswith(f".{TRAINER}")):
            found |= names(part, ast.Load)
    return found


def statements(notebook: NotebookNode) -> list[tuple[str, ast.stmt]]:
    """Return (cell id, statement) in order, but for exercises, the check of the installation and meant errors."""
    found = []
    for cell in code_cells(notebook):
        if "nbgrader" not in cell.metadata and not LEFT_OUT & set(cell.metadata.get("tags", [])):
            found += [(cell.id, statement) for statement in ast.parse(cell.source).body]
    return found


def needed(notebook: NotebookNode, cells: set[str]) -> dict[str, list[ast.stmt]]:
    """Return those cells, and of each cell above them what they use, in order: no drawing, no other experiment."""
    every = statements(notebook)
    modules = {name for _, statement in every if is_import(statement) for name in bound(statement)}
    within = {statement.name: reads(statement, {}) for _, statement in every if isinstance(statement, ast.FunctionDef)}
    kept, used = [], set()
    for cell, statement in reversed(every):
        alters = changed(statement) - (set() if is_import(statement) else modules)
        if cell in cells or alters & used or (used and sets_state(statement)):
            used = (used - bound(statement)) | reads(statement, within)
            kept.append((cell, statement))
    found: dict[str, list[ast.stmt]] = {}
    for cell, statement in reversed(kept):
        found.setdefault(cell, []).append(statement)
    return found


def printed(notebook: NotebookNode, cells: set[str]) -> dict[str, str]:
    """Return what each of the cells prints when they, and what they use, run on other seeds."""
    texts: dict[str, str] = {}
    variables: dict[str, object] = {"__name__": "__main__", MOVED: moved}
    dtype, n_threads = torch.get_default_dtype(), torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        for cell, body in needed(notebook, cells).items():
            tree = ast.fix_missing_locations(Reseed().visit(ast.Module(body, [])))
            with redirect_stdout(StringIO()) as out, warnings.catch_warnings(action="ignore"):
                exec(compile(tree, cell, "exec"), variables)
            texts[cell] = out.getvalue()
    finally:
        torch.set_default_dtype(dtype)
        torch.set_num_threads(n_threads)
    return texts
