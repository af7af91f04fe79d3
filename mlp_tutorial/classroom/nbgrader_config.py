"""nbgrader's settings for a class, read by every nbgrader command that is started in the class's folder.

They put the stubs and messages into Korean and let no student's notebook stop or spoil the grading of the others.
"""

import ast
import os
import re
import sys
import warnings
from contextlib import suppress
from pathlib import Path
from typing import ClassVar

from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters import HTMLExporter
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute

c = get_config()  # noqa: F821  nbgrader calls this file with it

# 낸 파일이나 폴더의 이름에는 학번(다섯 자리 이상의 수)과 노트북의 이름이 있어야 합니다. 나머지는 무엇이든 됩니다.
# 홍길동_20261234_01_structure.ipynb, 홍길동_20261234.zip 안의 01_structure (1).ipynb
STUDENT_ID = r"\d{5,}"

NOTEBOOKS = sorted(path.stem for path in Path(__file__).parent.glob("source/*/*.ipynb"))
# The innermost name that holds a number counts, as the zip around it may hold a date.
c.FileNameCollectorPlugin.named_regexp = "".join(
    [
        r".*[\\/]extracted[\\/]",
        rf"(?=(?:.*[\\/])?[^\\/]*?(?<!\d)(?P<student_id>{STUDENT_ID})(?!\d))",
        rf"(?:.*[^0-9A-Za-z])?(?P<file_id>{'|'.join(NOTEBOOKS)})(?![A-Za-z])[^\\/]*$",
    ]
)
c.ZipCollectApp.strict = True  # a notebook of another lesson is told and left out

c.ClearSolutions.code_stub = {"python": "...  # 여기에 답을 적으십시오"}
c.ClearSolutions.text_stub = "여기에 답을 적으십시오."
c.ClearSolutions.begin_solution_delimeter = "### BEGIN SOLUTION"
c.ClearSolutions.end_solution_delimeter = "### END SOLUTION"
c.ClearHiddenTests.begin_test_delimeter = "### BEGIN HIDDEN TESTS"
c.ClearHiddenTests.end_test_delimeter = "### END HIDDEN TESTS"

c.OverwriteCells.add_missing_cells = True  # a check that a student deleted comes back
c.OverwriteCells.missing_cell_notification = "낸 파일에 이 셀({cell_id})이 없어 되살렸습니다.\n\n"

c.Execute.timeout = 60  # seconds a cell
c.Execute.error_on_timeout = {
    "ename": "CellTimeoutError",
    "evalue": "셀이 제한 시간 안에 끝나지 않았습니다.",
    "traceback": ["셀이 제한 시간 안에 끝나지 않아 멈추었습니다."],
}

# nbgrader calls a program, alembic, that lies beside python: it need not be on the user's own PATH.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
warnings.simplefilter("ignore")  # SQLAlchemy's about nbgrader's own code tell a teacher nothing
c.Execute.extra_arguments = ["--Application.log_level=ERROR"]  # nor does each kernel's about encryption
# Whatever a check cell writes to stderr makes it 0 points, so no bar and no warning may.
os.environ |= {"TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}


def imports(cells: list[NotebookNode]) -> str:
    """Return the cells' imports, each by itself, so that answers further down find the names that all notebooks use."""
    nodes = []
    for cell in cells:
        with suppress(SyntaxError):
            source = cell.source if cell.cell_type == "code" else ""
            nodes += ast.parse(re.sub(r"^[%!].*$", "", source, flags=re.MULTILINE)).body
    lines = [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    lines = [line for line in lines if not line.startswith("from __future__")]
    return "\n".join(f"try:\n    {line}\nexcept Exception:\n    pass" for line in lines)


class ExecuteToTheEnd(Execute):
    """Goes on with the next cell in a new kernel where nbgrader would give the notebook up and the student no mark."""

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run the cell; where its kernel died or can't be interrupted, say so in its outputs."""
        try:
            return super().preprocess_cell(cell, resources, index)
        except (DeadKernelError, CellTimeoutError) as error:
            said = "이 셀에서 커널이 죽었거나 멈추지 않아, 다음 셀부터 새 커널에서 실행했습니다."
            self.log.error("학번 %s, %s째 셀: %s", resources["nbgrader"]["student"], index + 1, said)
            # without an error among its outputs a check cell would have full marks
            cell.outputs.append(new_output("error", ename=type(error).__name__, evalue=said, traceback=[said]))
            self.shutdown_kernel = "immediate"  # it would not hear a request
            self._cleanup_kernel()
            self.km = self.create_kernel_manager()
            self.start_new_kernel()
            self.start_new_kernel_client()
            super().preprocess_cell(new_code_cell(imports(self.nb.cells[: index + 1])), resources, index)
            self.nb.cells[index] = cell  # where nbclient put the imports
            return cell, resources


class KoreanFeedback(HTMLExporter):
    """Puts nbgrader's own words on a student's feedback page into Korean."""

    words: ClassVar = {
        "(Score: ": "(점수: ",
        "      Score: ": "      점수: ",
        ">Test cell<": ">확인 셀<",
        ">Written response<": ">서술형 답<",
        ">Student's answer<": ">내 답<",
        ">Grade cell: <": ">확인 셀: <",
        ">Comment<": ">의견<",
        "<b>Comments:</b>": "<b>의견:</b>",
        ">(Top)<": ">(맨 위로)<",
        "<p>No response.</p>": "<p>답이 없습니다.</p>",
    }

    def from_notebook_node(
        self, nb: NotebookNode, resources: ResourcesDict | None = None, **kw: object
    ) -> tuple[str, ResourcesDict]:
        """Return the page and the resources."""
        page, resources = super().from_notebook_node(nb, resources, **kw)
        for english, korean in self.words.items():
            page = page.replace(english, korean)
        return page, resources


c.GenerateFeedback.exporter_class = KoreanFeedback
c.Autograde.autograde_preprocessors = [
    ExecuteToTheEnd if step is Execute else step for step in Autograde().autograde_preprocessors
]
