"""Tests of `python -m mlp_tutorial lab`: its options for JupyterLab, and one that really starts and stops it."""

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

from mlp_tutorial import lab
from mlp_tutorial.__main__ import main

EMPTY_NOTEBOOK = {"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Make a project that holds an empty first notebook."""
    notebook = tmp_path / "notebooks" / "01_structure.ipynb"
    notebook.parent.mkdir()
    notebook.write_text(json.dumps(EMPTY_NOTEBOOK))
    monkeypatch.setattr(lab, "PROJECT", tmp_path)
    return tmp_path


def options(*rest: str) -> list[str]:
    """Return what JupyterLab would get."""
    return lab._options([*rest])


def read(address: str) -> bytes:
    """Return what a reader's browser gets there, not being sent to a login page."""
    with urllib.request.urlopen(address, timeout=60) as page:
        assert page.status == 200
        assert "/login" not in page.url
        return page.read()


def test_the_first_notebook_is_there() -> None:
    assert (lab.PROJECT / lab.FIRST_NOTEBOOK).is_file()


def test_first_notebook_in_the_project_without_questions_to_the_network(project: Path) -> None:
    given = options()
    assert given[0] == str(project / "notebooks" / "01_structure.ipynb")
    assert f"--ServerApp.root_dir={project}" in given


@pytest.mark.parametrize(("user", "allowed"), [(0, True), (1000, False)])
def test_root_is_allowed(user: int, allowed: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: user, raising=False)
    assert ("--allow-root" in options()) is allowed


def test_windows_knows_no_root(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delattr(os, "geteuid", raising=False)
    assert "--allow-root" not in options()


@pytest.mark.parametrize(
    ("platform", "display", "opens"),
    [
        ("linux", {}, False),
        ("linux", {"DISPLAY": ""}, False),
        ("linux", {"DISPLAY": ":0"}, True),
        ("linux", {"WAYLAND_DISPLAY": "wayland-0"}, True),
        ("darwin", {}, True),
        ("win32", {}, True),
    ],
)
def test_a_browser_opens_where_there_is_a_display(
    platform: str, display: dict[str, str], opens: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY"):
        monkeypatch.delenv(name, raising=False)
    for name, value in display.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "platform", platform)
    assert ("--no-browser" not in options()) is opens


def test_further_options_come_last_so_that_they_win() -> None:
    rest = ["--port", "9999", "--ServerApp.root_dir=/elsewhere"]
    assert options(*rest)[-3:] == rest


def test_without_the_notebooks_it_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(lab, "PROJECT", tmp_path)
    assert main(["lab"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(rf"오류: .*01_structure.ipynb.*{re.escape(str(tmp_path))}.*저장소를 통째로.*\n", err)


def test_the_address_holds_the_token_where_there_is_one() -> None:
    running = {"url": "http://localhost:8888/base/", "token": "abc"}
    assert "    http://localhost:8888/base/lab/tree/notebooks/01_structure.ipynb?token=abc\n" in lab._address(running)
    assert "    http://localhost:8888/base/lab/tree/notebooks/01_structure.ipynb\n" in (
        lab._address(running | {"token": ""})
    )


def command(*rest: str) -> subprocess.CompletedProcess[str]:
    """Run `python -m mlp_tutorial lab` with the options `rest` to its end."""
    lab_command = [sys.executable, "-m", "mlp_tutorial", "lab", *rest]
    return subprocess.run(lab_command, capture_output=True, encoding="utf-8", timeout=60)


@pytest.mark.parametrize(
    ("rest", "reason"), [(["--port", "abc"], "expected an int, not the str 'abc'"), (["--nosuch"], "--nosuch")]
)
def test_an_option_that_jupyter_does_not_take_is_one_korean_line(rest: list[str], reason: str) -> None:
    done = command(*rest)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(
        rf"오류: 주피터랩을 .*{' '.join(rest)}.*{re.escape(reason)}.*옵션을 고치십시오.*\n", done.stderr
    )


def test_jupyters_own_answers_pass() -> None:
    done = command("--version")
    assert done.returncode == 0
    assert re.fullmatch(r"[\d.]+\n", done.stdout)


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_it_starts_answers_and_stops(stop: signal.Signals, project: Path, tmp_path: Path) -> None:
    script = (
        "import pathlib, sys; from mlp_tutorial import lab; from mlp_tutorial.__main__ import main\n"
        f"lab.PROJECT = pathlib.Path({str(project)!r}); sys.exit(main(['lab', '--port', '0']))"
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
