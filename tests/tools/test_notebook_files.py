"""Tests of the notebooks as files, and proof that every check bites: a planted fault gives one message."""

from collections import Counter
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from pathlib import Path

import pytest
from nbcheck import ROOT, code_cells, files, words
from nbformat import NotebookNode
from nbformat.v4 import new_output

from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = [*notebooks().values()]

SAMPLE = ROOT / "notebooks" / "01_structure.ipynb"
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
PROSE_FILES = [*PAGES, *sorted(ROOT.glob("mlp_tutorial/**/*.py"))]
PROSE_FILES.remove(words.TERMS)  # it must name what it forbids
Plant = Callable[[NotebookNode], NotebookNode]  # changes one thing and returns the cell that the message must name
notebook = cache(files.read)


@cache
def told(check: str, path: Path) -> list[str]:
    """Return a check's messages about a notebook as it lies on disk."""
    return files.faults(check, notebook(path), path)


def report(messages: list[str]) -> None:
    """Fail with the messages alone, for a reader whom a traceback would only frighten."""
    if messages:
        pytest.fail("\n".join(messages), pytrace=False)


@pytest.mark.parametrize("check", files.CHECKS)
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_the_notebook_file_is_sound(path: Path, check: str) -> None:
    report(told(check, path))


@pytest.mark.parametrize("path", PROSE_FILES, ids=lambda path: path.name)
def test_no_forbidden_word_is_left(path: Path) -> None:
    report(words.faults_in_file(path))


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_links_of_pages_lead_somewhere(path: Path) -> None:
    assert files.broken_links(path.read_text(encoding="utf-8"), path) == []


@pytest.mark.parametrize("number", [*notebooks()][1:])
def test_lost_questions_about_earlier_notebooks_are_found(number: str) -> None:
    path = notebooks()[number]
    for heading in filter(None, (files.RECALL, files.CHECKPOINTS.get(number))):
        nb = deepcopy(notebook(path))
        cell = cell_with(nb, "markdown", heading)
        cell.source = cell.source.replace(heading, "## 다른 절", 1)
        assert len(files.faults("questions", nb, path)) == 1


def test_all_seven_notebooks_are_looked_at() -> None:
    assert len(NOTEBOOKS) >= 7, NOTEBOOKS
    assert {"data.py", "model.py", "README.md"} <= {path.name for path in PROSE_FILES}


def cell_with(nb: NotebookNode, kind: str, text: str) -> NotebookNode:
    """Return the first cell of the kind (markdown, code) whose source holds the text, but for the one that installs."""
    cells = [cell for cell in nb.cells if "setup" not in cell.metadata.get("tags", [])]
    return next(cell for cell in cells if cell.cell_type == kind and text in cell.source)


def at(text: str, change: Callable[[NotebookNode], object], kind: str = "code") -> Plant:
    """Return a plant that changes the first cell of the kind that holds the text."""

    def plant(nb: NotebookNode) -> NotebookNode:
        cell = cell_with(nb, kind, text)
        change(cell)
        return cell

    return plant


def replace(old: str, new: str, kind: str = "markdown") -> Plant:
    """Return a plant that replaces a text once in the first cell that holds it."""
    return at(old, lambda cell: cell.update(source=cell.source.replace(old, new, 1)), kind)


def change(text: str, **fields: object) -> Plant:
    """Return a plant that sets fields (outputs, execution_count, id, metadata) of the first code cell with the text."""
    return at(text, lambda cell: cell.update(NotebookNode(fields)))


def put(source: str) -> Plant:
    """Return a plant that gives the first printing cell another source and no output."""
    return change("print(", source=source, outputs=[])


def output(kind: str, **fields: object) -> Plant:
    """Return a plant that adds an output to the first printing cell."""
    return at("print(", lambda cell: cell.outputs.append(new_output(kind, **fields)))


def figure(change: Callable[[NotebookNode, NotebookNode], object]) -> Plant:
    """Return a plant that changes the first figure's cell and its output."""
    return at("plt.show(", lambda cell: change(cell, cell.outputs[0]))


def alt(text: str) -> Plant:
    """Return a plant that gives the first figure another alt text, in its output too."""
    return figure(lambda cell, out: [place.update(alt=text) for place in (cell.metadata, out.metadata["image/png"])])


def opening(change: Callable[[NotebookNode], object]) -> Plant:
    """Return a plant that changes the notebook itself; the message names its first cell."""
    return lambda nb: change(nb) or nb.cells[0]


def failing(change: Callable[[NotebookNode], object]) -> Plant:
    """Return a plant that changes the cell meant to fail."""

    def plant(nb: NotebookNode) -> NotebookNode:
        cell = next(cell for cell in nb.cells if files.means_error(cell))
        change(cell)
        return cell

    return plant


def section_lost(nb: NotebookNode, number: int) -> NotebookNode:
    """Take a section's own line away; the message names the cell of the section before it."""
    expected = cell_with(nb, "markdown", files.SECTIONS[max(number - 1, 0)])
    replace(files.SECTIONS[number], "지웠습니다. ")(nb)
    return expected


def untagged(nb: NotebookNode) -> NotebookNode:
    """Untag the meant error; the message names the cell of the heading."""
    failing(lambda cell: cell.metadata.pop("tags"))(nb)
    return cell_with(nb, "markdown", files.MISTAKES)


def doubled_id(nb: NotebookNode) -> NotebookNode:
    """Give a cell the id of the one before it."""
    nb.cells[5].id = nb.cells[4].id
    return nb.cells[5]


def late_counts(nb: NotebookNode) -> NotebookNode:
    """Number the cells from 2, as a second run in one kernel does: one message, at the first."""
    for number, cell in enumerate(code_cells(nb), start=2):
        cell.execution_count = number
    return code_cells(nb)[0]


def swapped(nb: NotebookNode) -> NotebookNode:
    """Swap the headings of two neighbouring sections."""
    cell = cell_with(nb, "markdown", "## 요약")
    cell.source = cell.source.replace("## 요약", "##").replace(files.QUIZ, "## 요약").replace("##\n", f"{files.QUIZ}\n")
    return cell


ALT = "점 네 개가 마주 보는 산점도."
LIVE = {files.WIDGET: {"model_id": "1a2b"}}
ERROR = {"ename": "ValueError", "evalue": "H는 1 이상이어야 합니다.", "traceback": []}
FAULTS: list[tuple[str, str, Plant]] = [
    ("counts", "none", change("print(", execution_count=None)),
    ("counts", "out of order", change("plt.show(", execution_count=99)),
    ("counts", "all", late_counts),
    ("counts", "empty", change("print(", source="", outputs=[])),
    ("outputs", "no print", change("print(", outputs=[])),
    ("outputs", "no figure", change("plt.show(", outputs=[])),
    ("outputs", "print in a loop", put("for n in range(3):\n    print(n)")),
    ("outputs", "print in a with", put("with torch.no_grad():\n    print(1)")),
    ("outputs", "last value", put("x = 1\nx + 1")),
    ("outputs", "after a magic", put("%time x = 1\nprint(x)")),
    ("errors", "stderr", output("stream", name="stderr", text="UserWarning")),
    ("errors", "not meant", output("error", **ERROR)),
    ("errors", "did not come", failing(lambda cell: cell.update(outputs=[]))),
    ("ignored", "tag", change("print(", metadata={"tags": ["nbval-ignore-output"]})),
    ("ignored", "skip tag", change("print(", metadata={"tags": ["nbval-skip"]})),
    ("ignored", "old tag", change("print(", metadata={"tags": ["pytest-validate-ignore-output"]})),
    ("ignored", "comment", replace("print(", "# NBVAL_IGNORE_OUTPUT\nprint(", "code")),
    ("ignored", "skip comment", replace("print(", "# NBVAL_SKIP\nprint(", "code")),
    ("ignored", "old comment", replace("print(", "# PYTEST_VALIDATE_IGNORE_OUTPUT\nprint(", "code")),
    ("ignored", "interactive", put("# NBVAL_IGNORE_OUTPUT\nexplore.structure()")),
    ("widgets", "beside a picture", figure(lambda _, out: out.data.update(LIVE))),
    ("widgets", "alone", output("display_data", data=LIVE)),
    ("widgets", "state", opening(lambda nb: nb.metadata.update(widgets={"state": {}}))),
    ("alt_texts", "none", figure(lambda cell, out: (cell.metadata.pop("alt"), out.metadata["image/png"].pop("alt")))),
    ("alt_texts", "none in the metadata", figure(lambda cell, _: cell.metadata.pop("alt"))),
    ("alt_texts", "not stored yet", figure(lambda cell, _: cell.metadata.update(alt=ALT))),
    ("alt_texts", "lost by JupyterLab", figure(lambda _, out: out.metadata["image/png"].pop("alt"))),
    ("alt_texts", "two pictures", figure(lambda cell, out: cell.outputs.append(deepcopy(out)))),
    ("alt_texts", "no picture", change("print(", metadata={"alt": ALT})),
    ("alt_texts", "short", alt("손실 곡선")),
    ("alt_texts", "English", alt("A loss curve that falls from 1.08 to 1.02.")),
    ("alt_texts", "markdown", replace("## 요약", "![](../docs/decision_regions.png)\n\n## 요약")),
    ("alt_texts", "img", replace("## 요약", '<img src="../docs/decision_regions.png">\n\n## 요약')),
    ("title", "second", replace("## 요약", "# 요약")),
    ("title", "number", replace("# 01 ", "# 1. ")),
    ("title", "not first", opening(lambda nb: nb.cells[0].update(source=f"머리말\n\n{nb.cells[0].source}"))),
    *(("sections", f"lost {i}", lambda nb, i=i: section_lost(nb, i)) for i in range(len(files.SECTIONS))),
    ("sections", "doubled", replace("## 다음으로", "## 다음으로\n\n## 다음으로")),
    ("sections", "renamed", replace("## 요약", "## 요약과 정리")),
    ("sections", "order", swapped),
    ("contents", "no R table", replace("| R의 torch | PyTorch | 조심할 점 |", "표\n\n## 표")),
    ("contents", "no error", untagged),
    ("r_blocks", "R as if to be run", replace("## 요약", "```r\nx <- 1\n```\n\n## 요약")),
    ("r_blocks", "R in a quotation", replace("## 요약", f"{files.R_MARK} (글)\n>\n> ```r\n> x <- 1\n> ```\n\n## 요약")),
    ("r_blocks", "R in a plain quotation", replace("## 요약", "> ```r\n> x <- 1\n> ```\n\n## 요약")),
    ("struck", "two ranges", replace("## 요약", "학습률은 0.1~0.3이고 너비는 4~16입니다.\n\n## 요약")),
    ("questions", "two in the quiz", replace("**3.** ", "")),
    ("questions", "answer left open", replace("</details>\n\n**2.**", "**2.**")),
    ("terms", "markdown", replace("## 요약", "히든 레이어와 은닉층\n\n## 요약")),
    ("terms", "over two lines", replace("## 요약", "히든\n레이어와 은닉층\n\n## 요약")),
    ("terms", "comment", replace("print(", "# 웨이트를 봅니다\nprint(", "code")),
    ("terms", "string", replace("print(", 'name = "활성 " "함수"\nprint(', "code")),
    ("terms", "no Python", put("x = (  # 에포크")),
    ("terms", "output", output("stream", name="stdout", text="에포크 1")),
    ("terms", "error", output("error", ename="ValueError", evalue="뱃치가 비었습니다.", traceback=[])),
    ("terms", "value", output("execute_result", data={"text/plain": "'구배'"}, execution_count=1)),
    ("terms", "alt text", alt("손실함수가 내려가는 그림이다.")),
    ("links", "file", replace("(02_hidden_layers.ipynb)", "(02_hidden.ipynb)")),
    ("links", "heading", replace("(02_hidden_layers.ipynb)", "(02_hidden_layers.ipynb#없는-제목)")),
    ("links", "own heading", replace("## 요약", "[위](#없는-제목)\n\n## 요약")),
    ("links", "reference", replace("## 요약", "[위]: no.md\n\n## 요약")),
    ("sizes", "picture", output("display_data", data={"image/png": "A" * 534_800})),
    ("sizes", "notebook", output("stream", name="stdout", text="0" * 2_000_000)),
    ("ids", "form", change("print(", id="a1b2c3d4")),
    ("ids", "another notebook's", change("print(", id="02-04")),
    ("ids", "doubled", doubled_id),
    ("ids", "falling", lambda nb: nb.cells[-1].update(id="01-00") or nb.cells[-1]),
    ("metadata", "kernel", opening(lambda nb: nb.metadata.kernelspec.update(name="conda-env-ml"))),
    ("metadata", "times", change("print(", metadata={"execution": {"iopub.execute_input": "2026-01-01T00:00:00"}})),
    ("metadata", "times of an extension", change("print(", metadata={"ExecuteTime": {}})),
    ("metadata", "of another editor", change("print(", metadata={"colab": {}, "outputId": "x"})),
    ("metadata", "the notebook's of another editor", opening(lambda nb: nb.metadata.update(colab={}))),
    ("device", "another form", replace("print(", 'device = "cuda"\nprint(', "code")),
    ("device", "second", replace("print(", f"{files.DEVICE_LINE}\n{files.DEVICE_LINE}\nprint(", "code")),
    ("device", "apart", replace("print(", 'x = x.to("cuda")\nprint(', "code")),
    ("machine_paths", "source", replace("print(", 'path = "/home/kim/model.pt"\nprint(', "code")),
    ("machine_paths", "prose", replace("## 요약", "`/Users/kim`에 둡니다.\n\n## 요약")),
    ("machine_paths", "output", output("stream", name="stdout", text=r"C:\Users\kim")),
    ("machine_paths", "temporary", output("stream", name="stdout", text="ipykernel_1234/567.py:1")),
    ("machine_paths", "traceback", output("error", **{**ERROR, "traceback": ["\x1b[32m/tmp/x.py:1\x1b[39m"]})),
]


@pytest.mark.parametrize(("check", "plant"), [pytest.param(c, p, id=f"{c}: {name}") for c, name, p in FAULTS])
def test_a_planted_fault_gives_one_message(check: str, plant: Plant) -> None:
    nb = deepcopy(notebook(SAMPLE))
    cell = plant(nb)
    # What the sample itself is guilty of is told above, once, and must not make all of these fail as well.
    new = Counter(files.faults(check, nb, SAMPLE)) - Counter(told(check, SAMPLE))
    assert new.total() == 1, new
    assert next(iter(new)).startswith(f"{cell.id}: "), new


def test_every_check_has_a_planted_fault() -> None:
    assert {check for check, _, _ in FAULTS} == set(files.CHECKS)


@pytest.mark.parametrize(
    "source",
    [
        "x = 1",
        "x.grad",
        "model.train()",
        "plt.plot(x);",
        "x;",
        "None",
        "def f():\n    print(1)",
        "if x:\n    print(1)",
        "for n in x:\n    if n:\n        continue\n    print(n)",
        "while x:\n    print(1)",
        "try:\n    f()\n    print(1)\nexcept ValueError:\n    pass",
        "with redirect_stdout(out):\n    print(1)",
        "print(1, file=out)",
        "%%capture\nprint(1)",
        "x = (1,",
    ],
)
def test_no_output_is_asked_of_code_that_may_show_none(source: str) -> None:
    assert files.promised(source) == set()


def test_a_cell_meant_to_fail_owes_no_print() -> None:
    nb = deepcopy(notebook(SAMPLE))
    failing(lambda cell: cell.update(source=f"{cell.source}\nprint(1)"))(nb)
    assert files.faults("outputs", nb, SAMPLE) == told("outputs", SAMPLE)


HARMLESS = "`손실함수` `~/.venv/lib/a.py` https://x.org/home/kim results/tmp/a.png `layers[0](x)` $f[0](x)$ [글](https://x.org/#y)"


@pytest.mark.parametrize("check", ["links", "machine_paths", "terms"])
def test_what_only_looks_like_a_fault_is_let_be(check: str) -> None:
    nb = deepcopy(notebook(SAMPLE))
    replace("## 요약", f"{HARMLESS}\n\n## 요약")(nb)
    assert files.faults(check, nb, SAMPLE) == told(check, SAMPLE)


@pytest.mark.parametrize("text", ["활성화 함수와 손실 함수", "연구배경", "차이폭", "하이퍼파라미터", "미니배치의 크기"])
def test_a_right_word_is_let_be(text: str) -> None:
    assert words.wrong_words(text) == []


def test_the_table_forbids_none_of_its_own_words() -> None:
    assert len(words.forbidden()) > 40
    assert [good for good in words.forbidden().values() if words.wrong_words(good)] == []
    assert [word for word in words.forbidden() if words.wrong_words(f"이 {word}는") != [word]] == []


def test_names_are_no_prose(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text('손실함수 = 1\nx = f"{손실함수} 에포크"  # 구배\n', encoding="utf-8")
    (tmp_path / "a.md").write_text("# 제목\n`손실함수`는 씨드와\n", encoding="utf-8")
    told = [message for name in ("a.py", "a.md") for message in words.faults_in_file(tmp_path / name)]
    expected = [("a.py 2째 줄", "에포크"), ("a.py 2째 줄", "구배"), ("a.md 2째 줄", "씨드")]
    assert [message.split("’")[0] for message in told] == [f"{where}: ‘{word}" for where, word in expected]


def test_a_heading_is_found_as_jupyterlab_names_it(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text("## 3. 층을 `optim`까지\n\n```\n# 주석\n```\n", encoding="utf-8")
    assert files.broken_links("[가](#3.-층을-optim까지) [나](a.md#3-층을-optim까지) [다](https://x.org/#y)", page) == []
    assert files.broken_links("[라](a.md#주석)", page) == ["a.md#주석"]
