"""Tests of what a kernel of the grading runs first, in a kernel."""

from jupyter_client.manager import run_kernel

from mlp_tutorial.classroom.grading import KERNEL_START


def test_exit_ends_neither_the_cell_nor_the_kernel() -> None:
    printed = []
    start = f"--IPKernelApp.exec_files={KERNEL_START}"
    with run_kernel(extra_arguments=["--Application.log_level=ERROR", start]) as client:
        for code in ("exit()\nprint('left')", "quit(keep_kernel=False)", "quit", "print('right')"):
            client.execute_interactive(code, timeout=60, output_hook=lambda message: printed.append(message["content"]))
    assert [content["text"] for content in printed if content.get("name") == "stdout"] == ["left\n", "right\n"]
