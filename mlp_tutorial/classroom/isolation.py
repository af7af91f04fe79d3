"""A kernel in bubblewrap: it sees neither the class's folder nor the answers, no home and no network.

It writes to one folder of its own, which goes with it. nbgrader speaks to it through sockets in another.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import weakref
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from jupyter_client.manager import AsyncKernelManager

from mlp_tutorial.classroom.notebooks import PROJECT

SECRET = ("answers", "grading", "handouts", "findings", ".git", "tests")  # folders of the project
PYTHON = os.path.abspath(sys.executable)  # started as ../../.venv/bin/python it has dots, which lead nowhere inside
RESTRICTED = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")  # 1 from Ubuntu 23.10 on
LONGEST = 50  # bytes of a folder's path; a socket's own may have 107, and lies deeper
KEPT = {"PATH", "LANG", "LC_ALL", "TZ", "PYTHONPATH", "PYTHONUTF8", "NBGRADER_EXECUTION", "OMP_NUM_THREADS"}


def command(hidden: list[Path], sockets: Path, own: Path) -> list[str]:
    """Return what to put before a command: `hidden` is empty in it, only `sockets` and `own`, its home, can be written.

    Its environment has nothing but what Python needs: a teacher's may hold passwords.
    """
    arguments = ["bwrap", "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc"]
    places = {place for start in (sys.prefix, sys.base_prefix, PROJECT) for place in _with_targets(Path(start))}
    kept = [one for one in sorted(places) if not (one.is_symlink() and PROJECT in one.parents)]  # they come with it
    others = map(Path, ("/tmp", "/run", "/var/tmp", "/home", "/mnt", "/media", "/srv"))  # sockets and files
    for folder in (*others, Path.home(), *hidden, *(PROJECT / name for name in SECRET)):
        if folder.is_dir() and folder.parent != folder:
            arguments += ["--tmpfs", str(folder)]
            for inside in kept:
                shown = "--symlink" if inside.is_symlink() else "--ro-bind"
                arguments += [shown, str(inside.resolve()), str(inside)] if folder in inside.parents else []
    for folder in (sockets, own):
        arguments += ["--bind", str(folder), str(folder)]
    arguments += ["--chdir", str(own), "--unshare-all", "--die-with-parent", "--clearenv", "--setenv", "HOME", str(own)]
    arguments += ["--setenv", "JPY_PARENT_PID", "1"]  # bubblewrap itself; it ends the kernel when nbgrader ends
    for name in KEPT & os.environ.keys():
        arguments += ["--setenv", name, os.environ[name]]
    return arguments


class IsolatedKernelManager(AsyncKernelManager):
    """Starts its kernel behind `command`; all of the folder that nbgrader is started in is hidden from it."""

    def __init__(self, **options: Any) -> None:  # noqa: ANN401  whatever a kernel manager takes
        short = None if len(os.fsencode(tempfile.gettempdir())) <= LONGEST else "/tmp"
        room = Path(tempfile.mkdtemp(prefix="kernel-", dir=short))
        weakref.finalize(self, shutil.rmtree, room, ignore_errors=True)
        self._sockets, self._own = room / "sockets", room / "own"
        self._sockets.mkdir()
        self._own.mkdir()
        _copy_font_list(self._own)
        super().__init__(transport="ipc", connection_file=str(self._sockets / "kernel.json"), **options)
        self.kernel_spec.interrupt_mode = "message"  # a signal would end bubblewrap

    async def start_kernel(self, **options: Any) -> None:  # noqa: ANN401  as for Popen
        """Start it without this process's terminal."""
        await super().start_kernel(**options | {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL})

    def format_kernel_cmd(self, extra_arguments: list[str] | None = None) -> list[str]:
        """Return the kernel's command."""
        started = [PYTHON if word == sys.executable else word for word in super().format_kernel_cmd(extra_arguments)]
        return [*command([Path.cwd()], self._sockets, self._own), *started]


def _with_targets(place: Path) -> list[Path]:
    """Return the place and, where it is a link, what lies behind it, link by link."""
    place = Path(os.path.abspath(place))
    return [place, *_with_targets(place.parent / place.readlink())] if place.is_symlink() else [place]


def _copy_font_list(home: Path) -> None:
    """Give matplotlib its list of fonts, which takes it seconds to make anew."""
    with suppress(OSError):
        made = Path.home() / ".cache" / "matplotlib"
        for file in made.glob("fontlist-*.json"):
            (home / ".cache" / "matplotlib").mkdir(parents=True, exist_ok=True)
            shutil.copy(file, home / ".cache" / "matplotlib")


@cache
def missing() -> str:
    """Return why there is no isolation here, "" where there is."""
    if shutil.which("bwrap") is None:
        return "bubblewrap(bwrap)이 없습니다"
    with tempfile.TemporaryDirectory() as folder:
        tried = [*command([], Path(folder), Path(folder)), PYTHON, "-c", "pass"]
        done = subprocess.run(tried, capture_output=True, encoding="utf-8", check=False)
    if not done.returncode:
        return ""
    seen = f"bubblewrap이 이 컴퓨터에서 돌지 않습니다({done.stderr.strip()[:200]})"
    with suppress(OSError):  # Ubuntu's; with a profile of its own bubblewrap starts none the less
        if RESTRICTED.read_text().strip() == "1":
            return f"{seen}. AppArmor가 막는 것일 수 있습니다(푸는 법은 docs/teachers.md의 ‘격리’에 있습니다)"
    return seen
