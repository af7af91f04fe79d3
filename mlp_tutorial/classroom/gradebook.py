"""The class's gradebook beside what lies in its folder: copied and checked before nbgrader writes in it.

Where the two have gone apart, nbgrader goes on in silence or says so in its log alone.
"""

import shutil
import sqlite3
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path

import nbformat
from nbgrader import utils
from nbgrader.api import Gradebook, MissingEntry

from mlp_tutorial.classroom.submission import check_merged

COPIES = 20  # of the gradebook, kept


@contextmanager
def alone(folder: Path) -> Iterator[None]:
    """While this lasts, no other process grades the class: each would take away files that the other reads.

    Raises:
        ValueError: another does so.
    """
    log = folder / "log"
    log.mkdir(exist_ok=True)
    with closing(sqlite3.connect(log / ".running", timeout=0)) as lock:  # which ends with its process at the latest
        try:
            lock.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            raise ValueError(
                f"다른 창이나 다른 사람이 이 반을 채점하고 있습니다 ({error}). 끝난 뒤에 다시 실행하십시오. "
                f"아무도 채점하고 있지 않으면 {log}에 쓸 수 있는지 보십시오."
            ) from None
        yield


def copied(folder: Path) -> str:
    """Keep a copy of the gradebook as it is before a run that could harm it; return its path in the folder."""
    if not (folder / "gradebook.db").exists():
        return "아직 없음"
    _check(folder / "gradebook.db")  # a damaged one pushes out no good copy
    copies = folder / "gradebook-copies"
    copies.mkdir(exist_ok=True)
    copy = copies / f"{datetime.now():%Y%m%d-%H%M%S}.db"
    part = copy.with_suffix(".part")  # half a copy is none to go back to
    try:
        shutil.copy(folder / "gradebook.db", part)
        part.replace(copy)
    finally:
        part.unlink(missing_ok=True)
    for old in sorted(copies.glob("*.db"))[:-COPIES]:
        old.unlink()
    return copy.relative_to(folder).as_posix()


def _check(file: Path) -> None:
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


def check_questions(source: Path, lesson: str) -> None:
    """Raise a ValueError where questions came or went since hand-ins were graded, or two cells have one name.

    nbgrader would refuse too, but say why in its log alone, and delete the student's edition first. What is unmerged,
    where all names may be twice, it would hand out.
    """
    nb = nbformat.read(source, as_version=4)
    check_merged(nb, f"source/{lesson}/{source.name}")
    tests = (utils.is_solution, utils.is_locked, utils.is_task)  # a check is locked
    cells = [cell for cell in nb.cells if any(test(cell) for test in tests)]
    asked_now = Counter(cell.metadata.nbgrader.grade_id for cell in cells)
    twice = [name for name, times in asked_now.items() if times > 1]
    if twice:
        raise ValueError(
            f"source/{lesson}의 셀은 이름(grade_id)이 저마다 달라야 합니다 (두 번 나온 이름: {', '.join(twice)}). "
            "셀을 복사하면 이름도 복사됩니다. jupyter lab의 Create Assignment 판에서 새 셀의 ID를 고치십시오."
        )
    with Gradebook("sqlite:///gradebook.db") as book, suppress(MissingEntry):
        notebook = book.find_notebook(source.stem, lesson)
        graded = {cell.name for cell in notebook.source_cells}
        if notebook.submissions and asked_now.keys() != graded:
            told = {"빠진 셀": graded - asked_now.keys(), "더한 셀": asked_now.keys() - graded}
            changed = ", ".join(f"{what} {', '.join(sorted(which))}" for what, which in told.items() if which)
            raise ValueError(
                f"source/{lesson}의 문제는 채점을 시작한 때와 같아야 합니다 ({changed}). "
                "빠진 셀은 되돌리고 더한 셀은 빼십시오. 새 문제로 처음부터 채점하려면 반의 폴더에서 "
                f'"{sys.executable}" -m nbgrader db assignment remove {lesson} --force를 실행하고 다시 채점하십시오. '
                f"그러면 gradebook.db에서 {lesson}의 점수와 의견이 손으로 준 것까지 모두 지워집니다. "
                "지우기 전의 성적은 gradebook-copies의 사본에 남습니다."
            )


def forget_deleted(folder: Path, lesson: str) -> set[str]:
    """Remove the marks of those whose hand-in, collected and graded, was deleted from the folder; return who they are.

    Where all are gone, as in a folder that was moved in part, nothing is removed.
    """
    found = known(folder, lesson)
    gone = {n for n in found if not any((folder / step / n / lesson).exists() for step in ("submitted", "autograded"))}
    if gone == found:
        return set()
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for number in gone:
            book.remove_submission(lesson, number)
    return gone


def set_earlier(folder: Path, lesson: str, times: Mapping[str, datetime | None]) -> None:
    """Let each student's hand-in, graded before, count from this time if it is earlier, as where a name was mended.

    nbgrader reads it when it grades alone. A later one says nothing: the same file was there before.
    """
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        for number, told in times.items():
            known_time = book.find_submission(lesson, number).timestamp
            if told and known_time and told < known_time:
                book.update_or_create_submission(lesson, number, timestamp=told)


def known(folder: Path, lesson: str) -> set[str]:
    """Return the students whose hand-ins the gradebook knows; an older one put in its place knows fewer."""
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        return {one.student_id for one in book.assignment_submissions(lesson)}
