"""The pytest plugin that runs the notebooks: nbval runs each cell, `outputs.compare` judges it.

What nbval does badly is replaced: it compares numbers as text, passes over pictures and cells without a count, and
waits a minute for a kernel that is dead. Every failure is told in Korean, with the cell and what to do about it.
"""

from __future__ import annotations

import gc
import logging
import os
import re
import runpy
import warnings
from collections.abc import Generator, Iterator
from contextlib import suppress
from pathlib import Path
from queue import Empty
from time import monotonic
from typing import Any

import pytest
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, RunningKernel
from nbval.plugin import IPyNbCell, IPyNbFile, NbCellError

from . import ENVIRONMENT, PYTHON, ROOT, outputs, pictures, saved, without_colours

# The project's list of notebooks, without its package: that would load torch into each process of pytest.
LISTS = runpy.run_path(str(ROOT / "mlp_tutorial" / "classroom" / "notebooks.py"))
AGAIN = f"`{PYTHON} tools/rerun.py {{stem}}`으로 다시 실행해 저장"
REMEDIES = {
    "differs": f"뜻한 변화라면 {AGAIN}하십시오. 아니라면 방금 고친 것을 되돌리십시오.",
    "raised": "오류의 마지막 줄을 읽고 셀이나 패키지를 고치십시오. 일부러 냈다면 셀에 raises-exception 태그를 답니다.",
    "unrun": f"{AGAIN}하십시오. 한 번도 실행하지 않은 셀은 출력이 맞는지 확인할 수 없습니다.",
    "empty": "셀을 지우십시오(주피터랩에서 셀의 왼쪽을 누르고 D를 두 번).",
    "hung": "끝나지 않는 반복이 있는지 보십시오. 오래 걸리는 일이라면 스텝 수나 데이터를 줄이십시오.",
    "unstarted": f"다시 해 보고, 그래도 그러면 `{PYTHON} -m ipykernel_launcher`의 말을 읽으십시오.",
    "died": "메모리를 다 썼거나 셀이 파이썬을 끝냈습니다(os._exit 등). 이 셀을 혼자 실행해 보십시오.",
}


class KernelDied(Exception):
    """The notebook's kernel ended while a cell was running."""


class CellFailure(Exception):
    """A cell that did not do what the notebook holds; its text is the whole report."""


class WatchedKernel(RunningKernel):
    """nbval's kernel, looked at every second while it is waited for.

    Attributes:
        deadline: by `monotonic`; nbval waits anew for each message, so a cell that keeps printing is stopped here.
    """

    deadline = float("inf")

    def execute_cell_input(self, cell_input: str, allow_stdin: bool | None = None) -> str:
        """Run a cell with its history, as Jupyter does: without it a last line that ends in ; shows its value."""
        return self.kc.execute(cell_input, allow_stdin=bool(allow_stdin), stop_on_error=False)

    def get_message(self, stream: str, timeout: float) -> dict[str, Any]:
        """The next message; raises `KernelDied` within a second of its death, `Empty` after `timeout` seconds."""
        deadline = monotonic() + timeout
        while monotonic() < self.deadline:
            try:
                return super().get_message(stream, timeout=max(0, min(1, deadline - monotonic())))
            except Empty:
                if not self.is_alive():
                    raise KernelDied from None
                if monotonic() >= deadline:
                    raise
        raise Empty


class Notebook(IPyNbFile):
    """A notebook file.

    Attributes:
        stopped_by: the cell that has hung or killed the kernel, once one has.
        unsound: why the file can't be run as it is, in one line, or "".
        waiting: a cell's place among all cells → its source, of those that have not run.
    """

    stopped_by: str | None = None
    unsound = ""
    waiting: dict[int, str]

    def setup(self) -> None:
        """Start a kernel of this interpreter in the notebook's folder, in two attempts: its ports may be taken."""
        timeout = self.config.option.nbval_kernel_startup_timeout
        for _ in range(0 if self.unsound else 2):
            with suppress(RuntimeError):
                self.kernel = WatchedKernel(CURRENT_ENV_KERNEL_NAME, str(self.path.parent), timeout)
                return
            with warnings.catch_warnings(action="ignore", category=ResourceWarning):
                gc.collect()  # nbval leaves a file open

    def collect(self) -> Iterator[Cell | File]:
        """The code cells, named by their id; where the file is not as it should be, it alone."""
        try:
            _, mended = saved.load(self.path)
            self.unsound = f"{self.path.name}: {' '.join(mended)} {saved.again(self.path)}" if mended else ""
        except ValueError as error:
            self.unsound = str(error)
        if self.unsound:
            yield File.from_parent(self, name="파일")
            return
        self.waiting = {}
        for cell in super().collect():
            self.waiting[cell.cell_num] = cell.cell.source
            yield Cell.from_parent(
                self, name=cell.cell.id, cell_num=cell.cell_num, cell=cell.cell, options=cell.options
            )


class File(pytest.Item):
    """A notebook's file that can't be run as another editor left it."""

    parent: Notebook

    def runtest(self) -> None:
        """Fail with the one line that says why, and what to do."""
        raise CellFailure(self.parent.unsound)

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Give pytest's text for the failure: that line."""
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The headline over the failure."""
        return self.path, 0, f"{self.path.name} 파일"


class Cell(IPyNbCell):
    """A code cell: run by nbval, compared by `outputs.compare`."""

    parent: Notebook

    def setup(self) -> None:
        """Pass over a cell whose kernel is gone, as it can be neither right nor wrong."""
        if self.parent.stopped_by:
            pytest.skip(f"실행하지 않았습니다: 앞의 셀 {self.parent.stopped_by}에서 커널이 멈췄습니다.")

    def runtest(self) -> None:
        """Run the cell and raise a `CellFailure` that says what is wrong, if anything is."""
        self.differences: list[outputs.Difference] = []
        self.comparison_traceback: list[str] = []  # nbval would join its own report here
        kernel = self.parent.kernel
        if kernel is None:
            self.parent.stopped_by = self.name
            raise CellFailure(self.report("unstarted", "커널이 두 번 다 시작하지 못했습니다."))
        try:
            if not kernel.is_alive():
                raise KernelDied
            self.catch_up()
            self.allow_time()
            super().runtest()
        except KernelDied:
            self.parent.stopped_by = self.name
            kernel.stop()  # else its connection file stays
            raise CellFailure(self.report("died", "이 셀이나 바로 앞 셀에서 커널이 죽었습니다.")) from None
        except Empty:  # of a cell above
            self.parent.stopped_by = self.name
            kernel.stop()
            raise CellFailure(self.report("hung", "위의 셀이 제때 끝나지 않았습니다.")) from None
        except NbCellError as error:
            raise CellFailure(self.explain(error)) from None
        if self.parent.timed_out:  # the cell caught the interrupt and ended as if all were well
            raise CellFailure(self.explain(NbCellError(self.cell_num, "", self.cell.source)))
        if not self.cell.source.strip():
            raise CellFailure(self.report("empty", "빈 코드 셀입니다."))
        if self.cell.execution_count is None:
            raise CellFailure(self.report("unrun", "실행한 적이 없는 셀입니다(실행 번호가 없습니다)."))

    def allow_time(self) -> None:
        """Give the cell that runs next its own time."""
        self.parent.kernel.deadline = monotonic() + self.config.option.nbval_cell_timeout + 2 * self.output_timeout

    def catch_up(self) -> None:
        """Run, unchecked, the cells above that --lf, -k or a name has left out: this one needs what they make."""
        kernel, waiting = self.parent.kernel, self.parent.waiting
        waiting.pop(self.cell_num, None)
        for number in sorted(n for n in waiting if n < self.cell_num):
            self.allow_time()
            message = kernel.execute_cell_input(waiting.pop(number), allow_stdin=False)
            kernel.await_reply(message, timeout=self.config.option.nbval_cell_timeout)
            kernel.await_idle(message, timeout=self.output_timeout)

    def explain(self, error: NbCellError) -> str:
        """The report on an error that nbval raised, told from the state that it left behind."""
        if self.parent.timed_out:
            self.parent.stopped_by = self.name
            seconds = self.config.option.nbval_cell_timeout
            return self.report("hung", f"{seconds:g}초가 지나도 끝나지 않았습니다.")
        if self.differences:
            return self.report("differs", *(self.tell(difference) for difference in self.differences))
        if self.test_outputs and self.test_outputs[-1].output_type == "error":
            last = self.test_outputs[-1]
            return self.report(
                "raised",
                f"오류가 났습니다. {last.ename}: {last.evalue}",
                without_colours(error.inner_traceback),
            )
        return self.report("unrun", "실행 번호가 없는데 출력이 있습니다.")

    def compare_outputs(self, test: list, ref: list, skip_compare: None = None) -> bool:
        """What nbval calls to judge a cell: `test` is the run's output, `ref` the stored one."""
        self.differences = outputs.compare(ref, test)
        return not self.differences

    def tell(self, difference: outputs.Difference) -> str:
        """A difference's message, with the place of a sheet that shows both pictures if they differ."""
        if difference.images is None:
            return difference.message
        return f"{difference.message}\n    {pictures.save_sheet(self.name, *difference.images)}"

    def report(self, kind: str, *found: str) -> str:
        """Where, what and what to do."""
        count = self.cell.execution_count
        where = f"왼쪽 번호 [{count}]" if count else "왼쪽 번호 없음"
        first, *rest = re.sub(r"\n+", "\n", self.cell.source).split("\n")
        code = f"{first} …" if rest else first
        lines = [f"{self.path.name}, 셀 {self.name} ({where}): {code}", *(f"  {text}" for text in found)]
        return "\n".join([*lines, f"  할 일: {REMEDIES[kind].format(stem=self.path.stem)}"])

    def repr_failure(self, excinfo: pytest.ExceptionInfo) -> str:
        """Give pytest's text for a failure: the report alone, without the test's own traceback."""
        return str(excinfo.value) if isinstance(excinfo.value, CellFailure) else super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, int, str]:
        """The headline over a failure."""
        return self.path, 0, f"{self.path.name} 셀 {self.name}"


def pytest_configure() -> None:
    """Set what every test and every kernel inherits."""
    os.environ.update(ENVIRONMENT)
    logging.getLogger("nbval").setLevel(logging.CRITICAL)  # its record of a kernel's failure would keep that file open


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Stop in one line where two notebooks have one number or one can't be read: test modules read all of them.

    A notebook that is named alone is read alone.
    """
    if session.config.rootpath != ROOT or all(arg.partition("::")[0].endswith(".ipynb") for arg in session.config.args):
        return
    try:
        for path in LISTS["notebooks"]().values():
            saved.load(path)
    except ValueError as error:
        raise pytest.UsageError(str(error)) from None


@pytest.hookimpl(wrapper=True)
def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> Generator[None, list, list]:
    """Put a `Notebook` in the place of each file that nbval collects; pass over what else lies beside the notebooks.

    That is a copy that JupyterLab made, or a reader's own notebook, unless it is named.
    """
    nodes = yield
    beside = file_path.is_relative_to(ROOT / "notebooks") and file_path not in LISTS["files"]()
    if beside and not parent.session.isinitpath(file_path):
        nodes = [node for node in nodes if not isinstance(node, IPyNbFile)]
    return [Notebook.from_parent(parent, path=node.path) if isinstance(node, IPyNbFile) else node for node in nodes]


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Start with the last notebook, as the later ones train more: workers side by side then end together."""
    books = list(dict.fromkeys(item.parent for item in items if isinstance(item, Cell)))
    items.sort(key=lambda item: -books.index(item.parent) if isinstance(item, Cell) else 1)
