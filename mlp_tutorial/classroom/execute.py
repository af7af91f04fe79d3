"""How a handed-in notebook is run: to its end, whatever a cell does, in a kernel that reaches nothing else."""

import ast

from jupyter_core.utils import run_sync
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_output
from nbgrader.preprocessors import Execute
from traitlets import Bool

from mlp_tutorial.classroom import isolation
from mlp_tutorial.classroom.cells import parsed


class ExecuteToTheEnd(Execute):
    """Goes on with the next cell in a new kernel where nbgrader would give the notebook up and the student no mark."""

    isolated = Bool(True, help="whether each kernel runs in bubblewrap where that works").tag(config=True)

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict, km: None = None
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run the notebook."""
        if self.isolated and not isolation.missing():
            self.kernel_manager_class = isolation.IsolatedKernelManager
        return super().preprocess(nb, resources, km)

    def preprocess_cell(
        self, cell: NotebookNode, resources: ResourcesDict, index: int
    ) -> tuple[NotebookNode, ResourcesDict]:
        """Run the cell; where its kernel died or can't be interrupted, say so in its outputs.

        What it wrote to stderr, which would make a check 0 points, is kept as if written to stdout.
        """
        try:
            cell, resources = super().preprocess_cell(cell, resources, index)
            for output in cell.get("outputs", []):
                if output.output_type == "stream":
                    output.name = "stdout"
            return cell, resources
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
    nodes = [node for cell in cells if cell.cell_type == "code" for node in parsed(cell)]
    lines = [ast.unparse(node) for node in nodes if isinstance(node, (ast.Import, ast.ImportFrom))]
    lines = [line for line in lines if not line.startswith("from __future__")]
    return "\n".join(f"try:\n    {line}\nexcept Exception:\n    pass" for line in lines)
