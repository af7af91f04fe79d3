"""Tests of the command that runs notebooks anew: what it tells, what it asks, and above all what it leaves alone.

The notebooks are small and import no torch; where only the question matters, no kernel is started either.
"""

import builtins
import io
import json
import sys
import tempfile
from base64 import b64encode
from collections.abc import Iterator
from copy import deepcopy
from pathlib import Path

import nbformat
import numpy as np
import pytest
import rerun
from nbcheck import WIDGET
from nbcheck.pictures import pixels
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from PIL import Image


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
    patch.setattr(rerun, "NOTEBOOKS", paths)
    patch.setattr(rerun, "COPIES", {"02-15": root / "copy.png"})
    patch.setattr(tempfile, "tempdir", str(root.parent))
    patch.setattr(sys, "stdin", io.StringIO("y\n"))  # no terminal: an answer that waits in it must not count
    return paths[0]


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The first notebook of a small repository."""
    return settle(tmp_path / "repository", monkeypatch)


ALL = notebook(
    new_markdown_cell("# 제목", id="01-01"),
    code("01-02", "print('손실 0.25')"),
    code("01-03", "print('정답률', 0.5)\nprint('끝')"),
    code("01-04", "import helper\nhelper.fail()", "raises-exception"),
    code("02-15", show(200), alt="고른 회색이다."),
    code("02-16", f"import ipywidgets\n{show(90, 'ipywidgets.IntSlider()._repr_mimebundle_()')}", alt="짙은 회색이다."),
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
        write(ALL, path)
        assert rerun.main(["01", "--yes"]) == 0
        yield path


def test_yes_stores_counts_from_one_and_outputs(stored: Path) -> None:
    cells = rerun.code_cells(nbformat.read(stored, as_version=4))
    assert [cell.execution_count for cell in cells] == [1, 2, 3, 4, 5]
    assert [cell.outputs[0].output_type for cell in cells] == ["stream", "stream", "error", *["display_data"] * 2]
    assert [cell.outputs[0].text for cell in cells[:2]] == ["손실 0.25\n", "정답률 0.5\n끝\n"]


def test_yes_keeps_the_rest_of_the_notebook(stored: Path) -> None:
    nb = nbformat.read(stored, as_version=4)
    kept = [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in nb.cells]
    assert kept == [(cell.id, cell.cell_type, cell.source, cell.metadata) for cell in ALL.cells]
    assert stored.read_bytes().endswith(b"\n}\n")


def test_a_stored_traceback_holds_no_path_of_this_machine(stored: Path) -> None:
    (error,) = nbformat.read(stored, as_version=4).cells[3].outputs
    trace = "\n".join(error.traceback)
    assert "notebooks/helper.py" in trace
    assert str(stored.parent.parent) not in trace
    assert "~" not in trace


def test_the_picture_that_the_readme_shows_is_copied(stored: Path) -> None:
    assert (stored.parent.parent / "copy.png").read_bytes() == png(200)


def test_a_picture_is_stored_with_the_alt_text_of_its_cell_and_its_size(stored: Path) -> None:
    outputs = [cell.outputs[0] for cell in nbformat.read(stored, as_version=4).cells[4:]]
    alts = [{"image/png": {"width": 15, "alt": alt}} for alt in ("고른 회색이다.", "짙은 회색이다.")]
    assert [output.metadata for output in outputs] == alts


def test_of_a_widget_the_picture_alone_is_stored(stored: Path) -> None:
    nb = nbformat.read(stored, as_version=4)
    assert set(nb.cells[5].outputs[0].data) == {"image/png", "text/plain"}
    assert "widgets" not in nb.metadata


def test_a_stored_notebook_has_no_change_when_run_again(stored: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = stored.read_bytes()
    assert rerun.main(["01"]) == 0
    assert stored.read_bytes() == before, capsys.readouterr().out


def test_nothing_half_written_is_left(stored: Path) -> None:
    files = {file.name for folder in (stored.parent, stored.parent.parent) for file in folder.iterdir()}
    assert "01_first.ipynb" in files
    assert [name for name in files if "part" in name] == []


def test_only_the_named_notebook_is_run(stored: Path) -> None:
    second = nbformat.read(stored.with_name("02_second.ipynb"), as_version=4)
    assert second.cells[0].execution_count is None


def ran(source: str = "print('손실 0.25')", text: str = "손실 0.25\n", **fields: object) -> NotebookNode:
    """A notebook of one cell that printed the text."""
    nb = notebook(code("01-02", source))
    stream = nbformat.v4.new_output("stream", name="stdout", text=text)
    nb.cells[0].update({"execution_count": 1, "outputs": [stream], **fields})
    return nb


@pytest.mark.parametrize("options", [[], ["--yes"]], ids=["asking", "yes"])
def test_an_unchanged_notebook_stays_byte_for_byte(
    options: list[str], path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = write(ran(text="손실 0.26\n"), path)  # one unit of the last digit is no change
    assert rerun.main(["01", *options]) == 0
    assert path.read_bytes() == before
    assert capsys.readouterr().out == "01_first.ipynb: 달라진 것이 없어 그대로 둡니다.\n"


def test_a_changed_output_is_told_but_not_stored_without_a_terminal(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = write(ran(text="손실 0.99\n"), path)
    assert rerun.main(["01"]) == 1
    assert path.read_bytes() == before
    told = capsys.readouterr().out
    for part in (
        "01_first.ipynb: 달라진 출력",
        "셀 01-02: print가 쓴 글의 1번째 줄",
        "손실 0.99",
        "손실 0.25",
        "--yes",
    ):
        assert part in told


def pretend(nb: NotebookNode, patch: pytest.MonkeyPatch) -> None:
    """Let each run give this notebook, without a kernel."""
    patch.setattr(rerun, "run", lambda path: deepcopy(nb))


class Terminal(io.StringIO):
    """A standard input that is a terminal."""

    def isatty(self) -> bool:
        """Say that it is one."""
        return True


@pytest.mark.parametrize(
    ("answer", "stores"), [("y", True), (" Y ", True), ("n", False), ("", False), ("yes?", False)], ids=repr
)
def test_at_a_terminal_only_y_stores(answer: str, stores: bool, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write(ran(text="손실 0.99\n"), path)
    pretend(ran(), monkeypatch)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(builtins, "input", lambda prompt: answer)
    assert rerun.main(["01"]) == (0 if stores else 1)
    assert (path.read_bytes() != before) == stores
    assert ("손실 0.25\\n" in path.read_text(encoding="utf-8")) == stores


def test_nothing_is_asked_about_an_unchanged_notebook(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write(ran(), path)
    pretend(ran(), monkeypatch)
    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(builtins, "input", lambda prompt: pytest.fail("asked"))
    assert rerun.main(["01"]) == 0
    assert path.read_bytes() == before


def test_a_changed_count_is_told_and_stored(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    write(ran(execution_count=7), path)
    pretend(ran(), monkeypatch)
    assert rerun.main(["01", "--yes"]) == 0
    assert "셀 01-02: 실행 번호가 7에서 1(으)로 바뀝니다." in capsys.readouterr().out
    assert nbformat.read(path, as_version=4).cells[0].execution_count == 1


def test_output_split_into_two_streams_is_no_change(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    halves = [nbformat.v4.new_output("stream", name="stdout", text=text) for text in ("손실 ", "0.25\n")]
    before = write(ran(outputs=halves), path)
    pretend(ran(), monkeypatch)
    assert rerun.main(["01", "--yes"]) == 0
    assert path.read_bytes() == before


def test_a_changed_picture_is_shown_on_a_sheet(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old, new = (
        ran(outputs=[nbformat.v4.new_output("display_data", {"image/png": b64encode(png(grey)).decode()})])
        for grey in (200, 90)
    )
    write(old, path)
    pretend(new, monkeypatch)
    assert rerun.main(["01"]) == 1
    told = capsys.readouterr().out
    sheet = Path(told.partition("둘의 차이: ")[2].splitlines()[0])
    assert "셀 01-02: 그림이 달라졌습니다" in told
    assert sheet.is_relative_to(tempfile.gettempdir())
    assert pixels(sheet.read_bytes())[0, [0, 30, 60], 0].tolist() == [200, 90, 255 - 110]


def pictured(alt: str | None, **data: object) -> NotebookNode:
    """A notebook of one cell that showed a picture, stored with the alt text."""
    metadata = {"image/png": {"width": 15} | ({"alt": alt} if alt else {})}
    data = {"image/png": b64encode(png(200)).decode()} | data
    return ran(outputs=[nbformat.v4.new_output("display_data", data, metadata=metadata)])


@pytest.mark.parametrize(
    ("stored", "new", "message"),
    [
        (pictured("회색"), pictured("흰색"), "셀 01-02: 대체 텍스트가 ‘회색’에서 ‘흰색’(으)로 바뀝니다."),
        (pictured(None), pictured("흰색"), "셀 01-02: 대체 텍스트가 ‘’에서 ‘흰색’(으)로 바뀝니다."),
        (pictured("회색"), pictured(None), "셀 01-02: 대체 텍스트가 ‘회색’에서 ‘’(으)로 바뀝니다."),
        (
            pictured("회색", **{WIDGET: {"model_id": "1"}}),
            pictured("회색"),
            "셀 01-02: 출력에서 위젯이 지워지고 그림만 남습니다.",
        ),
        (
            pictured("회색") | {"metadata": {"widgets": {}}},
            pictured("회색"),
            "노트북의 메타데이터에서 위젯의 상태가 지워집니다.",
        ),
    ],
    ids=["alt text", "alt text added", "alt text lost", "widget", "state of widgets"],
)
def test_what_no_comparison_sees_is_told_and_stored(
    stored: NotebookNode,
    new: NotebookNode,
    message: str,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    write(stored, path)
    pretend(new, monkeypatch)
    assert rerun.main(["01", "--yes"]) == 0
    assert capsys.readouterr().out == f"01_first.ipynb: 달라진 출력\n{message}\n"
    assert nbformat.read(path, as_version=4) == new


def test_a_changed_alt_text_in_the_cells_metadata_is_stored(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    nb = notebook(code("01-02", show(200), alt="고른 회색이다."))
    write(nb, path)
    assert rerun.main(["01", "--yes"]) == 0
    nb = nbformat.read(path, as_version=4)
    nb.cells[0].metadata.alt = "밝은 회색이다."
    write(nb, path)
    capsys.readouterr()
    assert rerun.main(["01", "--yes"]) == 0
    told = "셀 01-02: 대체 텍스트가 ‘고른 회색이다.’에서 ‘밝은 회색이다.’(으)로 바뀝니다."
    assert capsys.readouterr().out == f"01_first.ipynb: 달라진 출력\n{told}\n"
    output = nbformat.read(path, as_version=4).cells[0].outputs[0]
    assert output.metadata["image/png"] == {"width": 15, "alt": "밝은 회색이다."}


def test_a_failed_write_leaves_the_notebook_as_it_was(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = write(ran(text="손실 0.99\n"), path)
    pretend(ran(), monkeypatch)

    def full(self: Path, content: bytes) -> int:
        with self.open("wb") as file:
            file.write(content[:10])
        raise OSError("disk full")

    monkeypatch.setattr(Path, "write_bytes", full)
    with pytest.raises(OSError, match="disk full"):
        rerun.main(["01", "--yes"])
    assert path.read_bytes() == before


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
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.startswith("01_first.ipynb: 오류가 나서 저장하지 않습니다.\n")
    assert message in printed.err


def test_the_worst_of_several_notebooks_counts(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(ran(text="손실 0.99\n"), path)
    write(ran(), path.with_name("02_second.ipynb"))
    pretend(ran(), monkeypatch)
    assert rerun.main([]) == 1
    assert rerun.main(["02", "01"]) == 1
    assert rerun.main(["02"]) == 0


@pytest.mark.parametrize("names", [["99"], ["01", "99"]], ids=["alone", "beside a known one"])
def test_an_unknown_name_is_named_and_nothing_runs(
    names: list[str], path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(rerun, "run", lambda path: pytest.fail("ran"))
    with pytest.raises(SystemExit) as stop:
        rerun.main(names)
    assert stop.value.code == 2
    assert "이름이 99(으)로 시작하는 노트북이 없습니다. notebooks 폴더를" in capsys.readouterr().err
