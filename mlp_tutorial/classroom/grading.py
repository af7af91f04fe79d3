"""What nbgrader does in a class's folder, whose nbgrader_config.py calls `configure`.

Stubs and messages are Korean, and no student's notebook stops or spoils the grading of the others.
"""

import ast
import os
import re
import sys
import warnings
from contextlib import suppress
from pathlib import Path

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.converters import Autograde
from nbgrader.preprocessors import Execute
from traitlets.config import Config

from mlp_tutorial.classroom.editions import STUBS
from mlp_tutorial.classroom.feedback import KoreanFeedback


def configure(c: Config, folder: Path, student_id: str) -> None:
    """Give nbgrader the settings of the class whose folder this is; `student_id` is a pattern of its students' ids."""
    notebooks = "|".join(sorted(path.stem for path in folder.glob("source/*/*.ipynb")))
    c.FileNameCollectorPlugin.named_regexp = (  # the innermost name with a number, as the zip around it may hold a date
        r".*[\\/]extracted[\\/]"
        rf"(?=(?:.*[\\/])?[^\\/]*?(?<!\d)(?P<student_id>{student_id})(?!\d))"
        rf"(?:.*[^0-9A-Za-z])?(?P<file_id>{notebooks})(?![A-Za-z])[^\\/]*$"
    )
    c.ZipCollectApp.strict = True  # a notebook of another lesson is told and left out
    c.ClearSolutions.update(STUBS)
    c.OverwriteCells.add_missing_cells = True  # a check that a student deleted comes back
    c.OverwriteCells.missing_cell_notification = "낸 파일에 이 셀({cell_id})이 없어 되살렸습니다.\n\n"
    late = "셀이 제한 시간 안에 끝나지 않아 멈추었습니다."
    c.Execute.error_on_timeout = {"ename": "CellTimeoutError", "evalue": late, "traceback": [late]}
    c.Autograde.autograde_preprocessors = [
        ExecuteToTheEnd if step is Execute else step for step in Autograde().autograde_preprocessors
    ]
    c.GenerateFeedback.exporter_class = KoreanFeedback

    # nbgrader calls a program, alembic, that lies beside python: it need not be on the user's own PATH.
    os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    warnings.simplefilter("ignore")  # SQLAlchemy's about nbgrader's own code tell a teacher nothing
    c.Execute.extra_arguments = ["--Application.log_level=ERROR"]  # nor does each kernel's about encryption
    # Whatever a check cell writes to stderr makes it 0 points, so no bar and no warning may.
    os.environ |= {"TQDM_DISABLE": "1", "PYTHONWARNINGS": "ignore"}


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
            run_sync(self._change_kernel)()
            super().preprocess_cell(new_code_cell(imports(self.nb.cells[: index + 1])), resources, index)
            self.nb.cells[index] = cell  # where nbclient put the imports
            return cell, resources

    async def _change_kernel(self) -> None:
        """End the kernel, which would not hear a request, and start another."""
        self.kc.stop_channels()
        await self.km.shutdown_kernel(now=True)
        self.create_kernel_manager()
        await self.async_start_new_kernel()
        await self.async_start_new_kernel_client()


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
