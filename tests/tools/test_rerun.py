"""Tests of the command that runs notebooks anew: what it tells, what it asks, and above all what it leaves alone.

The notebooks are small and import no torch; where only the question matters, no kernel is started either.
"""

import builtins
import errno
import io
import json
import re
import sys
import tempfile
from base64 import b64encode
from collections.abc import Callable, Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import numpy as np
import pytest
import rerun
from nbcheck import WIDGET
from nbcheck.pictures import pixels
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from PIL import Image
from sample import stream


def png(grey: int) -> bytes:
    """A small picture of one grey."""
    file = io.BytesIO()
    Image.fromarray(np.full((20, 30), grey, np.uint8)).save(file, "png")
    return file.getvalue()


def show(grey: int, others: str = "{}") -> str:
    """A cell's source that shows the picture, at half its size, and whatever else the expression `others` holds."""
    data = f"{others} | {{'image/png': '{b64encode(png(grey)).decode()}', 'text/plain': '그림'}}"
    return f"display({data}, metadata={{'image/png': {{'width': 15}}}}, raw=True)"


def code(name: str, source: str, *tags: str, alt: str = "") -> NotebookNode:
    """A code cell that was never run."""
    metadata = {"tags": list(tags), "alt": alt}
    return new_code_cell(source, id=name, metadata={key: value for key, value in metadata.items() if value})


def notebook(*cells: NotebookNode) -> NotebookNode:
    """A notebook of this interpreter's kernel."""
    return new_notebook(cells=list(cells), metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})


def write(nb: NotebookNode, path: Path) -> bytes:
    """Write the notebook with an indentation that nbformat never uses, so that a rewritten file shows; return it."""
    path.write_text(json.dumps(nb, indent=3, ensure_ascii=False), encoding="utf-8")
    return path.read_bytes()


def settle(root: Path, patch: pytest.MonkeyPatch) -> Path:
    """Let the command see a repository of two notebooks at `root`, and no terminal; return the first one's path."""
    folder = root / "notebooks"
    folder.mkdir(parents=True)
    (folder / "helper.py").write_text("def fail():\n    raise ValueError('일부러')\n", encoding="utf-8")
    paths = [folder / name for name in ("01_first.ipynb", "02_second.ipynb")]
    for path in paths:
        write(notebook(code("01-02", "print('손실 0.25')")), path)
    patch.setattr(rerun, "ROOT", root)
    patch.setattr(rerun, "notebooks", lambda: dict(enumerate(paths)))
    patch.setattr(rerun, "COPIES", {"02-15": root / "copy.png"})
    patch.setattr(tempfile, "tempdir", str(root.parent))
    patch.setattr(sys, "stdin", io.StringIO("y\n"))  # no terminal: an answer that waits in it must not count
    return paths[0]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first notebook of a small repository."""
    return settle(tmp_path / "repository", monkeypatch)


WIDGETS = "from IPython.core.formatters import format_display_data\nfrom ipywidgets import IntSlider\n"
ALL = notebook(
    new_markdown_cell("# 제목", id="01-01"),
    code("01-02", "print('손실 0.25')"),
    code("01-03", "print('정답률', 0.5)\nprint('끝')"),
    code("01-04", "import helper\nhelper.fail()", "raises-exception"),
    code("02-15", show(200), alt="고른 회색이다."),
    code("02-16", WIDGETS + show(90, "format_display_data(IntSlider())[0]"), alt="짙은 회색이다."),
)
ALL.metadata.widgets = {}  # as an older run left it


@pytest.fixture(scope="module", params=["elsewhere", "in the home folder"])
def stored(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A notebook that `rerun --yes` ran and stored, in a repository in or outside of the user's home folder."""
    root = tmp_path_factory.mktemp("rerun") / "repository"
    with pytest.MonkeyPatch.context() as patch:
        path = settle(root, patch)
        home = root.parent if request.param == "in the home folder" else root.parent / "home"
        home.mkdir(exist_ok=True)
        patch.setenv("HOME", str(home))
        kernel = home / "kernels" / "python3" / "kernel.json"  # another Python's, which Jupyter would take
        kernel.parent.mkdir(parents=True)
        kernel.write_text('{"argv": ["/other/python"], "display_name": "Python 3", "language": "python"}')
        patch.setenv("JUPYTER_DATA_DIR", str(home))
        patch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
        patch.delenv("JUPYTER_PATH", raising=False)
        write(ALL, path)
        assert rerun.main(["01", "--yes"]) == 0
        yield path


def test_yes_stores_counts_from_one_and_outputs_and_keeps_the_rest(stored: Path) -> None:
    nb = nbformat.read(stored, as_version=4)
    first, second, *others = cells = rerun.code_cells(nb)
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert [cell.outputs[0].text for cell in (first, second)] == ["손실 0.25\n", "정답률 0.5\n끝\n"]
    assert [cell.outputs[0].output_type for cell in others] == ["error", "display_data", "display_data"]
    kept = [[(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in book.cells] for book in (nb, ALL)]
    assert kept[0] == kept[1]
    assert stored.read_bytes().endswith(b"\n}\n")


def test_a_stored_traceback_holds_no_path_of_this_machine(stored: Path) -> None:
    (error,) = nbformat.read(stored, as_version=4).cells[3].outputs
    trace = "\n".join(error.traceback)
    assert "notebooks/helper.py" in trace
    assert str(stored.parent.parent) not in trace
    assert "~" not in trace


def test_a_picture_is_stored_with_its_size_and_the_alt_text_of_its_cell_but_without_its_widget(stored: Path) -> None:
    nb = nbformat.read(stored, as_version=4)
    outputs = [cell.outputs[0] for cell in nb.cells[4:]]
    alts = [{"image/png": {"width": 15, "alt": alt}} for alt in ("고른 회색이다.", "짙은 회색이다.")]
    assert [output.metadata for output in outputs] == alts
    assert [set(output.data) for output in outputs] == [{"image/png", "text/plain"}] * 2
    assert "widgets" not in nb.metadata


def test_only_the_named_notebook_and_the_readmes_picture_are_written_and_whole(stored: Path) -> None:
    root = stored.parent.parent
    assert (root / "copy.png").read_bytes() == png(200)
    files = {file.name for file in root.rglob("*") if file.is_file() and file.suffix != ".pyc"}
    assert files == {"copy.png", "helper.py", "01_first.ipynb", "02_second.ipynb"}
    assert nbformat.read(stored.with_name("02_second.ipynb"), as_version=4).cells[0].execution_count is None


def test_a_stored_notebook_has_no_change_when_run_again(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = stored.read_bytes()
    assert rerun.main(["01"]) == 0
    assert stored.read_bytes() == before, capsys.readouterr().out


def ran(source: str = "print('손실 0.25')", text: str = "손실 0.25\n", **fields: object) -> NotebookNode:
    """A notebook of one cell that printed the text."""
    nb = notebook(code("01-02", source))
    nb.cells[0].update({"execution_count": 1, "outputs": [stream(text)], **fields})
    return nb


def pictured(alt: str | None, grey: int = 200, **data: object) -> NotebookNode:
    """A notebook of one cell that showed a picture, stored with the alt text."""
    metadata = {"image/png": {"width": 15} | ({"alt": alt} if alt else {})}
    data = {"image/png": b64encode(png(grey)).decode()} | data
    return ran(outputs=[new_output("display_data", data, metadata=metadata)])


def failed(*traceback: str, **metadata: object) -> NotebookNode:
    """A notebook of one cell that ended in an error."""
    error = new_output("error", ename="ValueError", evalue="일부러", traceback=[*traceback])
    return ran(outputs=[error], metadata=NotebookNode(metadata))


def stateful(nb: NotebookNode) -> NotebookNode:
    """The notebook with the state of its widgets, as an older run left it."""
    nb.metadata.widgets = {}
    return nb


@pytest.fixture
def trial(path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Callable:
    """Let the first notebook hold `was` and each run give `new`; return the status, whether it wrote, what it told."""

    def run(was: NotebookNode, new: NotebookNode, *options: str, typed: str | None = None) -> tuple[int, bool, str]:
        before = write(was, path)
        monkeypatch.setattr(rerun, "run", lambda path: deepcopy(new))
        if typed is not None:  # at a terminal
            monkeypatch.setattr(sys.stdin, "isatty", lambda: True, raising=False)
            monkeypatch.setattr(builtins, "input", lambda prompt: pytest.fail("asked") if typed == "?" else typed)
        status = rerun.main(["01", *options])
        return status, path.read_bytes() != before, capsys.readouterr().out

    return run


@pytest.mark.parametrize("options", [[], ["--yes"]], ids=["asking", "yes"])
@pytest.mark.parametrize(
    "was",
    [ran(), ran(text="손실 0.26\n"), ran(outputs=[stream("손실 "), stream("0.25\n")])],
    ids=["the same", "one unit of the last digit", "two streams"],
)
def test_an_unchanged_notebook_stays_byte_for_byte_and_nothing_is_asked(
    was: NotebookNode, options: list[str], trial: Callable
) -> None:
    status, wrote, told = trial(was, ran(), *options, typed="?")
    assert (status, wrote) == (0, False)
    assert told.startswith("01_first.ipynb: 달라진 것이 없어")


@pytest.mark.parametrize("typed", ["y", " Y ", "n", "", "yes?", None], ids=repr)
def test_a_changed_output_is_told_and_stored_only_after_y_at_a_terminal(
    typed: str | None, path: Path, trial: Callable
) -> None:
    status, wrote, told = trial(ran(text="손실 0.99\n"), ran(), typed=typed)
    stores = typed in ("y", " Y ")
    assert (status, wrote, "--yes" in told) == ((0, True, False) if stores else (1, False, True))
    assert ("손실 0.25\\n" in path.read_text(encoding="utf-8")) == stores
    assert all(part in told for part in ("01_first.ipynb: 달라진 것\n", "셀 01-02: print", "손실 0.99", "손실 0.25"))


def test_a_changed_picture_is_shown_on_a_sheet(trial: Callable) -> None:
    status, _, told = trial(pictured(None), pictured(None, grey=90))
    sheet = Path(told.partition("둘의 차이: ")[2].splitlines()[0])
    assert status == 1
    assert "셀 01-02: 그림이 달라졌습니다" in told
    assert sheet.is_relative_to(tempfile.gettempdir())
    assert pixels(sheet.read_bytes())[0, [0, 30, 60], 0].tolist() == [200, 90, 255 - 110]


@pytest.mark.parametrize(
    ("was", "new", "parts"),
    [
        (ran(execution_count=7), ran(), ["셀 01-02: 실행 번호", "7에서 1"]),
        (pictured("회색"), pictured("흰색"), ["셀 01-02: 대체 텍스트", "‘회색’에서 ‘흰색’"]),
        (pictured(None), pictured("흰색"), ["셀 01-02: 대체 텍스트", "‘’에서 ‘흰색’"]),
        (pictured("회색"), pictured(None), ["셀 01-02: 대체 텍스트", "‘회색’에서 ‘’"]),
        (pictured("회색", **{WIDGET: {"model_id": "1"}}), pictured("회색"), ["셀 01-02: 출력에서 위젯이"]),
        (stateful(pictured("회색")), pictured("회색"), ["메타데이터에서 위젯의 상태"]),
        (failed("1", "/home/kim/x.py"), failed("1"), ["‘/home/…’"]),
        (failed("1", execution={}), failed("1"), ["(execution)"]),
    ],
    ids=["count", "alt text", "alt text added", "alt text lost", "widget", "state of widgets", "path", "times"],
)
def test_what_no_comparison_sees_is_told_and_stored(
    was: NotebookNode, new: NotebookNode, parts: list[str], path: Path, trial: Callable
) -> None:
    status, _, told = trial(was, new, "--yes")
    _, line = told.splitlines()
    assert status == 0
    assert all(part in line for part in parts), line
    assert nbformat.read(path, as_version=4) == new


def test_what_others_saved_is_mended_and_then_unchanged(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nb = notebook(code("x", "print('손실 0.25')"))
    nb.cells[0].metadata["outputId"] = "y"
    nb.metadata = {"kernelspec": {"name": ".venv", "display_name": ".venv"}, "colab": {}}
    del nb.cells[0]["id"]
    path.write_text(json.dumps(nb | {"nbformat_minor": 0}), encoding="utf-8-sig")
    assert rerun.main(["01", "--yes"]) == 0
    told = capsys.readouterr().out
    assert [part for part in ("BOM", "01-00부터", "커널이 .venv", "(colab)", "(outputId)") if part not in told] == []
    assert rerun.main(["01"]) == 0
    assert "달라진 것이 없어" in capsys.readouterr().out


def test_what_can_not_be_read_is_one_line(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path.write_text("{<<<<<<<", encoding="utf-8")
    assert rerun.main(["01", "--yes"]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert err.startswith("오류: 01_first.ipynb은 ")


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (OSError(errno.ENOSPC, "disk full"), r"디스크가 가득 차 .*01_first\.ipynb에 쓸 수 없습니다\."),
        (OSError(errno.EIO, "read error"), r".*01_first\.ipynb에 저장할 수 없습니다 \(read error\)\."),
    ],
)
def test_a_failed_write_is_told_and_leaves_the_notebook_as_it_was(
    error: OSError, told: str, path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def failing(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise error

    write(ran(text="손실 0.99\n"), path)
    monkeypatch.setattr(Path, "write_bytes", failing)
    monkeypatch.setattr(rerun, "run", lambda path: ran())
    assert rerun.main(["01", "--yes"]) == 2
    assert re.fullmatch(rf"오류: {told} .*\n", capsys.readouterr().err)
    assert nbformat.read(path, as_version=4) == ran(text="손실 0.99\n")
    assert {file.name for file in path.parent.iterdir()} == {"helper.py", "01_first.ipynb", "02_second.ipynb"}


@pytest.mark.parametrize(
    ("source", "message"),
    [("1 / 0", "ZeroDivisionError"), ("import os\nos._exit(1)", "Kernel died")],
    ids=["error", "dead kernel"],
)
def test_an_untagged_error_ends_with_two_and_stores_nothing(
    source: str, message: str, path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = write(ran(source), path)
    assert rerun.main(["01", "--yes"]) == 2
    assert path.read_bytes() == before
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("01_first.ipynb: 오류가 나서")
    assert message in told.err


def test_the_worst_of_several_notebooks_counts(path: Path, trial: Callable) -> None:
    write(ran(), path.with_name("02_second.ipynb"))
    assert trial(ran(text="손실 0.99\n"), ran())[0] == 1
    assert [rerun.main(names) for names in ([], ["02", "01"], ["02"])] == [1, 1, 0]


@pytest.mark.parametrize("names", [["99"], ["01", "99"]], ids=["alone", "beside a known one"])
def test_an_unknown_name_is_named_and_nothing_runs(
    names: list[str], path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rerun, "run", lambda path: pytest.fail("ran"))
    with pytest.raises(SystemExit) as stop:
        rerun.main(names)
    assert stop.value.code == 2
    assert "이름이 99(으)로" in capsys.readouterr().err
