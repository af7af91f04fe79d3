"""Tests of both commands as a user starts them, in processes of their own: slow, and few for that reason."""

import json
import os
import signal
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest
from browser import lab

WINDOWS = os.environ | {"PYTHONIOENCODING": "cp1252"}  # a console that has no Korean
EMPTY_NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
# a request that has used a thread of anyio's, as JupyterLab's do, and goes on after a first cancellation
UNANSWERED = """\
import asyncio
from anyio.to_thread import run_sync
from tornado.ioloop import IOLoop
from mlp_tutorial.commands import lab

async def request(used):
    await run_sync(int)
    used.set()
    try:
        await asyncio.sleep(3600)
    except asyncio.CancelledError:
        await asyncio.sleep(3600)

async def serve():
    requests.append(asyncio.create_task(request(used := asyncio.Event())))
    await used.wait()

requests, loop = [], IOLoop()
loop.run_sync(serve)
"""


def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    """Run Python with these arguments to its end."""
    kept = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8", "timeout": 120} | options
    return subprocess.run([sys.executable, *arguments], **kept)


def read(address: str) -> bytes:
    """Return what a reader's browser gets there, not being sent to a login page."""
    with urllib.request.urlopen(address, timeout=60) as page:
        assert page.status == 200
        assert "/login" not in page.url
        return page.read()


def test_the_command_prints_the_posts_losses_on_any_console() -> None:
    done = run("-m", "mlp_tutorial", env=WINDOWS)
    assert (done.returncode, done.stderr) == (0, "")
    heading, *rows = done.stdout.splitlines()
    assert heading == "스텝      손실  글의 손실        차이"
    assert [row.split()[2] for row in rows] == ["1.070939", "1.057227", "1.043858", "1.030812", "1.018066"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize(
    "options",
    [("--n-steps", "1"), ("--n-steps", "1", "--plot", "loss.png"), ("lab", "--help-all")],
    ids=["table", "plot", "lab"],
)
def test_a_reader_that_has_gone_is_no_error(options: tuple[str, ...], tmp_path: Path) -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    home = os.environ | dict.fromkeys(("HOME", "USERPROFILE"), str(tmp_path))
    done = run("-m", "mlp_tutorial", *options, stdout=write_end, cwd=tmp_path, env=home)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, "")


def test_commands_and_explorers_load_only_what_they_need() -> None:
    script = (
        "import sys; from mlp_tutorial.__main__ import main; main(['--n-steps', '1'])\n"
        "print({'matplotlib', 'sklearn', 'ipywidgets', 'IPython', 'jupyterlab', 'nbconvert'} & {*sys.modules})\n"
        "import mlp_tutorial.classroom, nbformat; print('lark' in sys.modules)\n"
        "from mlp_tutorial.explore import Perceptron; Perceptron(); print('sklearn' in sys.modules)"
    )
    done = run("-c", script)
    assert done.stdout.splitlines()[-3:] == ["set()", "False", "False"], done.stderr


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_the_lab_starts_answers_and_stops(stop: signal.Signals, tmp_path: Path) -> None:
    notebook = tmp_path / "notebooks" / "01_structure.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(json.dumps(EMPTY_NOTEBOOK))
    with lab(tmp_path, stop) as address:
        if stop == signal.SIGTERM:  # once is enough
            page = read(address)
            assert b"JupyterLab" in page
            disabled = page.partition(b"disabledExtensions")[2].partition(b"]")[0]
            assert b"apputils-extension:announcements" in disabled
            assert b"@jupyter/nbgrader" in disabled
            assert json.loads(read(address.replace("/lab/tree/", "/api/contents/")))["type"] == "notebook"
    said = (tmp_path / "errors").read_text(encoding="utf-8")  # no page was open, no kernel starting
    assert "http" not in said  # no second, English address
    assert "Traceback" not in said


def test_the_lab_ends_though_requests_are_unanswered() -> None:
    done = run("-c", UNANSWERED + "print(loop.run_sync(lab.end_tasks), flush=True)", timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "None\n", "")
    with pytest.raises(subprocess.TimeoutExpired):  # such requests do keep Python
        run("-c", UNANSWERED, timeout=10)


NEVER_ENDS = """
import asyncio, os, signal
from types import SimpleNamespace
from tornado.ioloop import IOLoop
from mlp_tutorial.commands import lab

loop = IOLoop()
server = SimpleNamespace(io_loop=loop, stop=lambda from_signal: loop.add_callback_from_signal(asyncio.sleep, 1000))
signal.signal(signal.SIGTERM, lambda *_: lab.stop(server))
loop.call_later(0.1, os.kill, os.getpid(), signal.SIGTERM)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a process cannot send itself SIGTERM there")
def test_the_lab_ends_though_a_kernel_never_answers() -> None:
    done = run("-c", NEVER_ENDS + "lab.STOP_WITHIN = 0.3\nloop.start(); loop.run_sync(lab.end_tasks); print('ended')")
    assert (done.returncode, done.stdout, done.stderr) == (0, "ended\n", "")
