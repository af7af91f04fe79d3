"""Proof that the notebook tests bite: every planted change fails, all the rest passes, and the report says what to do.

Each test runs pytest on a copy of a notebook in a folder of its own, with the project's own settings.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest
from nbcheck import ROOT, plugin
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output
from nbval.plugin import IPyNbFile

from mlp_tutorial.classroom.notebooks import notebooks

Change = Callable[[NotebookNode], object]


def run_pytest(folder: Path, *options: str) -> tuple[dict[str, str], str]:
    """Run pytest on the notebooks in `folder`; return each cell's outcome by its id, and all that was printed."""
    command = [sys.executable, "-m", "pytest", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}"]
    command += ["-p", "nbcheck.plugin", "-n", "0", "-v", "-rs", "--color=no", *options, str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "tools"), "PYTHONIOENCODING": "utf-8"}
    environment |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))  # keep planted pictures from real ones
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, encoding="utf-8", timeout=300)
    outcomes = re.findall(r"^\S+\.ipynb::(\S+) (PASSED|FAILED|SKIPPED|ERROR)", done.stdout, flags=re.MULTILINE)
    assert outcomes, done.stdout + done.stderr
    return dict(outcomes), done.stdout


def report_on(cell: str, printed: str) -> str:
    """The part of pytest's report that speaks of one cell."""
    match = re.search(rf"^_+ \S+ 셀 {cell} _+$\n(.*?)(?=^_+ \S+ 셀 |^=+)", printed, flags=re.MULTILINE | re.DOTALL)
    assert match, printed
    return match[1]


def sample() -> NotebookNode:
    """Notebook 03 without its two slow cells, and with a second copy of its figure and of its deliberate error."""
    nb = nbformat.read(notebooks()["03"], as_version=4)
    nb.cells = [cell for cell in nb.cells if cell.id not in ("03-23", "03-25")]
    for source, name in (("figures.curves", "03-90"), ("F.cross_entropy(z, labels_from_one)\n", "03-91")):
        original = next(cell for cell in nb.cells if cell.cell_type == "code" and source in f"{cell.source}\n")
        copy = nbformat.from_dict(original)
        copy.id = name
        nb.cells.append(copy)
    return nb


def output(old: str, new: str, key: str = "text") -> Change:
    """Return what changes a text in the cell's stored output."""
    return lambda cell: cell.outputs[0].update({key: cell.outputs[0][key].replace(old, new, 1)})


def source(old: str, new: str) -> Change:
    """Return what changes a text in the cell's code."""
    return lambda cell: cell.update(source=cell.source.replace(old, new, 1))


# One change each, and what the report must say of it.
PLANTS: dict[str, tuple[str, Change, list[str]]] = {
    "03-03": ("digit", output("1.7500", "1.7502"), ["1번째 줄", "1.7502", "1.7500"]),
    "03-05": ("curve", source("loss_at(line))}", "loss_at(line) + 0.2)}"), ["그림이 달라졌습니다", "03-05_"]),
    "03-13": ("word", output("가장", "제일"), ["저장된 출력: 제일 좋은 상수", "새 출력:     가장"]),
    "03-15": ("lost output", lambda cell: cell.outputs.clear(), ["0개에서 1개로"]),
    "03-17": ("neither", lambda cell: cell.update(execution_count=None, outputs=[]), ["실행"]),
    "03-19": ("added output", lambda cell: cell.outputs.append(new_output("display_data")), ["2개에서 1개로"]),
    "03-21": ("outputs without a count", lambda cell: cell.update(execution_count=None), ["실행"]),
    "03-31": ("error", output("Target 3", "Target 4", "evalue"), ["오류 메시지", "Target 3"]),
    "03-33": ("untagged error", source("y.reshape", "y_true.reshape"), ["NameError", "y_true"]),
    "03-90": ("label", source('ylabel="손실 L"', 'ylabel="오차 L"'), ["그림이 달라졌습니다"]),
    "03-91": ("no error", source("labels_from_one)", "labels_from_one - 1)"), ["일부러 낸 오류가 나지 않았습니다"]),
}


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """The outcome of one run of the sample with every change planted, each in a cell of its own."""
    folder = tmp_path_factory.mktemp("planted")
    nb = sample()
    for cell in nb.cells:
        if cell.id in PLANTS:
            before = deepcopy(cell)
            PLANTS[cell.id][1](cell)
            assert cell != before, f"{cell.id}: nothing was planted"
    nbformat.write(nb, folder / "03_loss_functions.ipynb")
    return run_pytest(folder)


def test_the_planted_cells_fail_and_no_other(planted: tuple[dict[str, str], str]) -> None:
    outcomes, _ = planted
    code_cells = [cell.id for cell in sample().cells if cell.cell_type == "code"]
    assert outcomes == {name: "FAILED" if name in PLANTS else "PASSED" for name in code_cells}


@pytest.mark.parametrize("cell", PLANTS, ids=[plant[0] for plant in PLANTS.values()])
def test_the_report_tells_where_what_and_what_to_do(cell: str, planted: tuple[dict[str, str], str]) -> None:
    report = report_on(cell, planted[1])
    missing = [text for text in (f"셀 {cell}", "할 일:", *PLANTS[cell][2]) if text not in report]
    assert not missing, report


def test_the_report_on_a_picture_leads_to_a_sheet_of_both(planted: tuple[dict[str, str], str]) -> None:
    file = re.search(r"둘의 차이: (.*\.png)", report_on("03-05", planted[1]))
    assert file
    assert Path(file[1]).read_bytes().startswith(b"\x89PNG")


def test_a_cell_alone_runs_what_stands_above_it_first(tmp_path: Path) -> None:
    cells = [
        new_code_cell(line, execution_count=1) for line in ("a = 1", "b = a + undefined", "b = a", "assert b == 1")
    ]
    for name, cell in zip("abcd", cells, strict=True):
        cell.id = name
    nbformat.write(new_notebook(cells=cells), tmp_path / "01_x.ipynb")
    assert run_pytest(tmp_path, "-k", "::d or ::b or d")[0] == {"d": "PASSED"}


# What a notebook's second cell, or its first in the background, can do to its kernel; and what the report must say.
DEAF = "import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\n"
KERNELS = {
    "dies": ("", "import os\nos._exit(1)", "커널이 죽었습니다"),
    "late": ("import os, threading\nthreading.Timer(0.5, os._exit, [1]).start()\n", "", "커널이 죽었습니다"),
    "caught": ("", "import time\ntry:\n    time.sleep(600)\nexcept KeyboardInterrupt:\n    pass", "3초가 지나도"),
    "loud": ("", f"{DEAF}while True:\n    print(1, flush=True)\n    time.sleep(0.05)", "3초가 지나도"),
    "hangs": ("", "import time\ntime.sleep(600)", "3초가 지나도"),
    "deaf": ("", f"{DEAF}time.sleep(600)", "3초가 지나도"),
}


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, str], str]:
    """The outcome of one run, with three seconds a cell, of a notebook for each of `KERNELS` and of some of others."""
    folder = tmp_path_factory.mktemp("broken")
    for name, (first, second, _) in KERNELS.items():
        sources = [f"{first}print(1)", second or "import time\ntime.sleep(2)", "print(2)", "print(3)"]
        cells = [new_code_cell(text, id=f"{name}-{i}", execution_count=i) for i, text in enumerate(sources, start=1)]
        cells[0].outputs = [new_output("stream", text="1\n")]
        nbformat.write(new_notebook(cells=cells), folder / f"{name}.ipynb")
    nbformat.write(new_notebook(cells=[new_code_cell("", id="empty-1")]), folder / "empty.ipynb")
    nbformat.write(
        new_notebook(cells=[new_code_cell("1 + 1;", id="quiet-1", execution_count=1)]), folder / "quiet.ipynb"
    )
    text = nbformat.writes(new_notebook(cells=[new_code_cell("1", id="x")]))
    (folder / "colab.ipynb").write_text(text.replace('"id": "x",', ""), encoding="utf-8")
    (folder / "conflict.ipynb").write_text(f"<<<<<<< HEAD\n{text}", encoding="utf-8")
    return run_pytest(folder, "--nbval-cell-timeout=3")


@pytest.mark.parametrize("name", KERNELS)
def test_a_dead_or_hanging_kernel_is_told_with_its_cell_and_the_rest_is_not_run(
    name: str, broken: tuple[dict[str, str], str]
) -> None:
    outcomes, printed = broken
    assert [outcomes[f"{name}-{i}"] for i in (1, 2, 3, 4)] == ["PASSED", "FAILED", "SKIPPED", "SKIPPED"]
    assert KERNELS[name][2] in report_on(f"{name}-2", printed)
    assert f"실행하지 않았습니다: 앞의 셀 {name}-2에서" in printed


@pytest.mark.parametrize(("fails", "outcomes"), [(1, ["PASSED", "PASSED"]), (2, ["FAILED", "SKIPPED"])])
def test_a_kernel_that_does_not_start_gets_a_second_attempt(fails: int, outcomes: list[str], tmp_path: Path) -> None:
    (tmp_path / "ipykernel_launcher.py").write_text(  # the folder's own comes first
        "import pathlib, sys\n"
        "from ipykernel import kernelapp\n"
        f"counted = pathlib.Path({str(tmp_path / 'counted')!r})\n"
        "counted.open('a').write('x')\n"
        f"sys.exit(1) if len(counted.read_text()) <= {fails} else kernelapp.launch_new_instance()\n",
        encoding="utf-8",
    )
    cells = [new_code_cell("a = 1", id=name, execution_count=1) for name in "ab"]
    nbformat.write(new_notebook(cells=cells), tmp_path / "01_x.ipynb")
    found, printed = run_pytest(tmp_path)
    assert [found["a"], found["b"]] == outcomes
    assert fails == 1 or "두 번 다 시작하지 못했습니다" in report_on("a", printed)


def test_an_empty_cell_is_to_be_deleted(broken: tuple[dict[str, str], str]) -> None:
    assert broken[0]["empty-1"] == "FAILED"
    assert "셀을 지우십시오" in report_on("empty-1", broken[1])


def test_a_cell_that_ends_in_a_semicolon_shows_nothing_as_in_jupyter(broken: tuple[dict[str, str], str]) -> None:
    assert broken[0]["quiet-1"] == "PASSED"


@pytest.mark.parametrize(("name", "told"), [("colab", "셀의 id가 없거나"), ("conflict", "충돌 표시")])
def test_a_file_that_another_editor_left_is_one_korean_line(
    name: str, told: str, broken: tuple[dict[str, str], str]
) -> None:
    assert re.search(rf"^\S*{name}\.ipynb::파일 FAILED", broken[1], re.MULTILINE)
    (line,) = re.search(rf"^_+ {name}\.ipynb 파일 _+$\n(.*?)\n(?=_+ |=+)", broken[1], re.MULTILINE | re.DOTALL)[
        1
    ].split("\n")
    assert told in line
    assert "십시오" in line


def session(*names: str) -> Mock:
    """Return pytest's session over these arguments in the project."""
    return Mock(config=Mock(rootpath=ROOT, args=[*names]))


@pytest.mark.parametrize("fault", ["two of one number", "unreadable"])
def test_where_all_are_read_one_line_stops_it_all_but_a_named_notebook(
    fault: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "01_a.ipynb").write_text("<<<<<<< HEAD", encoding="utf-8")
    two = Mock(side_effect=ValueError("번호는 하나씩"))
    one = Mock(return_value={"01": tmp_path / "01_a.ipynb"})
    monkeypatch.setitem(plugin.LISTS, "notebooks", two if fault == "two of one number" else one)
    with pytest.raises(pytest.UsageError, match=r"하나씩|충돌 표시"):
        plugin.pytest_collection(session("tests", "notebooks/02_b.ipynb"))
    plugin.pytest_collection(session("notebooks/02_b.ipynb::02-03"))


@pytest.mark.parametrize(
    ("name", "named", "kept"),
    [
        ("01_structure", False, True),
        ("01_structure-Copy1", False, False),
        ("Untitled", False, False),
        ("Untitled", True, True),
    ],
)
def test_what_else_lies_beside_the_notebooks_is_passed_over(
    name: str, named: bool, kept: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(plugin.Notebook, "from_parent", lambda parent, path: path)
    path = ROOT / "notebooks" / f"{name}.ipynb"
    hook = plugin.pytest_collect_file(path, Mock(session=Mock(isinitpath=Mock(return_value=named))))
    next(hook)
    with pytest.raises(StopIteration) as end:
        hook.send([Mock(spec=IPyNbFile, path=path)])
    assert end.value.value == ([path] if kept else [])


def test_the_callers_settings_change_no_picture(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A backend for scripts, a grid, two digits and warnings, each set in its own way, are not the notebook's."""
    home = tmp_path / "home"
    (home / ".config" / "matplotlib").mkdir(parents=True)
    (home / ".config" / "matplotlib" / "matplotlibrc").write_text("axes.grid: True\n", encoding="utf-8")
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    startup.joinpath("00.py").write_text("import torch\ntorch.set_printoptions(precision=2)\n", encoding="utf-8")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("USERPROFILE", str(home))
    for name in ("IPYTHONDIR", "MPLCONFIGDIR", "MATPLOTLIBRC"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("MPLBACKEND", "Agg")
    monkeypatch.setenv("PYTHONWARNINGS", "default")
    folder = tmp_path / "book"
    folder.mkdir()
    nb = sample()
    nb.cells = nb.cells[: next(i for i, cell in enumerate(nb.cells) if cell.id == "03-16")]
    nbformat.write(nb, folder / "03_loss_functions.ipynb")
    outcomes, printed = run_pytest(folder)
    assert set(outcomes.values()) == {"PASSED"}, printed
