"""What nbgrader does in a class's folder, whose nbgrader_config.py calls `configure`.

Stubs and messages are Korean, and no student's notebook stops or spoils the grading of the others.
"""

import hashlib
import os
import re
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps import autogradeapp
from nbgrader.converters import Autograde, GenerateAssignment
from nbgrader.nbgraderformat import SchemaTooNewError, SchemaTooOldError
from nbgrader.preprocessors import Execute
from nbgrader.utils import rmtree
from traitlets.config import Config

from mlp_tutorial.classroom.collect import Collector, Extractor
from mlp_tutorial.classroom.editions import STUBS
from mlp_tutorial.classroom.execute import ExecuteToTheEnd
from mlp_tutorial.classroom.feedback import KoreanFeedback
from mlp_tutorial.classroom.notebooks import jupyter_path
from mlp_tutorial.classroom.released import KeepRelease
from mlp_tutorial.classroom.restore import KEY, RestoreCells

KERNEL_START = Path(__file__).with_name("kernel_start.py")


def configure(c: Config, folder: Path, student_id: str) -> None:
    """Give nbgrader the settings of the class whose folder this is; `student_id` is a pattern of its students' ids.

    Raises:
        ValueError: the pattern is no regular expression.
    """
    try:
        re.compile(student_id)
    except (re.error, TypeError) as error:
        raise ValueError(
            'student_id는 r"\\d{5,}"(다섯 자리 이상의 수) 같은 정규식이어야 합니다 '
            f"(받은 값: {student_id!r}, 까닭: {error})."
        ) from None
    c.CourseDirectory.root = str(folder)  # whatever the teacher's own settings in ~/.jupyter say
    c.ZipCollectApp.extractor_plugin = Extractor
    c.ZipCollectApp.collector_plugin = Collector
    c.Collector.student_id = student_id
    c.ClearSolutions.update(STUBS)
    late = "셀이 제한 시간 안에 끝나지 않아 멈추었습니다."
    c.Execute.error_on_timeout = {"ename": "CellTimeoutError", "evalue": late, "traceback": [late]}
    c.Autograde.sanitize_preprocessors = [RestoreCells, *Autograde().sanitize_preprocessors]
    c.Autograde.autograde_preprocessors = [
        ExecuteToTheEnd if step is Execute else step for step in Autograde().autograde_preprocessors
    ]
    c.GenerateAssignment.preprocessors = [*GenerateAssignment().preprocessors, KeepRelease]
    c.GenerateFeedback.exporter_class = KoreanFeedback
    autogradeapp.Autograde = WholeAutograde  # nbgrader has no setting for it

    # nbgrader calls a program, alembic, that lies beside python: it need not be on the user's own PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    os.environ["JUPYTER_PATH"] = jupyter_path()  # else students' code might run in another Python, without torch
    warnings.simplefilter("ignore")  # SQLAlchemy's about nbgrader's own code tell a teacher nothing
    # Nor does each kernel's about encryption.
    c.Execute.extra_arguments = ["--Application.log_level=ERROR", f"--IPKernelApp.exec_files={KERNEL_START}"]


class WholeAutograde(Autograde):
    """Grades again what an earlier run left unfinished or graded from another file, and lets no student stop it.

    `failure` says why the last notebook could not be graded.
    """

    failure = ""
    _unchanged: frozenset[str] = frozenset()  # the student's files that were graded before as they are now

    def init_destination(self, assignment_id: str, student_id: str) -> bool:
        """Return whether this student is to be graded."""
        submitted, graded = (
            Path(self.coursedir.format_path(step, student_id, assignment_id))
            for step in (self.coursedir.submitted_directory, self.coursedir.autograded_directory)
        )
        self._unchanged = frozenset(
            file.name for file in submitted.glob("*.ipynb") if _noted(graded, file) == digest(file)
        )
        if graded.exists() and not is_graded(submitted, graded, asked(self.coursedir.db_url, assignment_id)):
            rmtree(str(graded))
        return super().init_destination(assignment_id, student_id)

    def init_single_notebook_resources(self, notebook_filename: str) -> dict[str, Any]:
        """Return nbgrader's resources, and in them which file this is and what is asked in it."""
        resources = super().init_single_notebook_resources(notebook_filename)
        place = resources["nbgrader"]
        place["submission"] = digest(Path(notebook_filename), asked(place["db_url"], place["assignment"]))
        place["file"] = digest(Path(notebook_filename))
        return resources

    def convert_single_notebook(self, notebook_filename: str) -> None:
        """Grade the notebook; an error is this student's alone, whatever it is."""
        self.failure = ""
        try:
            with self._read_essays_kept(Path(notebook_filename)):
                super().convert_single_notebook(notebook_filename)
        except Exception as error:
            self.failure = f"{type(error).__name__}: {error}".partition("\n")[0]
            if isinstance(error, (SchemaTooOldError, SchemaTooNewError)):  # at which nbgrader would stop
                raise ValueError(str(error)) from error
            raise

    @contextmanager
    def _read_essays_kept(self, file: Path) -> Iterator[None]:
        """Leave what the teacher has marked by hand as it is if the file is the same; nbgrader would ask again."""
        student, lesson = file.parts[-3:-1]
        read: list[str] = []
        with Gradebook(self.coursedir.db_url) as book, suppress(MissingEntry):
            grades = book.find_submission_notebook(file.stem, lesson, student).grades
            read = [one.name for one in grades if one.manual_score is not None and not one.needs_manual_grade]
        yield
        if file.name in self._unchanged:
            with Gradebook(self.coursedir.db_url) as book, suppress(MissingEntry):
                for name in read:
                    book.find_grade(name, file.stem, lesson, student).needs_manual_grade = False
                book.db.commit()


def asked(gradebook: str, assignment_id: str) -> str:
    """Return the text and points of all cells, checks too, that a gradebook (its address) grades an assignment by."""
    with Gradebook(gradebook) as book, suppress(MissingEntry):
        notebooks = book.find_assignment(assignment_id).notebooks
        texts = [f"{cell.name}\n{cell.source}" for notebook in notebooks for cell in notebook.source_cells]
        points = [f"{cell.name}: {cell.max_score}" for notebook in notebooks for cell in notebook.grade_cells]
        return "\n".join([*sorted(texts), *sorted(points)])
    return ""


def _noted(graded: Path, file: Path) -> str | None:
    """Return the hash of the file that the graded folder's notebook was made of, None where there is none."""
    with suppress(OSError, ValueError):
        return nbformat.read(graded / file.name, as_version=4).metadata.get(KEY, {}).get("file")


def digest(file: Path, checks: str = "") -> str:
    """Return a hash of the file and of what `asked` returns."""
    return hashlib.sha256(file.read_bytes() + checks.encode()).hexdigest()


def is_graded(submitted: Path, graded: Path, checks: str) -> bool:
    """Return whether the notebooks of the folder `submitted` have been run to their end into the folder `graded`.

    A run that died leaves a notebook none of whose cells has run, or half a file; one from before a mended check was
    graded by other `checks`, which is what `asked` returns.
    """
    for file in submitted.glob("*.ipynb"):
        try:
            nb = nbformat.read(graded / file.name, as_version=4)
        except (OSError, ValueError):
            return False
        ran = any(cell.get("execution_count") for cell in nb.cells)
        if not ran or nb.metadata.get(KEY, {}).get("submission") != digest(file, checks):
            return False
    return True
