"""Tests of `python -m mlp_tutorial lab` with a stand-in for JupyterLab; test_processes.py starts the real one."""

import logging
import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from mlp_tutorial.__main__ import main
from mlp_tutorial.classroom import notebooks
from mlp_tutorial.commands import lab

RUNNING = {"url": "http://localhost:8888/base/", "token": "abc"}
ADDRESS = """\
브라우저가 저절로 열리지 않으면 이 주소를 여십시오:

    http://localhost:8888/base/lab/tree/notebooks/01_structure.ipynb?token=abc

끝내려면 이 창에서 Ctrl+C를 누르십시오.
"""


class FakeLab:
    """Stands in for JupyterLab's application and for the server that it makes; notes what is done to it."""

    def __init__(self) -> None:
        self.identity_provider, self.web_app = SimpleNamespace(token_generated=True), SimpleNamespace(settings={})
        self.io_loop = SimpleNamespace(
            add_callback=lambda call: self.callbacks.append(call), run_sync=lambda call: self.run.append(call)
        )
        self.callbacks, self.run, self.stopped, self.argv = [], [], [], None
        self.says: Callable[[], None] = lambda: None
        self.logger = logging.getLogger("a logger of JupyterLab")

    def initialize_server(self, argv: list[str]) -> "FakeLab":
        """Note the options and log to stderr, as JupyterLab does."""
        self.argv = argv
        self.logger.handlers = [logging.NullHandler(), logging.StreamHandler()]
        self.says()
        return self

    def server_info(self) -> dict[str, str]:
        """Tell where the server listens."""
        return RUNNING

    def start(self) -> None:
        """Listen, log, and end by Ctrl+C."""
        for call in self.callbacks:
            call()
        self.logger.error("a later error")
        signal.raise_signal(signal.SIGINT)

    def stop(self, from_signal: bool = False) -> None:
        """Note that the server was told to stop, and how."""
        self.stopped.append(from_signal)


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeLab]:
    """Put a FakeLab in JupyterLab's place; put Ctrl+C back."""
    fake, before = FakeLab(), signal.getsignal(signal.SIGINT)
    monkeypatch.setitem(sys.modules, "jupyterlab.labapp", SimpleNamespace(LabApp=fake))
    yield fake
    signal.signal(signal.SIGINT, before)
    fake.logger.handlers = []


def options(*rest: str) -> list[str]:
    """Return what JupyterLab would get."""
    return lab._options([*rest])


def reason(rest: str, why: str) -> str:
    """Return the line that says why JupyterLab did not start."""
    return (
        f"오류: 주피터랩을 시작하지 못했습니다 (받은 값: {rest!r}, 까닭: {why}). "
        "옵션을 고치십시오. 'python -m mlp_tutorial lab --help-all'이 옵션을 모두 보여 줍니다.\n"
    )


def test_the_first_notebook_is_there() -> None:
    assert (notebooks.PROJECT / notebooks.FIRST).is_file()


def test_the_first_notebook_in_the_project_and_errors_alone() -> None:
    assert options()[:3] == [
        str(notebooks.PROJECT / "notebooks" / "01_structure.ipynb"),
        f"--ServerApp.root_dir={notebooks.PROJECT}",
        "--Application.log_level=ERROR",
    ]


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
    monkeypatch.setattr(notebooks, "PROJECT", tmp_path)
    assert main(["lab"]) == 2
    assert capsys.readouterr() == (
        "",
        f"오류: notebooks/01_structure.ipynb 파일이 있어야 합니다 (찾은 곳: {tmp_path}). "
        "저장소를 통째로 받아 그 안에서 'pip install -e .'로 설치하십시오.\n",
    )


def test_it_tells_the_address_once_the_server_listens_and_stops_by_ctrl_c(
    fake: FakeLab, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["lab", "--port", "9999"]) == 0
    assert fake.argv == options("--port", "9999")
    assert fake.stopped == [True]
    assert fake.run == [lab._end_tasks]
    assert capsys.readouterr() == (ADDRESS, "a later error\n")  # and no address of Jupyter's own
    assert fake.identity_provider.token_generated is False


def test_the_address_is_flushed(fake: FakeLab, monkeypatch: pytest.MonkeyPatch) -> None:
    said = []
    stdout = SimpleNamespace(write=said.append, flush=lambda: said.append("flushed"))
    monkeypatch.setattr(sys, "stdout", stdout)
    main(["lab"])
    assert "".join(said) == ADDRESS + "flushed"


def test_an_address_without_a_token() -> None:
    assert lab._address(RUNNING | {"token": ""}) + "\n" == ADDRESS.replace("?token=abc", "")


def test_the_page_does_not_look_for_news(fake: FakeLab) -> None:
    main(["lab"])
    page = {"baseUrl": "/", "disabledExtensions": ["another"]}
    assert fake.web_app.settings["page_config_hook"](None, page) == {
        "baseUrl": "/",
        "disabledExtensions": ["another", "@jupyterlab/apputils-extension:announcements", "@jupyter/nbgrader"],
    }


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("usage: lab\n\nlab: error: unrecognized arguments: x\n", "lab: error: unrecognized arguments: x"),
        ("[C 2026-01-01 LabApp] Bad config [really] bad.\n", "Bad config [really] bad."),
        ("", ""),
    ],
)
def test_when_jupyterlab_gives_up_its_last_line_is_told(
    said: str, why: str, fake: FakeLab, capsys: pytest.CaptureFixture[str]
) -> None:
    def gives_up() -> None:
        sys.stderr.write(said)
        sys.exit(1)

    fake.says = gives_up
    assert main(["lab", "--port", "abc"]) == 2
    assert capsys.readouterr() == ("", reason("--port abc", why))


@pytest.mark.parametrize(
    ("rest", "said", "refused"),
    [
        ("--nosuch=3", "Unrecognized alias: 'nosuch', it will have no effect.", True),
        ("-y --ServerApp.prot=3", "Config option `prot` not recognized by `ServerApp`.", True),
        ("--port=3", "Config option `prot` not recognized by `ServerApp`.", False),  # in a file of the reader's own
    ],
)
def test_an_option_that_jupyterlab_ignores_is_refused(
    rest: str, said: str, refused: bool, fake: FakeLab, capsys: pytest.CaptureFixture[str]
) -> None:
    later = "[NbGrader | WARNING] No nbgrader_config.py file found"  # of an extension: no reason to refuse an option
    fake.says = lambda: sys.stderr.write(f"[W 2026-01-01 ServerApp] {said}\n{later}\n")
    assert main(["lab", *rest.split()]) == (2 if refused else 0)
    assert capsys.readouterr() == (("", reason(rest, said)) if refused else (ADDRESS, "a later error\n"))


def test_jupyterlabs_own_answers_pass(fake: FakeLab) -> None:
    fake.says = lambda: sys.exit(0)  # as after --version
    with pytest.raises(SystemExit) as end:
        main(["lab", "--version"])
    assert end.value.code == 0
