"""Tests of a class's grading as a teacher does it: nbgrader's commands on a small assignment and a class of students.

Each student hands in one thing that happens in a class, and the gradebook and the exported marks must say so.
"""

import csv
import os
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import nbformat
import pytest
import sample
from nbcheck import ROOT
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook
from nbgrader.api import Gradebook

from mlp_tutorial.classroom.editions import CODE_STUB as STUB
from mlp_tutorial.classroom.editions import TEXT_STUB
from mlp_tutorial.classroom.notebooks import notebooks

GRADING = ROOT / "grading"
PAGE = (ROOT / "docs" / "teachers.md").read_text(encoding="utf-8")
COMMANDS = re.findall(r"^\.\./\.\./\.venv/bin/nbgrader (.+?)(?: +# \d)?$", PAGE, re.MULTILINE)
NAME = "01_sample"
SQUARE, DOUBLE, ESSAY = "01_square_check", "01_double_check", "01_essay_why"
POINTS = {SQUARE: 5, DOUBLE: 4, ESSAY: 3}
RIGHT = {"01_square": "    return x * x", "01_double": "    return 2 * x"}
DEADLY = "    import os; os._exit(1)"
LOUD = """    import warnings
    from tqdm import tqdm
    warnings.warn('느립니다.')
    return x * sum(tqdm([x]))"""


def exercise(number: int, name: str, body: str, points: int, visible: str, hidden: str) -> list[NotebookNode]:
    """Return an exercise's three cells: task, answer, check."""
    answer = f"def {name}(x):\n    ### BEGIN SOLUTION\n{body}\n    ### END SOLUTION"
    check = (
        f"if {name}(1) is None:\n    print('문제 {number}: 답을 기다립니다.')\nelse:\n    assert {visible}\n"
        f"    print('문제 {number}: 맞았습니다.')\n### BEGIN HIDDEN TESTS\nassert {hidden}\n### END HIDDEN TESTS"
    )
    graded = {"grade": True, "solution": False, "locked": True, "points": points}
    return [
        new_markdown_cell(f"### 문제 {number}. `{name}`"),
        new_code_cell(answer, metadata=sample.marks(f"01_{name}")),
        new_code_cell(check, metadata=sample.marks(f"01_{name}_check", **graded)),
    ]


def source() -> NotebookNode:
    """Return the teacher's notebook: two exercises and an essay question."""
    cells = [
        new_code_cell("import sys\nimport math as m"),
        *exercise(1, "square", RIGHT["01_square"], POINTS[SQUARE], "square(3) == 9", "square(-4) == 16"),
        *exercise(2, "double", RIGHT["01_double"], POINTS[DOUBLE], "double(3) == 6", "double(-4) == -8"),
        new_markdown_cell("### 문제 3. 왜 그렇습니까?"),
        new_markdown_cell("모범 답안입니다.", metadata=sample.marks(ESSAY, grade=True, points=POINTS[ESSAY])),
    ]
    return new_notebook(cells=cells, metadata={"kernelspec": sample.KERNEL})


def answer(nb: NotebookNode, essay: str = "제 생각입니다.", **bodies: str) -> None:
    """Answer all questions: rightly, or as the keywords square and double say."""
    given = RIGHT | {f"01_{name}": body for name, body in bodies.items()}
    for grade_id, body in given.items():
        found = sample.marked(nb, grade_id)
        found.source = found.source.replace(f"    {STUB}", body)
    sample.marked(nb, ESSAY).source = essay


def tampered(nb: NotebookNode) -> None:
    """Answer wrongly, let one check say that all is right, and take the other away."""
    answer(nb, square="    return 0", double="    return 0")
    sample.marked(nb, SQUARE).source = "print('문제 1: 맞았습니다.')"
    nb.cells.remove(sample.marked(nb, DOUBLE))


def unanswered(nb: NotebookNode) -> None:
    """Leave all as it is; without checksums, as in the copies that are printed and handed out."""
    for cell in nb.cells:
        cell.metadata.get("nbgrader", {}).pop("checksum", None)


def deaf(nb: NotebookNode) -> None:
    """Answer rightly, and put a cell that can't be interrupted between the exercises."""
    answer(nb)
    code = "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nwhile True: pass"
    nb.cells.insert(nb.cells.index(sample.marked(nb, SQUARE)) + 1, new_code_cell(code))


@dataclass
class Student:
    """What a student does with the notebook, the marks for it (an essay's None: to be read), and the file's name."""

    change: Callable[[NotebookNode], None]
    square: int = 5
    double: int = 4
    essay: int | None = None
    file: str = "{id}_01_sample.ipynb"


SLIP = partial(answer, double="    return x")
CLASS = {
    "20260001": Student(answer, file="홍길동_{id}_01_sample.ipynb"),
    "20260002": Student(SLIP, 5, 0, file="모음_20261124.zip/김 희({id})/01_sample (1).ipynb"),
    "20260003": Student(partial(answer, square="    return 9"), 0, file="01_sample_{id}.ipynb"),
    "20260004": Student(unanswered, 0, 0, 0),
    "20260005": Student(tampered, 0, 0),
    "20260006": Student(partial(answer, double=DEADLY), double=0),
    "20260010": Student(partial(answer, square=DEADLY, double="    return m.copysign(2, 1) * x"), square=0),
    "20260007": Student(partial(answer, square="    while True: pass"), square=0),
    "20260008": Student(deaf),
    "20260009": Student(partial(answer, square=LOUD)),
}
BROKEN = "20260099"  # hands in what is no notebook
STRAY = "이름만_01_sample.ipynb"  # of nobody knows whom


@dataclass
class Grading:
    """A class's folder after all commands, and what each of them said."""

    folder: Path
    said: dict[str, subprocess.CompletedProcess[str]]

    def marks(self, student: str) -> dict[str, int | None]:
        """Return the student's mark for each graded cell; None where a teacher has yet to give it."""
        with Gradebook(f"sqlite:///{self.folder / 'gradebook.db'}") as gradebook:
            (notebook,) = gradebook.find_submission("01", student).notebooks
            return {grade.name: None if grade.needs_manual_grade else grade.auto_score for grade in notebook.grades}

    def exported(self) -> dict[str, float]:
        """Return each student's sum in the exported table."""
        with open(self.folder / "grades.csv", newline="", encoding="utf-8") as table:
            return {row["student_id"]: float(row["score"]) for row in csv.DictReader(table)}


def hand_in(nb: NotebookNode, name: str, archive: Path) -> None:
    """Put the notebook where the files from the class platform lie, in a zip where the name says so."""
    name = unicodedata.normalize("NFD", name)  # as macOS names files
    outer, _, inner = name.rpartition(".zip/")
    if not outer:
        nbformat.write(nb, archive / name)
        return
    with zipfile.ZipFile(archive / f"{outer}.zip", "w") as file:
        file.writestr(inner, nbformat.writes(nb))


@pytest.fixture(scope="module")
def grading(tmp_path_factory: pytest.TempPathFactory) -> Grading:
    """Return the class after a teacher's commands from an empty folder to the marks, all in processes of their own."""
    tmp = tmp_path_factory.mktemp("grading")
    folder, home = tmp / "1반", tmp / "home"
    environment = os.environ | {
        "PATH": os.defpath,  # the virtual environment is not activated
        "PYTHONPATH": str(ROOT / "tools" / "offline"),  # nor is there a network
        "PYTHONUTF8": "1",
        **dict.fromkeys(["HOME", "USERPROFILE", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR", "IPYTHONDIR"], str(home)),
    }

    def run(*command: str, cwd: Path = folder) -> subprocess.CompletedProcess[str]:
        told = {"capture_output": True, "encoding": "utf-8", "timeout": 240, "check": False}
        return subprocess.run([sys.executable, *command], cwd=cwd, env=environment, **told)

    home.mkdir()
    said = {"new_class": run(str(GRADING / "new_class.py"), str(folder), cwd=tmp)}
    shutil.rmtree(folder / "source")
    (folder / "source" / "01").mkdir(parents=True)
    nbformat.write(source(), folder / "source" / "01" / f"{NAME}.ipynb")
    generate, *others = COMMANDS
    said["generate_assignment"] = run("-m", "nbgrader", *generate.split())
    released = nbformat.read(folder / "release" / "01" / f"{NAME}.ipynb", as_version=4)
    archive = folder / "downloaded" / "01" / "archive"
    for student, does in CLASS.items():
        nb = deepcopy(released)
        does.change(nb)
        hand_in(nb, does.file.format(id=student), archive)
    (archive / f"박{BROKEN}_01_sample.ipynb").write_text("<!doctype html>", encoding="utf-8")
    hand_in(released, STRAY, archive)
    for command in others:
        name, *options = command.split()
        said[name] = run("-m", "nbgrader", name, *options, *["--Execute.timeout=5"] * (name == "autograde"))
    return Grading(folder, said)


def test_all_commands_succeed_and_students_get_stubs_and_no_answers(grading: Grading) -> None:
    failed = {name: done.stderr for name, done in grading.said.items() if name != "autograde" and done.returncode}
    assert failed == {}
    release = (grading.folder / "release" / "01" / f"{NAME}.ipynb").read_text(encoding="utf-8")
    assert (release.count(STUB), release.count(TEXT_STUB)) == (2, 1)
    assert not re.search(r"SOLUTION|HIDDEN|x \* x|-4|모범", release)


@pytest.mark.parametrize("student", CLASS)
def test_each_student_has_the_right_marks(student: str, grading: Grading) -> None:
    expected = {SQUARE: CLASS[student].square, DOUBLE: CLASS[student].double, ESSAY: CLASS[student].essay}
    assert grading.marks(student) == expected
    assert grading.exported()[student] == sum(filter(None, expected.values()))


def test_files_that_cannot_be_graded_and_what_stopped_a_notebook_are_told(grading: Grading) -> None:
    nameless = unicodedata.normalize("NFD", STRAY)
    assert re.search(rf"Skipped submission .*{nameless}", grading.said["zip_collect"].stderr)
    assert grading.said["autograde"].returncode == 1
    assert f"error processing assignment '01' for student '{BROKEN}'" in grading.said["autograde"].stderr
    assert grading.exported().keys() == {*CLASS, BROKEN}
    assert grading.exported()[BROKEN] == 0
    told = re.findall(r"학번 (\d+), (\d+)째 셀: .*새 커널", grading.said["autograde"].stderr)
    assert told == [("20260006", "7"), ("20260008", "5"), ("20260010", "4")]
    page = (grading.folder / "feedback" / "20260007" / "01" / f"{NAME}.html").read_text(encoding="utf-8")
    assert "제한 시간" in page


def test_every_graded_student_has_a_korean_page(grading: Grading) -> None:
    pages = {path.parts[-3]: path for path in grading.folder.glob(f"feedback/*/01/{NAME}.html")}
    assert pages.keys() == CLASS.keys()
    page = pages["20260004"].read_text(encoding="utf-8")
    assert re.findall(r"점수: [\d.]+ / [\d.]+", page)[0] == "점수: 0.0 / 12.0"
    assert "답이 없습니다." in page
    body = page.partition("<body>")[2]
    assert not re.search(r"Score|Test cell|response|Comment|Student|Grade cell|Top", body)


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
