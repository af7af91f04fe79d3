"""The hostile surroundings are as hostile as they say: no home, no network."""

import subprocess
import sys

import hostile
import pytest
from nbcheck import ROOT

COMMANDS = ("benchmark", "elsewhere", "hostile", "rerun")


def python(code: str) -> subprocess.CompletedProcess[str]:
    """Run code in an interpreter with the hostile environment."""
    return subprocess.run(
        [sys.executable, "-c", code], env=hostile.environment(), capture_output=True, encoding="utf-8", check=False
    )


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("from pathlib import Path; Path.home().mkdir(parents=True)", "NotADirectoryError"),
        ("import socket; socket.create_connection(('192.0.2.1', 80), timeout=2)", "네트워크 없이"),
        ("import urllib.request; urllib.request.urlopen('http://example.com', timeout=2)", "네트워크 없이"),
    ],
    ids=["home", "address", "name"],
)
def test_no_home_can_be_made_and_the_network_is_refused(code: str, told: str) -> None:
    assert told in python(code).stderr


def test_this_machine_answers() -> None:
    code = "import socket as s; x=s.create_server(('127.0.0.1', 0)); s.create_connection(x.getsockname()); print('ok')"
    assert python(code).stdout == "ok\n"


def test_the_plainest_cpu_path_is_taken_unless_another_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    assert hostile.environment()["ATEN_CPU_CAPABILITY"] == "default"
    monkeypatch.setenv("ATEN_CPU_CAPABILITY", "avx2")
    assert hostile.environment()["ATEN_CPU_CAPABILITY"] == "avx2"


@pytest.mark.parametrize("name", COMMANDS)
def test_each_tool_writes_korean_on_any_console(name: str) -> None:
    """Else it would fail after all its work, at the first Korean word."""
    source = (ROOT / "tools" / f"{name}.py").read_text(encoding="utf-8")
    assert source.endswith('if __name__ == "__main__":\n    terminal.run(main)\n')
