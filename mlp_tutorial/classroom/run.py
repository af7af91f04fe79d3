"""One lesson of one class, graded in one go: collected, run, put into tables and pages, by nbgrader's own applications.

What they say in English goes to a log in the class's folder; a `Report` has what a teacher must know.
"""

import os
import shutil
import sqlite3
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, closing, contextmanager, redirect_stderr, redirect_stdout, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat.reader import NotJSONError
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import AutogradeApp, GenerateAssignmentApp, GenerateFeedbackApp, ZipCollectApp
from nbgrader.converters import GenerateFeedback, NbGraderException
from tqdm import tqdm

from mlp_tutorial.classroom import isolation, names, results
from mlp_tutorial.classroom.collect import Extractor
from mlp_tutorial.classroom.grading import WholeAutograde, asked, is_graded
from mlp_tutorial.classroom.new_class import CONFIG

COPIES = 20  # of the gradebook, kept


@dataclass
class Report:
    """What came of it."""

    rows: list[results.Row]
    graded: int  # students whose notebooks ran this time
    skipped: list[tuple[str, str]]  # files, and why they weren't collected
    failed: dict[str, str]  # student → why there is no mark
    files: list[Path] = field(default_factory=list)  # made for the teacher
    warnings: list[str] = field(default_factory=list)


def grade(
    folder: Path,
    lesson: str,
    draw: results.Draw,
    only: Sequence[str] = (),
    due: datetime | None = None,
    hidden_tests: bool = False,
) -> Report:
    """Grade what lies in downloaded/`lesson`/archive of the class's folder; what is graded already stays as it is.

    Args:
        folder: the class's.
        lesson: the notebook's number.
        draw: makes the pictures of the results.
        only: students to be graded again whatever was graded; none for all who wait.
        due: when it was to be handed in, in local time; later hand-ins are told.
        hidden_tests: whether the feedback shows them.

    Raises:
        ValueError: the folder, its settings, its gradebook, the lesson, the roster or a student's number is at fault.
    """
    source = next((folder / "source" / lesson).glob("*.ipynb"), None)
    if source is None:
        lessons = sorted(path.parent.name for path in folder.glob("source/*/*.ipynb"))
        raise ValueError(f"노트북의 번호는 {', '.join(lessons)} 가운데 하나여야 합니다 (받은 값: {lesson}).")
    students, notes = names.read_roster(folder)
    report = Report([], 0, [], {}, warnings=notes)
    missing = isolation.missing()
    with chdir(folder), _logged(folder / "log" / f"{lesson}.txt"):
        collecting = _app(ZipCollectApp, lesson, "--force")  # first, as it finds faults of the settings
        copy = _copy_gradebook(folder)
        if missing:
            report.warnings.append(
                f"학생의 코드를 가두지 못합니다: {missing}. 학생의 코드가 이 컴퓨터의 파일을 읽고 고칠 수 있습니다. "
                f"성적의 사본: {copy}"
            )
        _release(source, folder / "release" / lesson / source.name)
        looks = _collect(collecting, report)
        if due:
            with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
                gradebook.update_or_create_assignment(lesson, duedate=due.astimezone(UTC).replace(tzinfo=None))
        _autograde(folder, lesson, only, report)
        named = results.titles(nbformat.read(folder / "release" / lesson / source.name, as_version=4))
        report.rows = results.rows(folder, lesson, students, named)
        for row in report.rows:
            row.looks = looks.get(row.number, []) + row.looks
            if row.number in report.failed:
                row.looks.insert(0, f"채점하지 못했습니다: {report.failed[row.number]}")
        _write(folder, lesson, named, draw, report)
        _feedback(lesson, hidden_tests, report)
    return report


@contextmanager
def _logged(file: Path) -> Iterator[None]:
    """While this lasts, what nbgrader and its libraries say goes to the file."""
    file.parent.mkdir(exist_ok=True)
    with open(file, "w", encoding="utf-8") as log, redirect_stderr(log), redirect_stdout(log):
        yield


def _app(kind: type, *arguments: str) -> object:
    """Return an nbgrader application with the settings of the class's folder, in which this process is.

    Raises:
        ValueError: a file of settings is at fault; nbgrader would log it and go on without ours.
    """
    app = kind(raise_config_file_errors=True)
    try:
        app.initialize([*arguments, "--log-level=INFO"])
        for part in app.all_configurable_classes():
            if part.__name__ in app.config:
                part(config=app.config)  # finds a value of the wrong type, of nbgrader's own parts
        if app.config.ZipCollectApp.extractor_plugin is not Extractor:
            raise ValueError("grading.configure(…)를 부르는 줄이 없거나, 그 뒤의 줄이 extractor_plugin을 바꿉니다")
    except SystemExit as error:  # traitlets' at a value of the wrong type
        raise ValueError(_fault(error.__context__ or error)) from None
    except Exception as error:  # whatever the file does
        raise ValueError(_fault(error)) from None
    return app


def _fault(error: BaseException) -> str:
    """Return where in the settings the error is, and what to do."""
    frames = traceback.extract_tb(error.__traceback__)
    places = [(frame.filename, frame.lineno) for frame in frames if frame.filename.endswith("_config.py")]
    file, line = places[-1] if places else (Path.cwd() / CONFIG.name, None)
    cause = str(error) if type(error) is ValueError else f"{type(error).__name__}: {error}"
    if isinstance(error, SyntaxError):
        file, line, cause = error.filename, error.lineno, f"SyntaxError: {error.msg}"
    place = f"{file}, {line}째 줄" if line else file
    return (
        f"반의 설정을 읽지 못해 아무것도 거두지 않았습니다 ({place}: {cause.rstrip('.')}). "
        f"그 파일을 고치거나, {CONFIG}를 반의 폴더에 복사해 처음 설정으로 되돌리십시오."
    )


def _copy_gradebook(folder: Path) -> str:
    """Keep a copy of the gradebook as it is before a run that could harm it; return its path in the folder."""
    if not (folder / "gradebook.db").exists():
        return "아직 없음"
    _check_gradebook(folder / "gradebook.db")  # a damaged one pushes out no good copy
    copies = folder / "gradebook-copies"
    copies.mkdir(exist_ok=True)
    copy = copies / f"{datetime.now():%Y%m%d-%H%M%S}.db"
    shutil.copy(folder / "gradebook.db", copy)
    for old in sorted(copies.glob("*.db"))[:-COPIES]:
        old.unlink()
    return copy.relative_to(folder).as_posix()


def _check_gradebook(file: Path) -> None:
    """Raise a ValueError where another program holds the gradebook or it is damaged."""
    try:
        with closing(sqlite3.connect(file, timeout=2)) as book:  # seconds to wait for another program
            book.execute("BEGIN IMMEDIATE")  # as a run is going to write
            (found,) = book.execute("PRAGMA quick_check(1)").fetchone()
            if found != "ok" or not book.execute("SELECT * FROM sqlite_master").fetchone():
                raise sqlite3.DatabaseError(found if found != "ok" else "no tables")
    except sqlite3.OperationalError as error:
        raise ValueError(
            f"{file.name}에 쓸 수 없습니다 ({error}). "
            "그 파일을 쓰는 다른 창(다른 채점, jupyter lab)이나 동기화 프로그램을 닫고 다시 실행하십시오."
        ) from None
    except sqlite3.DatabaseError as error:
        raise ValueError(
            f"{file.name}가 망가졌습니다 ({error}). {file.with_name('gradebook-copies')}의 가장 새 사본을 "
            f"{file.name}로 복사하고(사본이 없으면 {file.name}를 지우고), autograded와 release 폴더를 지운 다음 "
            "과제마다 다시 채점하십시오. 손으로 준 점수는 사본의 것이 남습니다."
        ) from None


def _release(source: Path, released: Path) -> None:
    """Make the student's edition where there is none or the source has changed since."""
    if released.exists() and source.stat().st_mtime <= released.stat().st_mtime and Path("gradebook.db").exists():
        return
    number = source.parent.name
    try:
        _check_questions(source, number)
        _app(GenerateAssignmentApp, number, "--force").start()
    except (SystemExit, NotJSONError, nbformat.ValidationError):
        raise ValueError(
            f"source/{number}의 노트북으로 학생용을 만들지 못했습니다 (자세히: log/{number}.txt). "
            "고친 셀의 ### BEGIN과 ### END가 짝이 맞는지 보십시오."
        ) from None


def _check_questions(source: Path, lesson: str) -> None:
    """Raise a ValueError where questions came or went since hand-ins were graded.

    nbgrader would refuse too, but say why in its log alone, and delete the student's edition first.
    """
    tests = (utils.is_solution, utils.is_locked, utils.is_task)  # a check is locked
    cells = [cell for cell in nbformat.read(source, as_version=4).cells if any(test(cell) for test in tests)]
    asked_now = {cell.metadata.nbgrader.grade_id for cell in cells}
    with Gradebook("sqlite:///gradebook.db") as book, suppress(MissingEntry):
        notebook = book.find_notebook(source.stem, lesson)
        graded = {cell.name for cell in notebook.source_cells}
        if notebook.submissions and asked_now != graded:
            told = {"빠진 셀": graded - asked_now, "더한 셀": asked_now - graded}
            changed = ", ".join(f"{what} {', '.join(sorted(which))}" for what, which in told.items() if which)
            command = os.path.relpath(Path(sys.executable).with_name("nbgrader"))
            raise ValueError(
                f"source/{lesson}의 문제는 채점을 시작한 때와 같아야 합니다 ({changed}). "
                "빠진 셀은 되돌리고 더한 셀은 빼십시오. 새 문제로 처음부터 채점하려면 반의 폴더에서 "
                f"{command} db assignment remove {lesson} --force를 실행하고 다시 채점하십시오. "
                f"그러면 gradebook.db에서 {lesson}의 점수와 의견이 손으로 준 것까지 모두 지워집니다. "
                "지우기 전의 성적은 gradebook-copies의 사본에 남습니다."
            )


def _collect(app: ZipCollectApp, report: Report) -> dict[str, list[str]]:
    """Collect the files; return student → what to look at."""
    app.start()
    for plugin in (app.extractor_plugin_inst, app.collector_plugin_inst):
        report.skipped += [(str(place), why) for place, why in getattr(plugin, "skipped", [])]
    return getattr(app.collector_plugin_inst, "looks", defaultdict(list))


def _autograde(folder: Path, lesson: str, only: Sequence[str], report: Report) -> None:
    """Run the notebooks of those who wait."""
    submitted = {path.parent.parent.name: path.parent for path in sorted(folder.glob(f"submitted/*/{lesson}/*.ipynb"))}
    unknown = [number for number in only if number not in submitted]
    if unknown:
        raise ValueError(f"{lesson} 노트북을 낸 학생의 학번이어야 합니다 (받은 값: {', '.join(unknown)}).")
    app = _app(AutogradeApp, lesson)
    app.coursedir.assignment_id = lesson
    graded, checks = folder / "autograded", asked(app.coursedir.db_url, lesson)
    waiting = [n for n, place in submitted.items() if not is_graded(place, graded / n / lesson, checks)]
    with tqdm(list(only) or waiting, desc="채점", unit="명", leave=False, file=sys.__stderr__) as bar:
        for number in bar:
            bar.set_postfix_str(number)
            app.coursedir.student_id = number
            grader = WholeAutograde(coursedir=app.coursedir, parent=app, force=True)
            try:
                grader.start()
                report.graded += 1
            except NbGraderException:
                report.failed[number] = grader.failure or f"자세히: log/{lesson}.txt"


def _write(folder: Path, lesson: str, named: Mapping[str, str], draw: results.Draw, report: Report) -> None:
    """Write the table and the page."""
    made = folder / "results"
    made.mkdir(exist_ok=True)
    texts: Mapping[str, str] = {
        f"{lesson}.csv": results.table(report.rows, named),
        f"{lesson}.html": results.page(lesson, report.rows, named, draw),
    }
    for name, text in texts.items():
        part = made / f".{name}.part"
        part.write_text(text, encoding="utf-8", newline="")
        try:
            os.replace(part, made / name)
        except PermissionError:  # as on Windows while Excel has the table open
            raise ValueError(f"results/{name}에 쓸 수 없습니다. 엑셀에 열려 있으면 닫고 다시 하십시오.") from None
        report.files.append(made / name)


def _feedback(lesson: str, hidden_tests: bool, report: Report) -> None:
    """Make the students' pages."""
    app = _app(GenerateFeedbackApp, lesson, f"--KoreanFeedback.hidden_tests={hidden_tests}")
    app.coursedir.assignment_id = lesson
    graded = [row.number for row in report.rows if row.marks]
    for number in tqdm(graded, desc="피드백", unit="명", leave=False, file=sys.__stderr__):
        app.coursedir.student_id = number
        try:
            GenerateFeedback(coursedir=app.coursedir, parent=app, force=True).start()
        except NbGraderException:
            report.warnings.append(f"{number}의 피드백을 만들지 못했습니다 (자세히: log/{lesson}.txt).")
