"""One lesson of one class, graded in one go: collected, run, put into tables and pages, by nbgrader's own applications.

What they say in English goes to a log in the class's folder; a `Report` has what a teacher must know.
"""

import os
import sys
import traceback
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import nbformat
from nbformat.reader import NotJSONError
from nbgrader.api import Gradebook
from nbgrader.apps import AutogradeApp, GenerateAssignmentApp, GenerateFeedbackApp, ZipCollectApp
from nbgrader.converters import GenerateFeedback, NbGraderException
from tqdm import tqdm

from mlp_tutorial.classroom import disk, gradebook, isolation, names, results
from mlp_tutorial.classroom.collect import Extractor
from mlp_tutorial.classroom.grading import WholeAutograde, asked, digest, is_graded
from mlp_tutorial.classroom.new_class import CONFIG, check_path
from mlp_tutorial.classroom.released import COPIES


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
        ValueError: the folder, its settings, its gradebook, the lesson, the roster or a student's number is at fault,
            the disk is full, or another process grades the class.
    """
    check_path(folder)
    source, *copies = sorted((folder / "source" / lesson).glob("*.ipynb")) or [None]
    if copies:
        found = ", ".join(path.name for path in (source, *copies))
        raise ValueError(
            f"source/{lesson}에는 노트북이 하나만 있어야 합니다 (찾은 것: {found}). "
            "사본은 반의 폴더 밖으로 옮기고 다시 실행하십시오."
        )
    if source is None:
        lessons = sorted(path.parent.name for path in folder.glob("source/*/*.ipynb"))
        raise ValueError(f"노트북의 번호는 {', '.join(lessons)} 가운데 하나여야 합니다 (받은 값: {lesson}).")
    with disk.room(folder), gradebook.alone(folder), chdir(folder), _logged(folder / "log" / f"{lesson}.txt"):
        collecting = _app(ZipCollectApp, lesson, "--force")  # first, as it finds faults of the settings
        students, notes = names.roster(folder, collecting.config.Collector.student_id)
        report = Report([], 0, [], {}, warnings=notes)
        copy = gradebook.copied(folder)
        if missing := isolation.missing():
            report.warnings.append(
                f"학생의 코드를 가두지 못합니다: {missing}. 학생의 코드가 이 컴퓨터의 파일을 읽고 고칠 수 있습니다. "
                f"성적의 사본: {copy}"
            )
        _release(source, folder / "release" / lesson / source.name)
        looks = _collect(collecting, report)
        if report.skipped:
            disk.check(folder)
        _tell_moved(folder, lesson, getattr(collecting.collector_plugin_inst, "collected", set()), report)
        if due:
            if not due.astimezone().utcoffset():
                report.warnings.append(
                    "이 컴퓨터의 시간대가 UTC여서 마감도 UTC로 읽었습니다. 한국에서 낸 파일이면 늦은 시간이 아홉 시간 "
                    "어긋날 수 있습니다. 컨테이너이면 docker run에 -e TZ=KST-9를 붙여 다시 하십시오."
                )
            with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
                book.update_or_create_assignment(lesson, duedate=due.astimezone(UTC).replace(tzinfo=None))
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


def _release(source: Path, released: Path) -> None:
    """Make the student's edition where there is none or the source is another since; a copied file may be older."""
    number = source.parent.name
    made_of = Path(COPIES, number, "source.sha256")
    if released.exists() and Path("gradebook.db").exists():
        older = source.stat().st_mtime <= released.stat().st_mtime
        if made_of.read_text(encoding="utf-8") == digest(source) if made_of.exists() else older:
            return
    try:
        gradebook.check_questions(source, number)
        _app(GenerateAssignmentApp, number, "--force").start()
        made_of.write_text(digest(source), encoding="utf-8")
    except (SystemExit, NotJSONError, nbformat.ValidationError, AttributeError) as error:
        traceback.print_exception(error)  # into the log
        raise ValueError(
            f"source/{number}의 노트북으로 학생용을 만들지 못했습니다 (자세히: log/{number}.txt). "
            "고친 셀의 ### BEGIN과 ### END가 짝이 맞는지 보십시오."
        ) from None


def _collect(app: ZipCollectApp, report: Report) -> dict[str, list[str]]:
    """Collect the files; return student → what to look at."""
    app.start()
    for plugin in (app.extractor_plugin_inst, app.collector_plugin_inst):
        report.skipped += [(str(place), why) for place, why in getattr(plugin, "skipped", [])]
    return getattr(app.collector_plugin_inst, "looks", defaultdict(list))


def _tell_moved(folder: Path, lesson: str, collected: set[str], report: Report) -> None:
    """Tell who has a hand-in of an earlier run that another student has now, as the file's name was mended."""
    files = {path.parent.parent.name: path.read_bytes() for path in folder.glob(f"submitted/*/{lesson}/*.ipynb")}
    for number in sorted(files.keys() - collected):
        others = [other for other in sorted(files.keys() & collected) if files[other] == files[number]]
        if others:
            report.warnings.append(
                f"{number}의 노트북은 전에 거둔 것이고 {', '.join(others)}의 것과 같습니다. 학번을 잘못 읽었던 것이면 "
                f"submitted, autograded, feedback에서 {number}의 {lesson} 폴더를 지우고 다시 실행하십시오."
            )


def _autograde(folder: Path, lesson: str, only: Sequence[str], report: Report) -> None:
    """Run the notebooks of those who wait."""
    submitted = {path.parent.parent.name: path.parent for path in sorted(folder.glob(f"submitted/*/{lesson}/*.ipynb"))}
    unknown = [number for number in only if number not in submitted]
    if unknown:
        raise ValueError(f"{lesson} 노트북을 낸 학생의 학번이어야 합니다 (받은 값: {', '.join(unknown)}).")
    app = _app(AutogradeApp, lesson)
    app.coursedir.assignment_id = lesson
    graded, checks = folder / "autograded", asked(app.coursedir.db_url, lesson)
    if gone := gradebook.forget_deleted(folder, lesson):
        report.warnings.append(
            f"낸 파일과 채점한 파일의 폴더가 없어 성적에서 뺀 학생입니다({', '.join(sorted(gone))}). 잘못 지웠으면 "
            "submitted와 autograded의 그 폴더를 되돌리고, gradebook-copies의 사본을 gradebook.db로 복사하십시오."
        )
    known = gradebook.known(folder, lesson)
    done = {n for n, place in submitted.items() if n in known and is_graded(place, graded / n / lesson, checks)}
    times = {number: app.coursedir.get_existing_timestamp(str(submitted[number])) for number in done}
    gradebook.set_earlier(folder, lesson, times)
    waiting = [number for number in submitted if number not in done]
    with tqdm(list(only) or waiting, desc="채점", unit="명", leave=False, file=sys.__stderr__) as bar:
        for number in bar:
            bar.set_postfix_str(number)
            app.coursedir.student_id = number
            grader = WholeAutograde(coursedir=app.coursedir, parent=app, force=True)
            try:
                grader.start()
                report.graded += 1
            except NbGraderException:
                disk.check(folder)  # else all the others would fail, too
                report.failed[number] = grader.failure or f"자세히: log/{lesson}.txt"


def _write(folder: Path, lesson: str, named: Mapping[str, str], draw: results.Draw, report: Report) -> None:
    """Write the table and the page."""
    made = folder / "results"
    made.mkdir(exist_ok=True)
    texts: Mapping[str, str] = {
        f"{lesson}.csv": results.table(report.rows, named),
        f"{lesson}.html": results.page(lesson, report.rows, named, draw),
    }
    table, page = (made / name for name in texts)
    if table.exists() and page.exists() and table.stat().st_mtime > page.stat().st_mtime:  # it was made first
        kept = table.with_name(f"{lesson}_{datetime.now():%Y%m%d-%H%M%S}.csv")
        table.rename(kept)
        report.warnings.append(
            f"results/{table.name}를 고치셨기에 {kept.name}로 남겨 두고 새로 만들었습니다. 거기에 적은 점수는 성적에 "
            "들지 않습니다. 서술형의 점수는 Formgrader에 적으십시오."
        )
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
            disk.check(Path.cwd())
            report.warnings.append(f"{number}의 피드백을 만들지 못했습니다 (자세히: log/{lesson}.txt).")
