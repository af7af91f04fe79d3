"""Opening JupyterLab at the first notebook: a thin wrapper over `jupyter lab`.

It also works as root (in a container) and without a display, asks nothing of the network, and says what to open.
"""

import contextlib
import os
import subprocess
import sys
import time
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
FIRST_NOTEBOOK = Path("notebooks") / "01_structure.ipynb"


def open_lab(rest: list[str]) -> int:
    """Run JupyterLab at the first notebook, also as root and without a display; return its exit status.

    Args:
        rest: further options, handed to jupyter lab as they are.
    """
    if not (PROJECT / FIRST_NOTEBOOK).is_file():
        print(
            f"오류: {FIRST_NOTEBOOK}이 없습니다 (찾은 곳: {PROJECT}). "
            "저장소를 통째로 받아 그 안에서 'pip install -e .'로 설치하십시오.",
            file=sys.stderr,
        )
        return 2
    server = subprocess.Popen(_command(rest), cwd=PROJECT)
    with contextlib.suppress(KeyboardInterrupt):
        _say_address(server)
    while True:
        try:
            return server.wait()
        except KeyboardInterrupt:  # JupyterLab got it too, and asks whether to stop
            continue


def _command(rest: list[str]) -> list[str]:
    """Return the command line of JupyterLab for this machine."""
    command = [sys.executable, "-m", "jupyterlab", str(FIRST_NOTEBOOK), f"--ServerApp.root_dir={PROJECT}"]
    command += ["--Application.log_level=ERROR"]
    command += [
        "--LabApp.news_url=None",
        "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
    ]  # no network
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    if not _has_display():
        command.append("--no-browser")
    return command + rest


def _has_display() -> bool:
    """Tell whether a browser could open here: always on Windows and macOS, with a display elsewhere."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _say_address(server: subprocess.Popen) -> None:
    """Wait until JupyterLab is up, then say in Korean which address to open."""
    from jupyter_server.serverapp import list_running_servers

    while server.poll() is None:
        for running in list_running_servers():
            if running["pid"] == server.pid:
                address = f"{running['url']}lab/tree/{FIRST_NOTEBOOK.as_posix()}?token={running['token']}"
                print(
                    f"브라우저에서 이 주소를 여십시오:\n\n    {address}\n\n끝내려면 이 창에서 Ctrl+C를 누르십시오.",
                    flush=True,
                )
                return
        time.sleep(0.2)
