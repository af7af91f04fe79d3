"""Tests of both commands as a user starts them, in processes of their own: slow, and few for that reason."""

import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.request
from pathlib import Path

import pytest

WINDOWS = os.environ | {"PYTHONIOENCODING": "cp1252"}  # a console that has no Korean
EMPTY_NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
# what JupyterLab itself says to options that it does not take
REFUSED = {
    "--port abc": "expected an int, not the str 'abc'",
    "--nosuch": "--nosuch",
    "--nosuch=3": "Unrecognized alias: 'nosuch'",
    "--ServerApp.prot=3": "Did you mean `port`?",
}
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


def test_the_command_refuses_a_bad_option_on_any_console() -> None:
    done = run("-m", "mlp_tutorial", "--H", "0", env=WINDOWS)
    message = "오류: H는 1 이상의 정수여야 합니다 (받은 값: 0). 예를 들어 10을 넣어 보십시오.\n"
    assert (done.returncode, done.stdout, done.stderr) == (2, "", message)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_reader_that_has_gone_is_no_error() -> None:
    read_end, write_end = os.pipe()
    os.close(read_end)
    done = run("-m", "mlp_tutorial", "--n-steps", "1", stdout=write_end)
    os.close(write_end)
    assert (done.returncode, done.stderr) == (1, "")


def test_figures_load_only_for_a_plot() -> None:
    script = (
        "import sys; from mlp_tutorial.__main__ import main; main(['--n-steps', '1'])\n"
        "print(sorted({'matplotlib', 'sklearn', 'ipywidgets', 'IPython', 'jupyterlab', 'nbconvert'} & {*sys.modules}))"
    )
    done = run("-c", script)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_options_that_jupyterlab_does_not_take_are_one_korean_line_each() -> None:
    script = (
        "import sys; from jupyter_server.serverapp import ServerApp; from jupyterlab.labapp import LabApp\n"
        "from mlp_tutorial.__main__ import main\n"
        "for rest in sys.argv[1:]:\n"
        "    print(main(['lab', *rest.split()]))\n"
        "    LabApp.clear_instance(); ServerApp.clear_instance()\n"
        "main(['lab', '--version'])"
    )
    done = run("-c", script, *REFUSED)
    *statuses, version = done.stdout.splitlines()
    assert (done.returncode, statuses) == (0, ["2"] * len(REFUSED))
    assert re.fullmatch(r"[\d.]+", version)
    for line, (rest, reason) in zip(done.stderr.splitlines(), REFUSED.items(), strict=True):
        assert re.fullmatch(rf"오류: 주피터랩을 .*'{rest}'.*{re.escape(reason)}.*옵션을 고치십시오.*", line)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_the_lab_starts_answers_and_stops(stop: signal.Signals, tmp_path: Path) -> None:
    notebook = tmp_path / "notebooks" / "01_structure.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(json.dumps(EMPTY_NOTEBOOK))
    script = (
        "import pathlib, sys; from mlp_tutorial.classroom import notebooks; from mlp_tutorial.__main__ import main\n"
        f"notebooks.PROJECT = pathlib.Path({str(tmp_path)!r}); sys.exit(main(['lab', '--port', '0']))"
    )
    environment = {name: value for name, value in os.environ.items() if "DISPLAY" not in name}
    environment |= {"PYTHONUTF8": "1", "PYTHONWARNINGS": "default", "JUPYTER_RUNTIME_DIR": str(tmp_path / "runtime")}
    with subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env=environment,
        start_new_session=True,  # a process group of its own, to look for what is left of it
    ) as server:
        guard = threading.Timer(120, server.kill)
        guard.start()
        try:
            said = [server.stdout.readline() for _ in range(5)]
            assert said[0] == "브라우저가 저절로 열리지 않으면 이 주소를 여십시오:\n", server.stderr.read()
            assert said[4] == "끝내려면 이 창에서 Ctrl+C를 누르십시오.\n"
            if stop == signal.SIGTERM:  # once is enough
                address = said[2].strip()
                page = read(address)
                assert b"JupyterLab" in page
                disabled = page.partition(b"disabledExtensions")[2].partition(b"]")[0]
                assert b"apputils-extension:announcements" in disabled
                assert json.loads(read(address.replace("/lab/tree/", "/api/contents/")))["type"] == "notebook"
            server.send_signal(stop)
            out, err = server.communicate(timeout=60)
        finally:
            guard.cancel()
            server.kill()
    assert server.returncode == 0
    assert out == ""
    assert "http" not in err  # no second, English address
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(server.pid, 0)


def test_the_lab_ends_though_requests_are_unanswered() -> None:
    done = run("-c", UNANSWERED + "print(loop.run_sync(lab._end_tasks), flush=True)", timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "None\n", "")
    with pytest.raises(subprocess.TimeoutExpired):  # such requests do keep Python
        run("-c", UNANSWERED, timeout=10)
