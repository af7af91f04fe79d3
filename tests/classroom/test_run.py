"""Tests of what stops the grading of a class before anything is collected: its settings and its gradebook."""

import errno
import io
import json
import os
import re
import sqlite3
import tempfile
from contextlib import closing
from pathlib import Path
from unittest.mock import Mock

import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader import api
from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp, GenerateAssignmentApp, autogradeapp
from sample import marked
from small_class import DOUBLE, ESSAY, NAME, SQUARE, source

from mlp_tutorial.classroom import disk, isolation, released, run, submission
from mlp_tutorial.classroom import gradebook as books
from mlp_tutorial.classroom.editions import TEXT_STUB
from mlp_tutorial.classroom.new_class import CONFIG, new_class

NAMELESS = new_notebook(cells=[new_code_cell(metadata={"nbgrader": {"schema_version": 3, "solution": True}})])
SETTINGS = CONFIG.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a class's folder with one lesson; what its settings do to this process ends with the test."""
    folder, home = tmp_path / "1반 50% (2)+ $", tmp_path / "home"
    for made in (folder / "source" / "01", home):
        made.mkdir(parents=True)
    (folder / "source" / "01" / "01_sample.ipynb").touch()
    (folder / CONFIG.name).write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home))
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.syspath_prepend(home)
    monkeypatch.setattr(autogradeapp, "Autograde", autogradeapp.Autograde)
    monkeypatch.setattr(api, "get_alembic_version", lambda: "")  # takes seconds, for a new gradebook's later upgrades
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SETTINGS.replace("= 60", "= 60s"), r"nbgrader_config\.py, 13째 줄: SyntaxError"),
        (SETTINGS.replace("= 60", "= sixty"), r"nbgrader_config\.py, 13째 줄: NameError.*'sixty'"),
        (SETTINGS.replace("= 60", '= "120"'), r"nbgrader_config\.py: TraitError.*'timeout'.*'120'"),
        (SETTINGS + "c.ZipCollectApp.strict = 'x'\n", r"nbgrader_config\.py: TraitError.*'strict'.*'x'"),
        (SETTINGS.replace("{5,}", "("), r"11째 줄: student_id는 .*정규식.*받은 값: '\\\\d\('"),
        ("", r"grading\.configure\(…\)를 부르는 줄이 없거나"),
    ],
    ids=["syntax", "name", "type", "application", "pattern", "none"],
)
def test_a_fault_in_the_settings_is_told_before_anything_is_done(text: str, told: str, folder: Path) -> None:
    (folder / CONFIG.name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"반의 설정을 읽지 못해 .*{told}") as caught:
        run.grade(folder, "01", Mock())
    assert str(CONFIG) in str(caught.value)  # the remedy
    assert {path.name for path in folder.iterdir()} == {CONFIG.name, "source", "log"}


def test_settings_elsewhere_do_not_send_the_grading_elsewhere(folder: Path) -> None:
    own = Path(os.environ["JUPYTER_CONFIG_DIR"]) / CONFIG.name
    own.write_text("get_config().CourseDirectory.root = '/elsewhere'\n", encoding="utf-8")
    app = AutogradeApp()
    app.initialize(["01"])
    assert app.coursedir.root == str(folder)


def test_students_code_runs_in_no_other_python(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JUPYTER_PREFER_ENV_PATH", "0")
    monkeypatch.setenv("JUPYTER_PATH", str(folder.parent))
    kernel = folder.parent / "kernels" / "python3" / "kernel.json"
    kernel.parent.mkdir(parents=True)
    kernel.write_text('{"argv": ["/other/python"], "display_name": "Python 3", "language": "python"}')
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] == "/other/python"
    AutogradeApp().initialize(["01"])
    assert KernelSpecManager().get_kernel_spec("python3").argv[0] != "/other/python"


@pytest.fixture
def gradebook(folder: Path) -> Path:
    """Return a database in the gradebook's place, beside which one run has left its copy."""
    file = folder / "gradebook.db"
    with closing(sqlite3.connect(file)) as book, book:
        book.execute("CREATE TABLE grade (score TEXT)")
        book.executemany("INSERT INTO grade VALUES (?)", [("5" * 1000,)] * 20)
    with pytest.raises(ValueError, match="학생용을 만들지 못했습니다"):  # the notebook is empty
        run.grade(folder, "01", Mock())
    return file


def test_a_gradebook_that_another_program_holds_is_told(gradebook: Path) -> None:
    with closing(sqlite3.connect(gradebook, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ValueError, match=r"gradebook\.db에 쓸 수 없습니다 \(database is locked\).*닫고 다시"):
            run.grade(gradebook.parent, "01", Mock())


def test_while_another_grades_the_class_none_of_its_files_change(folder: Path) -> None:
    log = folder / "log" / "01.txt"
    with books.alone(folder):
        log.write_text("the other's", encoding="utf-8")
        with pytest.raises(ValueError, match=r"이 반을 채점하고 있습니다 \(database is locked\)\. 끝난 뒤에"):
            run.grade(folder, "01", Mock())
    assert log.read_text(encoding="utf-8") == "the other's"
    assert {path.name for path in folder.iterdir()} == {CONFIG.name, "source", "log"}
    with pytest.raises(ValueError, match="학생용을 만들지 못했습니다"):  # now it goes on, to the empty notebook
        run.grade(folder, "01", Mock())


@pytest.mark.parametrize("share", [0, 0.5, 1], ids=["empty", "cut", "other"])
def test_a_damaged_gradebook_is_told_with_its_copies_which_stay(
    share: float, gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(books, "COPIES", 1)
    good = gradebook.read_bytes()
    gradebook.write_bytes(b"no database" * 1000 if share == 1 else good[: int(share * len(good))])
    with pytest.raises(ValueError, match=r"gradebook\.db가 망가졌습니다.*gradebook-copies의 가장 새 사본"):
        run.grade(gradebook.parent, "01", Mock())
    (copy,) = (gradebook.parent / "gradebook-copies").iterdir()
    with closing(sqlite3.connect(copy)) as book:
        assert book.execute("SELECT count(*) FROM grade").fetchone() == (20,)


@pytest.mark.parametrize(
    ("changed", "told"),
    [({"01_gone"}, "빠진 셀 01_gone"), ({"01_gone", DOUBLE}, f"빠진 셀 01_gone, 더한 셀 {DOUBLE}")],
    ids=["dropped", "both"],
)
@pytest.mark.filterwarnings("ignore:Object of type")  # SQLAlchemy's about nbgrader's own code
def test_a_question_that_came_or_went_after_the_grading_is_told_and_costs_no_release(
    changed: set[str], told: str, folder: Path
) -> None:
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        gradebook.add_assignment("01")
        gradebook.add_notebook(NAME, "01")
        for name in changed ^ {"01_square", SQUARE, "01_double", DOUBLE, ESSAY}:
            gradebook.add_source_cell(name, NAME, "01", cell_type="code")
        gradebook.add_student("20261234")
        gradebook.add_submission("01", "20261234")
    released = folder / "release" / "01" / f"{NAME}.ipynb"
    released.parent.mkdir(parents=True)
    released.touch()
    os.utime(released, (0, 0))  # the source has changed since
    nbformat.write(source(), folder / "source" / "01" / f"{NAME}.ipynb")
    with pytest.raises(ValueError, match=rf"\({told}\)\. .*-m nbgrader db assignment remove 01 --force"):
        run.grade(folder, "01", Mock())
    assert released.exists()


def test_a_release_made_anew_leaves_what_the_earlier_one_said_known(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(released, "notebooks", dict)
    file = folder / "source" / "01" / "01_sample.ipynb"
    nb = source()
    for last in ("오자입니댜.", "오자입니다.\n\n<details><summary>힌트</summary>\n\n봅니다.\n\n</details>"):
        nb.cells[-2].source = last
        nbformat.write(nb, file)
        app = GenerateAssignmentApp()
        app.initialize(["01", "--force"])
        app.start()
    found = released.handed_out(Path("release", "01", file.name))
    assert {"오자입니댜.", "오자입니다.", last, TEXT_STUB} <= found
    assert not any("모범 답안" in text for text in found)


@pytest.mark.filterwarnings("ignore:Object of type")  # SQLAlchemy's about nbgrader's own code
def test_a_mended_source_that_is_older_than_the_release_is_released(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(released, "notebooks", dict)
    file, nb = folder / "source" / "01" / f"{NAME}.ipynb", source()
    for said in ("01 표본", "01 고친 표본"):
        nb.cells[0].source = f"# {said}"
        nbformat.write(nb, file)
        os.utime(file, (1e9, 1e9))  # as a colleague's file that was copied here
        run.grade(folder, "01", Mock())
    assert nbformat.read(folder / "release" / "01" / file.name, as_version=4).cells[0].source == "# 01 고친 표본"


@pytest.mark.filterwarnings("ignore:Object of type")  # SQLAlchemy's about nbgrader's own code
def test_numbers_of_another_shape_are_those_of_the_roster_too(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(released, "notebooks", dict)
    (folder / CONFIG.name).write_text(SETTINGS.replace("{5,}", "{4,}"), encoding="utf-8")
    (folder / "roster.csv").write_text("학번,이름\n1101,홍길동\n1102,김철수\n", encoding="utf-8")
    nbformat.write(source(), folder / "source" / "01" / f"{NAME}.ipynb")
    handed_in = folder / "downloaded" / "01" / "archive" / f"홍길동_{NAME}.ipynb"
    handed_in.parent.mkdir(parents=True)
    nbformat.write(source(), handed_in)
    report = run.grade(folder, "01", Mock(return_value=b""))
    assert [(row.number, row.name, bool(row.marks)) for row in report.rows] == [
        ("1101", "홍길동", True),
        ("1102", "김철수", False),
    ]
    assert report.warnings[1:] == report.skipped == []  # the first may be that nothing isolates it
    assert "홍길동" in (folder / "feedback" / "1101" / "01" / f"{NAME}.html").read_text(encoding="utf-8")


FULL = OSError(errno.ENOSPC, "No space left on device")


def test_on_a_full_disk_nothing_begins(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nowhere = FileNotFoundError(errno.ENOENT, "No usable temporary directory found")  # as Python says then
    monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=FULL))
    monkeypatch.setattr(tempfile, "gettempdir", Mock(side_effect=nowhere))
    monkeypatch.setattr(isolation, "missing", tempfile.gettempdir)  # asks for it
    with pytest.raises(ValueError, match=f"^디스크가 가득 차 {re.escape(str(folder))}에 쓸 수 없습니다.*지우거나"):
        run.grade(folder, "01", Mock())
    assert {path.name for path in folder.iterdir()} == {CONFIG.name, "source"}


def test_where_temporary_files_have_no_room_that_place_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=[io.BytesIO(), FULL]))
    with pytest.raises(ValueError, match=f"가득 차 {re.escape(tempfile.gettempdir())}에"):
        disk.check(tmp_path)


def test_a_disk_that_fills_up_is_told_and_no_half_copy_of_the_gradebook_kept(
    gradebook: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def half(_file: Path, copy: Path) -> None:
        copy.write_bytes(b"half")
        monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=FULL))
        raise sqlite3.OperationalError("disk I/O error")  # one of the ways in which it shows

    before = [*(gradebook.parent / "gradebook-copies").iterdir()]
    monkeypatch.setattr(books.shutil, "copy", half)
    with pytest.raises(ValueError, match=r"^디스크가 가득 차"):
        run.grade(gradebook.parent, "01", Mock())
    assert [*(gradebook.parent / "gradebook-copies").iterdir()] == before


@pytest.mark.filterwarnings("ignore:Object of type")  # SQLAlchemy's about nbgrader's own code
def test_a_hand_in_for_which_there_is_no_room_is_no_broken_file(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    nbformat.write(source(), folder / "source" / "01" / f"{NAME}.ipynb")
    handed_in = folder / "downloaded" / "01" / "archive" / f"20261234_{NAME}.ipynb"
    handed_in.parent.mkdir(parents=True)
    nbformat.write(source(), handed_in)
    write = nbformat.write

    def until_it_is_full(nb: NotebookNode, file: Path) -> None:
        if "extracted" not in str(file):
            return write(nb, file)
        monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=FULL))
        raise FULL

    monkeypatch.setattr(nbformat, "write", until_it_is_full)
    with pytest.raises(ValueError, match=r"^디스크가 가득 차"):
        run.grade(folder, "01", Mock())


def test_a_class_for_which_there_is_no_room_is_told_and_not_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = nbformat.write
    tries = iter([write, Mock(side_effect=FULL)])
    monkeypatch.setattr(nbformat, "write", lambda *given: next(tries)(*given))
    with pytest.raises(ValueError, match=r"^디스크가 가득 차 .*1반에 쓸 수 없습니다"):
        new_class(tmp_path / "1반")
    assert not [*tmp_path.iterdir()]


def test_a_copy_beside_the_source_is_told(folder: Path) -> None:
    (folder / "source" / "01" / "01_sample-Copy1.ipynb").touch()
    with pytest.raises(ValueError, match=r"하나만 있어야 합니다 \(찾은 것: 01_sample-Copy1\.ipynb, 01_sample\.ipynb\)"):
        run.grade(folder, "01", Mock())


def test_cells_of_one_name_are_told_and_cost_no_release(folder: Path) -> None:
    nb = source()
    nb.cells.append(new_code_cell(metadata=marked(nb, SQUARE).metadata))
    nbformat.write(nb, folder / "source" / "01" / f"{NAME}.ipynb")
    (folder / "release" / "01").mkdir(parents=True)
    (folder / "release" / "01" / f"{NAME}.ipynb").touch()
    with pytest.raises(ValueError, match=rf"두 번 나온 이름: {SQUARE}\).*Create Assignment"):
        run.grade(folder, "01", Mock())
    assert (folder / "release" / "01" / f"{NAME}.ipynb").exists()


MARKS = {
    "old nbdime": '<span style="color:red">**<<<<<<< local**</span>',
    "nbdime": '<span style="color:red"><b><<<<<<< local</b></span>',
    "nbdev": "`<<<<<<< HEAD`",
}


@pytest.mark.parametrize("where", [*MARKS, "code", "metadata", "metadata of a cell"])
def test_what_a_merge_left_is_told_and_not_handed_out(where: str, folder: Path) -> None:
    nb, left = source(), {"nbdime-conflicts": {"local_diff": [], "remote_diff": []}}
    if where in MARKS:
        nb.cells.append(new_markdown_cell(MARKS[where]))
    elif where == "code":
        marked(nb, "01_square").source += "\n<<<<<<< local\n    pass\n=======\n>>>>>>> remote"
    else:
        (nb if where == "metadata" else nb.cells[0]).metadata |= left
    nbformat.write(nb, folder / "source" / "01" / f"{NAME}.ipynb")
    with pytest.raises(ValueError, match=rf"source/01/{NAME}\.ipynb: 병합하다 남은 표시\(<<<<<<<\).*한쪽을 고르고"):
        run.grade(folder, "01", Mock())
    assert not (folder / "release").exists()


def test_a_hand_in_keeps_nbgraders_metadata_and_what_a_merge_left_and_no_others() -> None:
    nb = source()
    for part in (nb, *nb.cells):
        part.metadata |= {"application/vnd.databricks.v1+cell": {"title": "mt.check('02_mse', mse)"}, "tags": "none"}
    nb.metadata["nbdime-conflicts"] = {}
    found = submission.read(nbformat.v4.writes(nb).encode())
    assert submission.lessons(found) == {"01"}
    assert submission.is_unmerged(found)
    assert found.metadata == {"kernelspec": nb.metadata.kernelspec, "nbdime-conflicts": {}}
    assert [{*cell.metadata} for cell in found.cells] == [{*c.metadata} & {"nbgrader"} for c in source().cells]
    assert not submission.is_unmerged(source())


@pytest.mark.parametrize("name", ["[2026-2학기] 딥러닝", "{2026} 딥러닝", "딥러닝 $PATH"])
def test_a_path_that_nbgrader_takes_for_a_pattern_is_told_before_anything_is_made(name: str, tmp_path: Path) -> None:
    folder = tmp_path / name / "1반"
    folder.parent.mkdir()
    with pytest.raises(ValueError, match="대괄호"):
        new_class(folder)
    assert not folder.exists()
    with pytest.raises(ValueError, match="대괄호"):
        run.grade(folder, "01", Mock())


@pytest.mark.parametrize("text", ["<<<<<<< HEAD", json.dumps(NAMELESS)], ids=["conflict", "a cell without a name"])
def test_a_broken_source_is_told_with_the_cause_in_the_log(text: str, folder: Path) -> None:
    (folder / "source" / "01" / "01_sample.ipynb").write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=r"학생용을 만들지 못했습니다 \(자세히: log/01\.txt\)"):
        run.grade(folder, "01", Mock())
    assert "Error" in (folder / "log" / "01.txt").read_text(encoding="utf-8")
