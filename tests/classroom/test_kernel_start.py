"""Tests of what a kernel of the grading runs first, in a kernel."""

from typing import Any

from jupyter_client.manager import run_kernel

from mlp_tutorial.classroom.grading import KERNEL_START


def run(*cells: str) -> list[dict[str, Any]]:
    """Return what the cells of one kernel print and raise."""
    said: list[dict[str, Any]] = []
    start = f"--IPKernelApp.exec_files={KERNEL_START}"
    with run_kernel(extra_arguments=["--Application.log_level=ERROR", start]) as client:
        for code in cells:
            told = {"output_hook": lambda message: said.append(message["content"]), "allow_stdin": False}
            client.execute_interactive(code, timeout=60, **told)
    return said


def test_exit_ends_neither_the_cell_nor_the_kernel() -> None:
    said = run("exit()\nprint('left')", "quit(keep_kernel=False)", "quit", "print('right')")
    assert [content["text"] for content in said if content.get("name") == "stdout"] == ["left\n", "right\n"]


def test_input_says_that_nobody_answers() -> None:
    said = run("n = input('수: ')", "input()")
    errors = [f"{content['ename']}: {content['evalue']}" for content in said if "ename" in content]
    assert errors == ["RuntimeError: 채점할 때에는 input()에 답할 사람이 없습니다. 값을 직접 적으십시오."] * 2
