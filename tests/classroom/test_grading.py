"""Tests of a class's grading as a teacher does it: the one command, and nbgrader's own in the same folder.

Each student hands in one thing that happens in a class, and the gradebook and the exported marks must say so.
"""

import csv
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

import nbformat
import pytest
from nbcheck import ROOT
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbgrader.api import Gradebook
from sample import marked, marks
from small_class import DOUBLE, ESSAY, NAME, SQUARE, answer, at, source

from mlp_tutorial.classroom import feedback, isolation, results
from mlp_tutorial.classroom import gradebook as books
from mlp_tutorial.classroom.editions import CODE_STUB as STUB
from mlp_tutorial.classroom.editions import TEXT_STUB
from mlp_tutorial.classroom.grading import asked
from mlp_tutorial.classroom.new_class import CONFIG
from mlp_tutorial.classroom.notebooks import notebooks

GRADING = ROOT / "grading"
PAGE = (ROOT / "docs" / "teachers.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\.\./\.\./\.venv/bin/nbgrader (.+?)(?: +# \d)?$", PAGE, re.MULTILINE)
DUE = datetime.now().replace(hour=9, minute=0, second=0, microsecond=0) - timedelta(days=6)  # near enough to count
DEADLY = "    import os; os._exit(1)"
LOUD = """    import logging, os, sys, warnings
    from tqdm import tqdm
    warnings.warn('느립니다.')
    logging.warning('기록합니다.')
    print('적습니다.', file=sys.stderr)
    os.write(2, b'bytes')
    return x * sum(tqdm([x]))"""


def tampered(nb: NotebookNode) -> None:
    """Answer wrongly, let one check say that all is right, and take the other away."""
    answer(nb, square="    return 0", double="    return 0")
    marked(nb, SQUARE).source = "print('문제 1: 맞았습니다.')"
    nb.cells.remove(marked(nb, DOUBLE))


def unanswered(nb: NotebookNode) -> None:
    """Leave all as it is; without checksums, as in the copies that are printed and handed out."""
    for cell in nb.cells:
        cell.metadata.get("nbgrader", {}).pop("checksum", None)


def deaf(nb: NotebookNode) -> None:
    """Answer rightly, and put a cell that can't be interrupted between the exercises."""
    answer(nb)
    code = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    nb.cells.insert(nb.cells.index(marked(nb, SQUARE)) + 1, new_code_cell(code))


@dataclass
class Student:
    """What a student does with the notebook, the marks for it (an essay's None: to be read), and the file's name."""

    change: Callable[[NotebookNode], None]
    square: int = 5
    double: int = 4
    essay: int | None = None
    file: str = "{id}_01_sample.ipynb"
    look: str | None = None


def doubled(nb: NotebookNode) -> None:
    """Answer rightly; copy the first answer and the second check, and split the essay, as JupyterLab does."""
    answer(nb)
    nb.cells.insert(at(nb, "01_square") + 1, deepcopy(marked(nb, "01_square")))
    nb.cells.insert(at(nb, DOUBLE) + 1, deepcopy(marked(nb, DOUBLE)))
    nb.cells.append(deepcopy(marked(nb, ESSAY)))
    nb.cells[-1].source = "둘째 생각입니다."


def old_metadata(nb: NotebookNode) -> None:
    """Answer one, delete one, empty the essay; leave metadata at which nbgrader stops, none of the notebook's own."""
    answer(nb, essay=" ")
    nb.metadata.clear()
    nb.cells.remove(marked(nb, "01_double"))
    nb.cells[1].metadata.nbgrader = {}
    marked(nb, "01_square").metadata.nbgrader.schema_version = 1
    marked(nb, DOUBLE).metadata.nbgrader.schema_version = 99


def unmerged(nb: NotebookNode) -> None:
    """Answer rightly, with what nbdime left of a merge, and metadata of other editors at which nbconvert stops."""
    answer(nb)
    nb.cells.append(new_markdown_cell('<span style="color:red"><b><<<<<<< local</b></span>'))
    for cell in nb.cells:
        cell.metadata |= {"name": "", "collapsed": None, "jupyter": []}


SLIP = partial(answer, double="    return x")
SCRIPT = "<script>document.title = 'run'</script><img src=x onerror=\"document.title = 'run'\"> $a < b$"
MARKUP = f"    from IPython.display import HTML, display\n    display(HTML({SCRIPT!r}))\n    return x * x"
SPY = """    import pathlib, socket
    folder = pathlib.Path('THE_CLASS')
    seen = [path.name for path in [*folder.rglob('*'), *pathlib.Path('THE_PROJECT/answers').glob('*')]]
    try:
        socket.create_connection(('127.0.0.1', THE_PORT), timeout=1)
        seen.append('network')
    except OSError:
        pass
    try:
        (folder / 'gradebook.db').write_text('')
        (folder / 'left').write_text('')
    except OSError:
        pass
    print('seen:', seen)
    return x * x"""


def pictured(nb: NotebookNode) -> None:
    """Answer rightly with markup; the essay has a picture, which the editor attached, and names one that is gone."""
    answer(nb, square=MARKUP, essay=f"{SCRIPT}\n\n![](attachment:그림.png) ![둘째](attachment:gone.png)")
    marked(nb, ESSAY).attachments = {"그림.png": {"image/png": "iVBORw0KGgo="}}


CLASS = {
    "20260001": Student(answer, file="홍길동_{id}_01_sample.ipynb"),
    "20260002": Student(SLIP, 5, 0, file="모음_20261124.zip/김 희({id})/01_sample (1).ipynb"),
    "20260003": Student(partial(answer, square="    return 9"), 0, file="01_sample_{id}.ipynb"),
    "20260004": Student(unanswered, 0, 0, 0),
    "20260005": Student(tampered, 0, 0),
    "20260006": Student(partial(answer, double=DEADLY), double=0, look="커널이 죽었거나"),
    "20260010": Student(
        partial(answer, square=DEADLY, double="    return m.copysign(2, 1) * x"), square=0, look="커널이 죽었거나"
    ),
    "20260007": Student(partial(answer, square="    while True: print('가' * 10_000)"), square=0, look="제한 시간"),
    "20260008": Student(deaf),
    "20260009": Student(partial(answer, square=LOUD)),
    "20260011": Student(doubled, look="문제 3.*: 서술형 답이 여러 셀"),
    "20260015": Student(old_metadata, double=0, essay=0, look="문제 2.*: 답 셀이 지워져 있습니다.*서술형 답이 비어"),
    "20260018": Student(unmerged, look="병합하다 남은 표시"),
    "20260016": Student(pictured, look="그림이 파일에 없습니다"),
}
if not isolation.missing():
    CLASS["20260017"] = Student(partial(answer, square=SPY))
LATER = ("20260005", "20260011")  # graded by nbgrader's own commands after the others by ours
ROSTER = "번호,학번,이름\r\n" + "".join(f"1,{number},김 철수\r\n" for number in [*CLASS, "20260098"])
ABSENT = "20260098"
BROKEN = "20260099"  # hands in what is no notebook
TELLING = {"grade", "again"}  # exit with 1, as they tell of files
STRAY = "이름만_01_sample.ipynb"  # of nobody knows whom


@dataclass
class Grading:
    """A class's folder after all commands, what each of them said, and how to start one more."""

    folder: Path
    said: dict[str, subprocess.CompletedProcess[str]]
    environment: dict[str, str]
    after_death: dict[str, float | None] = field(default_factory=dict)

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Start python with these arguments in the folder and return what came of it."""
        told = {"capture_output": True, "encoding": "utf-8", "timeout": 300, "check": False}
        python = os.path.relpath(sys.executable, self.folder)  # with dots in it, as the page for teachers has it
        return subprocess.run([python, *command], cwd=self.folder, env=self.environment, **told)

    def grade(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Grade the class with the one command."""
        return self.run("-m", "mlp_tutorial", "classroom", "grade", "01", *options)

    def hand_in(self, student: str, nb: NotebookNode, name: str | None = None) -> None:
        """Put the notebook where the files from the class platform lie, in a zip where the name says so."""
        name = (name or CLASS[student].file).format(id=student)
        name = unicodedata.normalize("NFD", name)  # as macOS names files
        archive = self.folder / "downloaded" / "01" / "archive"
        outer, _, inner = name.rpartition(".zip/")
        if not outer:
            (archive / name).write_text(json.dumps(nb), encoding="utf-8")  # doubled ids and all
            return
        with zipfile.ZipFile(archive / f"{outer}.zip", "w") as file:
            file.writestr(inner, json.dumps(nb))

    def released(self) -> NotebookNode:
        """Return what students are given."""
        return nbformat.read(self.folder / "release" / "01" / f"{NAME}.ipynb", as_version=4)

    def marks(self, student: str) -> dict[str, float | None]:
        """Return the student's mark for each graded cell; None where a teacher has yet to give it."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            (notebook,) = gradebook.find_submission("01", student).notebooks
            return {grade.name: None if grade.needs_manual_grade else grade.auto_score for grade in notebook.grades}

    def exported(self) -> dict[str, float]:
        """Return each student's sum in the exported table."""
        with open(self.folder / "grades.csv", newline="", encoding="utf-8") as table:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)}

    def table(self) -> dict[str, dict[str, str]]:
        """Return the rows of the results."""
        with open(self.folder / "results" / "01.csv", newline="", encoding="utf-8-sig") as table:
            return {row["학번"]: row for row in csv.DictReader(table)}


def answered(grading: Grading, student: str, port: int) -> NotebookNode:
    """Return what the student hands in."""
    nb = grading.released()
    CLASS[student].change(nb)
    for cell in nb.cells:
        for mark, value in (("THE_CLASS", grading.folder), ("THE_PROJECT", ROOT), ("THE_PORT", port)):
            cell.source = cell.source.replace(mark, str(value))
    return nb


@pytest.fixture(scope="module")
def grading(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Grading]:
    """Return the class after a teacher's commands from an empty folder to the marks, all in processes of their own."""
    tmp = tmp_path_factory.mktemp("grading")
    folder, home = tmp / "1반", tmp / "home"
    environment = os.environ | {
        "PATH": os.defpath,  # the virtual environment is not activated
        "PYTHONPATH": str(ROOT / "tools" / "offline"),  # nor is there a network
        "PYTHONUTF8": "1",
        **dict.fromkeys(["HOME", "USERPROFILE", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"], str(home)),
    }
    home.mkdir()
    folder.mkdir()
    shutil.copy(CONFIG, folder)
    grading = Grading(folder, {}, environment)
    config = folder / CONFIG.name
    config.write_text(config.read_text(encoding="utf-8").replace("= 60", "= 8"), encoding="utf-8")
    for step in ("source/01", "downloaded/01/archive"):
        (folder / step).mkdir(parents=True)
    nbformat.write(source(), folder / "source" / "01" / f"{NAME}.ipynb")
    (folder / "roster.csv").write_bytes(ROSTER.encode("cp949"))
    generate, *others = COMMANDS
    grading.said["generate_assignment"] = grading.run("-m", "nbgrader", *generate.split())
    (folder / "downloaded/01/archive" / f"박{BROKEN}_01_sample.ipynb").write_text("<!doctype html>", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as server:
        nbs = {student: answered(grading, student, server.getsockname()[1]) for student in CLASS}
        for student, nb in nbs.items():
            if student not in LATER:
                grading.hand_in(student, nb)
        grading.hand_in("", grading.released(), STRAY)
        grading.said["grade"] = grading.grade()
        for student in LATER:
            grading.hand_in(student, nbs[student])
        for command in others:
            grading.said[command.split()[0]] = grading.run("-m", "nbgrader", *command.split())
        grading.said["again"] = grading.grade("--due", "2026-01-01 09:00")
        yield grading


def test_all_commands_succeed_and_students_get_stubs_and_no_answers(grading: Grading) -> None:
    failed = {name: done.stderr for name, done in grading.said.items() if done.returncode and name not in TELLING}
    assert failed == {}
    release = (grading.folder / "release" / "01" / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert (release.count(STUB), release.count(TEXT_STUB)) == (2, 1)
    assert not re.search(r"SOLUTION|HIDDEN|x \* x|-4|모범", release)


@pytest.mark.parametrize("student", CLASS)
def test_each_student_has_the_right_marks(student: str, grading: Grading) -> None:
    expected = {SQUARE: CLASS[student].square, DOUBLE: CLASS[student].double, ESSAY: CLASS[student].essay}
    assert grading.marks(student) == expected
    assert grading.exported()[student] == sum(filter(None, expected.values()))


@pytest.mark.parametrize("student", CLASS)
def test_each_student_to_look_at_is_told_and_no_other(student: str, grading: Grading) -> None:
    told = grading.table()[student]["보십시오"]
    assert re.search(CLASS[student].look, told) if CLASS[student].look else told == ""
    summary = grading.said["again"].stdout.partition("[이 파일을 보십시오]")[2].partition("\n\n")[0]
    assert (f"  {student} 김 철수: " in summary) == bool(CLASS[student].look)


def test_what_cannot_be_graded_is_told_in_one_line_each(grading: Grading) -> None:
    done = grading.said["grade"]
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    files = done.stdout.partition("[거두지 못한 파일]")[2].partition("\n\n")[0].strip().splitlines()
    assert [line.strip() for line in files] == [
        f"박{BROKEN}_01_sample.ipynb: 노트북이 아니라 웹 페이지(HTML)입니다",
        f"{STRAY}: 이름에 학번이 없습니다",
    ]
    assert "archive 폴더에 넣고 같은 명령을 다시 실행하십시오." in done.stdout.partition("\n\n")[0]
    absent = done.stdout.partition("[내지 않았거나 거두지 못한 학생 ")[2].partition("\n\n")[0]
    assert re.findall(r"^  (\d+)", absent, re.MULTILINE) == sorted([ABSENT, *LATER])
    collected = grading.said["zip_collect"].stderr
    assert re.search(rf"Skipped submission.*{STRAY}", collected)
    assert re.search(rf"Skipped submission.*{BROKEN}", collected)


def test_a_bar_shows_how_far_it_is(grading: Grading) -> None:
    assert re.search(rf"채점: .*{len(CLASS) - len(LATER)}/{len(CLASS) - len(LATER)}", grading.said["grade"].stderr)
    assert f"이번에 채점한 학생 {len(CLASS) - len(LATER)}명" in grading.said["grade"].stdout
    assert "이번에 채점한 학생 0명" in grading.said["again"].stdout


def test_the_table_opens_in_a_korean_excel(grading: Grading) -> None:
    raw = (grading.folder / "results" / "01.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = grading.table()
    assert rows.keys() == {*CLASS, ABSENT}
    assert [*rows["20260002"].values()][:7] == ["20260002", "김 철수", "5", "0", "", "5", "12"]
    assert float(rows["20260002"]["늦음(시간)"]) > 0
    assert rows[ABSENT]["보십시오"] == "거둔 파일 없음"


def test_the_page_shows_what_was_hardest_and_why(grading: Grading) -> None:
    page = (grading.folder / "results" / "01.html").read_text(encoding="utf-8")
    assert '<html lang="ko">' in page
    assert "가장 어려웠던 것은 <strong>문제 1. `square`, 문제 2." in page
    assert page.count('<img src="data:image/png;base64,') == 2
    assert page.count("막대그래프. ") == 2
    assert "제한 시간" in page


def test_an_endless_print_fills_no_memory(grading: Grading) -> None:
    graded = grading.folder / "autograded" / "20260007" / "01" / f"{NAME}.ipynb"
    said = [o.text for cell in nbformat.read(graded, 4).cells for o in cell.get("outputs", []) if "text" in o]
    assert [len(text) // 10_000 for text in said if "출력이 너무 길어" in text] == [20]


def test_a_submission_sees_and_changes_nothing_of_the_class(grading: Grading) -> None:
    if isolation.missing():
        assert "bubblewrap" in grading.said["grade"].stdout.partition("[주의]")[2]
        pytest.skip("needs bubblewrap")
    graded = (grading.folder / "autograded" / "20260017" / "01" / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert re.findall(r"seen: (\[.*?\])", graded)[0] == "[]"  # later it sees what it wrote itself, elsewhere
    assert not (grading.folder / "left").exists()
    assert "[주의]" not in grading.said["grade"].stdout


def test_every_graded_student_has_a_korean_page(grading: Grading) -> None:
    pages = {path.parts[-3]: path for path in grading.folder.glob(f"feedback/*/01/{NAME}.html")}
    assert pages.keys() == CLASS.keys()
    page = pages["20260004"].read_text(encoding="utf-8")
    assert '<html lang="ko">' in page
    assert "<p>20260004 김 철수</p>" in page
    assert "점수: 0 / 12" in page
    assert "문제 1. `square`" in page
    assert "채점 전 / 3점" in pages["20260001"].read_text(encoding="utf-8")
    body = page.partition("<body>")[2]
    assert not re.search(r"Score|Test cell|response|Comment|Student|Grade cell|Top", body)
    assert not re.search(r"https?://(?!www\.w3\.org)", page.partition("<body>")[2])


def test_no_page_shows_a_hidden_test_unless_asked(grading: Grading) -> None:
    page = grading.folder / "feedback" / "20260003" / "01" / f"{NAME}.html"
    text = page.read_text(encoding="utf-8").partition("<body>")[2]
    assert "숨은 시험에서 틀렸습니다" in text
    assert not re.search(r"HIDDEN|-4|16", text)
    asked = ["01", "--force", "--student=20260003", "--KoreanFeedback.hidden_tests=True"]
    assert grading.run("-m", "nbgrader", "generate_feedback", *asked).returncode == 0
    assert "HIDDEN" in page.read_text(encoding="utf-8")


def test_markup_in_an_essay_or_an_output_is_text_on_the_page(grading: Grading) -> None:
    page = (grading.folder / "feedback" / "20260016" / "01" / f"{NAME}.html").read_text(encoding="utf-8")
    body = page.partition("<body>")[2]
    assert "<script" not in body
    assert "<img src=x" not in body
    assert "&lt;script&gt;document.title" in body
    assert 'src="data:image/png;base64,iVBORw0KGgo="' in body
    assert "(그림 둘째: 파일에 없음)" in body
    assert "script-src 'nonce-" in page


def test_a_long_path_of_temporary_files_leaves_room_for_the_names_of_sockets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ("긴" * 30)).mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / ("긴" * 30)))
    assert len(os.fsencode(f"{isolation.IsolatedKernelManager().ip}-5")) <= 107


def smaller(grading: Grading, tmp_path: Path, *students: str) -> Grading:
    """Return a copy of the class in which these students alone handed in."""
    folder = tmp_path / "1반"
    shutil.copytree(grading.folder, folder)
    for step in ("submitted", "autograded", "feedback"):
        for place in (folder / step).iterdir():
            if place.name not in students:
                shutil.rmtree(place)
    shutil.rmtree(folder / "downloaded" / "01" / "archive")
    (folder / "downloaded" / "01" / "archive").mkdir()
    return Grading(folder, {}, grading.environment)


@pytest.fixture(scope="module")
def week_after(grading: Grading, tmp_path_factory: pytest.TempPathFactory) -> Grading:
    """Return a smaller class a week later.

    20260001 has a mark by hand, handed in again, and the run that graded it died; 20260002 handed in again and late;
    the teacher has mended a check.
    """
    small = smaller(grading, tmp_path_factory.mktemp("week after"), "20260001", "20260002")
    with Gradebook(f"sqlite:///{small.folder / 'gradebook.db'}") as gradebook:
        gradebook.find_grade(ESSAY, NAME, "01", "20260001").manual_score = 2
        gradebook.db.commit()
    nb = small.released()
    answer(nb, double="    return x")
    nb.cells.insert(1, new_code_cell("import time; time.sleep(6)"))
    small.hand_in("20260001", nb)
    graded = small.folder / "autograded" / "20260001" / "01" / f"{NAME}.ipynb"
    before = graded.stat().st_mtime_ns
    command = [sys.executable, "-m", "mlp_tutorial", "classroom", "grade", "01"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if hasattr(signal, "SIGHUP"):  # which nohup, above these tests, would have it ignore
        quiet["preexec_fn"] = partial(signal.signal, signal.SIGHUP, signal.SIG_DFL)
    with subprocess.Popen(command, cwd=small.folder, env=small.environment, **quiet) as process:
        end = time.monotonic() + 120
        while not (graded.exists() and graded.stat().st_mtime_ns != before) and time.monotonic() < end:
            time.sleep(0.05)
        process.send_signal(signal.SIGHUP if hasattr(signal, "SIGHUP") else signal.SIGTERM)
        small.said["died"] = subprocess.CompletedProcess(command, process.wait(60))
    small.said["autograde"] = small.run("-m", "nbgrader", "autograde", "01", "--log-level=ERROR")
    small.after_death = small.marks("20260001")
    with Gradebook(f"sqlite:///{small.folder / 'gradebook.db'}") as gradebook:  # as the page for marking by hand does
        gradebook.find_grade(ESSAY, NAME, "01", "20260001").needs_manual_grade = False
        gradebook.db.commit()
    nb = small.released()
    answer(nb, double="    return -x")
    small.hand_in("20260002", nb, f"{{id}}_01_sample_{DUE + timedelta(days=1):%Y-%m-%d-%H-%M}.ipynb")
    file = small.folder / "source" / "01" / f"{NAME}.ipynb"
    nb = nbformat.read(file, as_version=4)
    marked(nb, DOUBLE).source = marked(nb, DOUBLE).source.replace("double(3) == 6", "True").replace("== -8", "== 4")
    nbformat.write(nb, file)
    small.environment = small.environment | {"PATH": str(small.folder)}  # where no bubblewrap is
    small.said["alone"] = small.grade("--student", "20260002")
    small.environment = grading.environment
    small.said["mended"] = small.grade("--due", f"{DUE:%Y-%m-%d %H:%M}")
    small.said["nothing"] = small.grade()
    return small


def test_the_next_run_grades_whom_a_run_that_died_left(week_after: Grading) -> None:
    assert week_after.said["died"].returncode != 0
    assert (week_after.said["autograde"].returncode, week_after.said["autograde"].stderr) == (0, "")
    assert week_after.after_death == {SQUARE: 5, DOUBLE: 0, ESSAY: None}
    assert week_after.table()["20260001"]["문제 3. 왜 그렇습니까?"] == "2"


def test_a_mended_check_grades_all_again_and_one_student_can_be_alone(week_after: Grading) -> None:
    for run, count in (("alone", 1), ("mended", 1), ("nothing", 0)):  # the one alone by the mended check already
        assert f"이번에 채점한 학생 {count}명" in week_after.said[run].stdout
    assert week_after.marks("20260001")[DOUBLE] == 0
    with Gradebook(f"sqlite:///{week_after.folder / 'gradebook.db'}") as gradebook:
        essay = gradebook.find_grade(ESSAY, NAME, "01", "20260001")
        assert (essay.manual_score, essay.needs_manual_grade) == (2, False)  # read already
    wrong = week_after.grade("--student", "1")
    assert (wrong.returncode, wrong.stderr.count("\n"), "받은 값: 1" in wrong.stderr) == (2, 1, True)


def test_without_bubblewrap_it_warns_and_keeps_a_copy_of_the_gradebook(week_after: Grading) -> None:
    warned = week_after.said["alone"].stdout.partition("[주의]")[2]
    assert "bubblewrap(bwrap)이 없습니다" in warned
    (copy,) = re.findall(r"gradebook-copies/\S+\.db", warned)
    with Gradebook(f"sqlite:///{week_after.folder / copy}") as gradebook:
        assert gradebook.find_grade(ESSAY, NAME, "01", "20260001").manual_score == 2


def test_a_second_hand_in_is_graded_and_told_as_late_by_its_own_time(week_after: Grading) -> None:
    assert week_after.marks("20260002")[DOUBLE] == 4
    assert re.search(r"\[늦게 낸 학생 2명\]\n.*\n  20260002 김 철수 24.0시간", week_after.said["mended"].stdout)


@pytest.fixture(scope="module")
def mended_name(week_after: Grading, tmp_path_factory: pytest.TempPathFactory) -> Grading:
    """Return the class after the teacher typed into the table, and gave a file its number and another its time.

    After that run an older gradebook came back, and the folders of the wrong number were deleted.
    """
    folder = tmp_path_factory.mktemp("mended name") / "1반"
    shutil.copytree(week_after.folder, folder)
    mended = Grading(folder, {}, week_after.environment)
    old = (folder / "gradebook.db").read_bytes()
    (file,) = (folder / "downloaded" / "01" / "archive").glob("20260002*")
    file.rename(file.with_name(file.name.replace("20260002", "20260003")))
    (file,) = (folder / "downloaded" / "01" / "archive").glob("*20260001*")
    file.rename(file.with_stem(f"{file.stem}_{DUE - timedelta(hours=1):%Y-%m-%d-%H-%M}"))
    with open(folder / "results" / "01.csv", "a", encoding="utf-8") as table:
        table.write("typed\n")
    shutil.copy(folder / "release" / "01" / f"{NAME}.ipynb", folder / "release" / "01" / "00_copy.ipynb")
    mended.environment = mended.environment | {"TZ": "UTC"}
    mended.said["renamed"] = mended.grade("--due", f"{DUE:%Y-%m-%d %H:%M}")
    (folder / "gradebook.db").write_bytes(old)
    for step in ("submitted", "autograded", "feedback"):
        shutil.rmtree(folder / step / "20260002" / "01")
    mended.said["restored"] = mended.grade()
    return mended


def test_a_hand_in_of_a_wrong_number_is_told_and_counts_no_more_once_it_is_deleted(mended_name: Grading) -> None:
    assert "20260002의 노트북은 전에 거둔 것이고 20260003의 것과 같습니다" in mended_name.said["renamed"].stdout
    assert "성적에서 뺀 학생입니다(20260002)" in mended_name.said["restored"].stdout
    with Gradebook(f"sqlite:///{mended_name.folder / 'gradebook.db'}") as gradebook:
        assert {one.student_id for one in gradebook.assignment_submissions("01")} == {"20260001", "20260003"}


def test_a_time_that_was_mended_in_a_name_counts_without_another_grading(mended_name: Grading) -> None:
    late = mended_name.said["renamed"].stdout.partition("[늦게 낸 학생")[2].partition("\n\n")[0]
    assert re.findall(r"^  (\d+)", late, re.MULTILINE) == ["20260002", "20260003"]
    with Gradebook(f"sqlite:///{mended_name.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("01", "20260001").timestamp == DUE - timedelta(hours=1)
    books.set_earlier(mended_name.folder, "01", {"20260001": DUE, "20260003": None})
    with Gradebook(f"sqlite:///{mended_name.folder / 'gradebook.db'}") as gradebook:
        assert gradebook.find_submission("01", "20260001").timestamp == DUE - timedelta(hours=1)


def test_what_an_older_gradebook_does_not_know_is_graded_again(mended_name: Grading) -> None:
    assert "이번에 채점한 학생 1명" in mended_name.said["restored"].stdout
    assert mended_name.marks("20260003")[SQUARE] == 5
    assert mended_name.table()["20260003"]["합계"] == "9"


def test_what_was_typed_into_the_table_is_kept_and_told(mended_name: Grading) -> None:
    kept = re.search(r"01_\d{8}-\d{6}\.csv", mended_name.said["renamed"].stdout)[0]
    assert (mended_name.folder / "results" / kept).read_text(encoding="utf-8-sig").endswith("typed\n")
    assert "남겨 두고" not in mended_name.said["restored"].stdout
    assert "-e TZ=KST-9" in mended_name.said["renamed"].stdout


def test_other_points_are_another_grading(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]))  # for alembic
    address = f"sqlite:///{tmp_path / 'gradebook.db'}"
    assert asked(address, "01") == ""
    found = set()
    for points in (5, 5, 10):
        with Gradebook(address) as gradebook:
            gradebook.update_or_create_assignment("01")
            gradebook.update_or_create_notebook("sample", "01")
            gradebook.update_or_create_grade_cell(SQUARE, "sample", "01", max_score=points, cell_type="code")
        found.add(asked(address, "01"))
    assert len(found) == 2


@pytest.mark.skipif(bool(isolation.missing()), reason="needs bubblewrap")
@pytest.mark.parametrize("folder", ["beside", "project"])
def test_an_environment_behind_links_is_there_in_isolation(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link, behind, room = tmp_path / folder / ".venv", tmp_path / "behind", tmp_path / "room"
    for made in (tmp_path / "beside", tmp_path / "project", room):
        made.mkdir()
    link.symlink_to(behind)
    behind.symlink_to(sys.prefix)
    monkeypatch.setattr(sys, "prefix", str(link))
    monkeypatch.setattr(isolation, "PROJECT", tmp_path / "project")
    tried = [*isolation.command([], room, room), str(link / "bin" / Path(sys.executable).name), "-c", "import nbformat"]
    done = subprocess.run(tried, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(("restricted", "told"), [("1", "uid map.*AppArmor.*‘격리’"), ("0", "d\\)$"), (None, "d\\)$")])
def test_why_bubblewrap_does_not_run_is_told(
    restricted: str | None, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = subprocess.CompletedProcess([], 1, "", "bwrap: setting up uid map: Permission denied\n")
    monkeypatch.setattr(isolation.subprocess, "run", lambda *_, **__: done)
    monkeypatch.setattr(isolation.shutil, "which", lambda _: "bwrap")
    monkeypatch.setattr(isolation, "RESTRICTED", tmp_path / "restricted")
    if restricted:
        (tmp_path / "restricted").write_text(f"{restricted}\n")
    assert re.search(told, isolation.missing.__wrapped__())
    assert "**격리**" in PAGE


def test_what_an_essay_leaves_open_ends_with_it() -> None:
    found = str(feedback.markdown("<details><summary>제 답</summary>\n\n<b>끝이 없음 [07](../07_training.ipynb) $a<b$"))
    assert found.count("</details>") == found.count("</b>") == 1
    assert "07_training" not in found, "no file lies beside the page"
    assert "$a&lt;b$" in found
    assert str(feedback.markdown("[글](https://example.org) ![그림](내 그림.png)")).count("https://example.org") == 1
    assert "(그림 그래프: 파일에 없음)" in str(feedback.markdown("![그래프](graph.png)"))


@pytest.mark.parametrize("folder", [ROOT, "~/project"])
def test_an_output_tells_no_place_of_the_teachers(folder: Path | str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(feedback, "PROJECT", ROOT if folder == ROOT else Path.home() / "project")
    file = os.path.join(".venv", "lib", "x.py")
    text = f"File \x1b[32m{folder}{os.sep}{file}:3\x1b[39m in '{folder}{os.sep}{file}'"
    for output in (
        new_output("error", ename="E", evalue="", traceback=[text]),
        new_output("stream", name="stderr", text=text),  # a library's warning
        new_output("execute_result", {"text/plain": text}),
    ):
        page = str(feedback.shown(output))
        assert file in page
        assert str(folder) not in page


def failed(name: str, value: str) -> NotebookNode:
    """Return an error among outputs."""
    return new_output("error", ename=name, evalue=value, traceback=[])


def looked(cells: list[NotebookNode], **scores: float) -> results.Row:
    """Return the row of one whose graded notebook has these cells, and of five points these scores."""
    row = results.Row("20260001", marks={name: results.Mark(score, 5, pending=False) for name, score in scores.items()})
    results.look(row, new_notebook(cells=cells), {SQUARE: "문제 1"})
    return row


def test_who_has_not_answered_counts_neither_for_the_mean_nor_as_a_mistake() -> None:
    graded = []
    for score, why in enumerate([results.NO_ANSWER, "1이어야 하는데 2입니다."]):
        check, essay = new_code_cell(metadata=marks(SQUARE)), new_markdown_cell(TEXT_STUB, metadata=marks(ESSAY))
        check.outputs = [failed("Wrong", f"문제 1: {why}")]
        graded.append(looked([check, essay], **{SQUARE: score, ESSAY: 0}))
    drawn = []
    page = results.page("01", graded, {SQUARE: "곱", ESSAY: "글"}, lambda *bars: drawn.append(bars) or b"")
    assert drawn[0][0] == {"곱": 20.0}
    assert re.findall(r"<p>(\d)명은 답하지", page) == ["1", "2"]
    assert re.findall(r"<li>(.+)</li>", page) == ["1명: 문제 1: 1이어야 하는데 2입니다."]


def test_a_name_that_an_error_left_unmade_is_no_cause_of_its_own() -> None:
    missing = "name 'square' is not defined"
    told = new_code_cell("1 / 0", outputs=[failed("ZeroDivisionError", "division by zero")])
    wrong = new_code_cell(metadata=marks("01_square"), outputs=[failed("SyntaxError", "expected ':'")])
    check = new_code_cell(metadata=marks(SQUARE, solution=False), outputs=[failed("NameError", missing)])
    row = looked([told, wrong, check], **{SQUARE: 0})
    assert row.marks[SQUARE].said == "답 셀의 오류 SyntaxError: expected ':'"
    assert row.looks == ["문제 1: 답 셀의 오류 SyntaxError: expected ':'"]
    row = looked([told, check], **{SQUARE: 0})
    assert row.marks[SQUARE].said == missing
    assert row.looks == [f"문제 1: 확인 셀에 없는 이름입니다({missing})."]


def test_a_cell_that_replaces_the_check_is_to_be_looked_at() -> None:
    row = looked(
        [new_code_cell("mt.check = lambda *_: print('맞았습니다.')"), new_code_cell("check = 3\nmt.check('01', f)")]
    )
    assert [look[:4] for look in row.looks] == ["1째 셀"]


@pytest.mark.parametrize(
    ("printed", "score", "told"), [("문제 1: 맞았습니다.", 5, ""), ("", 5, "돌려놓았는지"), ("", 0, "")]
)
def test_marks_without_a_word_of_the_check_are_to_be_looked_at(printed: str, score: int, told: str) -> None:
    outputs = [new_output("stream", text=printed)] * bool(printed)
    row = looked(
        [new_code_cell('mt.check("01_square", square)', metadata=marks(SQUARE), outputs=outputs)], **{SQUARE: score}
    )
    assert [told in look for look in row.looks] == [True] * bool(told)


@pytest.mark.parametrize(("arguments", "told"), [([], "반의 폴더가 아닙니다"), (["--class", "없는 반"], "없는 반")])
def test_what_is_no_class_is_told_in_one_line(arguments: list[str], told: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "mlp_tutorial", "classroom", "grade", "01", *arguments]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr.count("\n"), told in done.stderr) == (2, 1, True)


def test_a_new_class_has_every_notebook_and_spoils_no_old_one(tmp_path: Path) -> None:
    command = [sys.executable, str(GRADING / "new_class.py"), str(tmp_path / "1반")]
    assert subprocess.run(command, check=False).returncode == 0
    sources = {path.relative_to(tmp_path / "1반" / "source").as_posix() for path in tmp_path.rglob("source/*/*")}
    assert sources == {f"{number}/{path.name}" for number, path in notebooks().items()}
    again = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert (again.returncode, again.stderr.count("이미 있는 폴더")) == (2, 1)


def test_the_page_for_teachers_has_the_same_commands_for_windows_and_names_the_notebooks_with_an_essay() -> None:
    assert len(COMMANDS) == 5
    assert re.findall(r"^\.\.\\\.\.\\\.venv\\Scripts\\nbgrader (.+)$", PAGE, re.MULTILINE) == COMMANDS
    essays = []
    for number, path in notebooks().items():
        marked = [cell for cell in nbformat.read(path, 4).cells if cell.metadata.get("nbgrader", {}).get("grade")]
        essays += [number for cell in marked if cell.cell_type == "markdown"]
    assert f"{', '.join(essays)}에 하나씩" in PAGE
