"""`python -m mlp_tutorial lab`: JupyterLab in Korean at the first notebook, by public ways of `jupyter lab` alone.

It also works as root (in a container) and without a display, asks nothing of the network, and says what to open.
What JupyterLab shows is told in the folder jupyter, which it reads as any other configuration folder.
"""

import asyncio
import atexit
import contextlib
import difflib
import io
import logging
import os
import re
import secrets
import shutil
import signal
import sys
import tempfile
import traceback
from collections import defaultdict
from importlib.util import find_spec
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING

from traitlets.config.loader import ConfigFileNotFound, JSONFileConfigLoader, PyFileConfigLoader

from mlp_tutorial.classroom import notebooks
from mlp_tutorial.terminal import KoreanParser, fail, in_korean

if TYPE_CHECKING:
    from jupyter_server.serverapp import ServerApp

CONFIGURATION = Path(__file__).with_name("jupyter")
STOP_WITHIN = 15.0  # seconds that kernels have to end
ALLOWED_ROOT = (
    "관리자(root)로 실행하고 있어 주피터랩에 --allow-root를 붙였습니다. "
    "컨테이너가 아니라면 Ctrl+C로 끝내고 보통 사용자로 실행하십시오."
)


def main(arguments: list[str]) -> int:
    """Serve JupyterLab in this process until Ctrl+C or SIGTERM; return the exit status.

    In this process, so that stopping the command stops the server, on Windows too.
    """
    parser = KoreanParser(
        "python -m mlp_tutorial lab",
        usage="%(prog)s [주피터랩의 옵션]",
        description="주피터랩으로 첫 노트북을 엽니다.",
        epilog="그 밖의 옵션은 jupyter lab에 그대로 넘깁니다. 예: --port 9999",
    )
    _, rest = parser.parse_known_args(arguments)
    try:
        notebooks.files()  # whatever else a learner keeps beside them
    except ValueError as error:  # none here
        return fail(error)
    if find_spec("jupyterlab") is None:  # where the package alone was installed
        return fail(f"주피터랩이 없습니다. '{sys.executable} -m pip install -r requirements.txt'로 설치하십시오.")
    set_environment()
    from jupyterlab.labapp import LabApp

    argv = options(rest)
    reason = refusal(argv) or fault_in_settings()
    if reason is None:
        if "--allow-root" in set(argv) - set(rest):
            print(ALLOWED_ROOT, file=sys.stderr)
        try:
            server = LabApp.initialize_server(argv=argv)
        except SystemExit:
            reason = "위에 적힌 것"  # JupyterLab has told it: a port that is taken, say
        except OSError as error:  # a socket's, or that of one of Jupyter's own folders
            where = error.filename or "--ip에는 127.0.0.1처럼 이 컴퓨터의 주소를 적으십시오"
            reason = f"{error.strerror}: {where}"
        except Exception as error:  # whatever the user's settings lead to; its text may hold a password of theirs
            reason = type(error).__name__
    if reason:
        return fail(
            f"주피터랩을 시작하지 못했습니다 (받은 값: {' '.join(rest)!r}, 까닭: {reason}). "
            "옵션이나 주피터의 설정 파일을 고치십시오. 설정 파일은 이름을 바꾸면 읽지 않습니다. "
            "'python -m mlp_tutorial lab --help-all'이 옵션을, 'jupyter --paths'가 설정 파일의 폴더를 보여 줍니다."
        )
    asked = server.config.ServerApp.get("port", server.port)
    if asked not in (0, server.port):
        print(f"다른 프로그램이 포트 {asked}번을 쓰고 있어 {server.port}번에서 엽니다.", file=sys.stderr)
    server.io_loop.add_callback(lambda: print(address(server.server_info()), flush=True))  # once it listens
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop(server))
    server.start()
    server.io_loop.run_sync(end_tasks)
    return 0


def set_environment() -> None:
    """Let Jupyter find our settings after the user's variable, our kernel and extensions first, a token, and a home.

    Without the token it prints its own address.
    """
    os.environ.pop("MPLBACKEND", None)  # a terminal's Agg would show no figure in any notebook, and say nothing
    for name in ("JUPYTER_PORT", "JUPYTER_PORT_RETRIES"):  # Kubernetes gives a service's address such a name
        if not os.environ.get(name, "0").isdecimal():
            print(f"환경 변수 {name}({os.environ.pop(name)!r})는 수가 아니어서 쓰지 않습니다.", file=sys.stderr)
    home = Path.home()
    if not os.access(home, os.W_OK):  # Jupyter, IPython and matplotlib keep files there, and fail where they can't
        folder = tempfile.mkdtemp(prefix="mlp_tutorial_home_")
        atexit.register(shutil.rmtree, folder, ignore_errors=True)
        os.environ |= dict.fromkeys(("HOME", "USERPROFILE"), folder)
        print(f"홈 폴더 {home}에 쓸 수 없어, 설정을 {folder}에 두고 끝날 때 지웁니다.", file=sys.stderr)
    paths = [os.environ.get("JUPYTER_CONFIG_PATH"), str(CONFIGURATION)]
    os.environ["JUPYTER_CONFIG_PATH"] = os.pathsep.join(filter(None, paths))
    os.environ["JUPYTER_PATH"] = notebooks.jupyter_path()
    if "JUPYTER_TOKEN_FILE" not in os.environ:
        os.environ.setdefault("JUPYTER_TOKEN", secrets.token_hex(24))


def options(rest: list[str]) -> list[str]:
    """Return the options of `jupyter lab` for this machine, those in `rest` last, so that they win."""
    given = [str(notebooks.PROJECT / notebooks.FIRST), f"--ServerApp.root_dir={notebooks.PROJECT}"]
    # Those of the user's own configuration may lie outside the project's folder, which would be refused.
    given += [f"--ServerApp.preferred_dir={notebooks.PROJECT}", "--FileContentsManager.preferred_dir="]
    given.append("--Application.log_level=ERROR")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        given.append("--allow-root")
    if sys.platform not in ("win32", "darwin") and not any(map(os.environ.get, ("DISPLAY", "WAYLAND_DISPLAY"))):
        given.append("--no-browser")  # there is nowhere to open one
    return [*given, *rest]


def refusal(argv: list[str]) -> str | None:
    """Say why JupyterLab does not take these options, of which it would ignore a mistyped one; None where it does."""
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp

    said, log = io.StringIO(), logging.Logger("options", logging.WARNING)
    log.addHandler(logging.StreamHandler(said))
    app = ServerApp(log=log)
    app.aliases |= LabApp().aliases
    app.classes += [LabApp, app.identity_provider_class]
    try:
        with in_korean(), contextlib.redirect_stderr(said):  # its parser writes there, whatever the log
            app.parse_command_line(argv)
    except SystemExit as end:
        if not end.code:  # after --version and its like
            raise
        return said.getvalue().strip().splitlines()[-1].rpartition("error: ")[2]
    if not 0 <= app.port <= 65535:  # glibc keeps 16 bits (findings/jupyter_server_port_wraps.sh)
        return f"--port={app.port}, 포트는 0부터 65535까지"
    names = defaultdict(set)  # a class's options, and those of its subclasses, which traitlets takes for its own
    for known in app.classes:
        for ancestor in known.mro():
            names[ancestor.__name__].update(known.class_trait_names(config=True))
    for section, values in app.cli_config.items():
        if not isinstance(values, dict):  # --nosuch=3 belongs to no class
            return f"모르는 옵션 --{section}"
        for name in values.keys() - names.get(section, values.keys()):  # other classes are extensions'
            near = difflib.get_close_matches(name, names[section], n=1)
            return f"모르는 옵션 --{section}.{name}" + "".join(f", 비슷한 것은 --{section}.{close}" for close in near)
    return None


def fault_in_settings() -> str | None:
    """Say which of the user's files Jupyter can't take, and where, not what it holds: that may be a password.

    Jupyter itself would log an English traceback with that line and go on without the file. One of Python runs in both.
    """
    from jupyter_core.paths import jupyter_config_path
    from jupyter_server.auth.identity import PasswordIdentityProvider
    from jupyter_server.serverapp import ServerApp
    from jupyterlab.labapp import LabApp

    log = logging.Logger("settings", logging.CRITICAL + 1)
    names = product(("jupyter_config", "jupyter_server_config", "jupyter_lab_config"), (".json", ".py"))
    for file in (Path(folder, name + kind) for name, kind in names for folder in jupyter_config_path()):
        load = JSONFileConfigLoader if file.suffix == ".json" else PyFileConfigLoader
        try:
            config = load(file.name, str(file.parent)).load_config()
            for part in (ServerApp, LabApp, PasswordIdentityProvider):
                part(config=config, log=log)  # finds a value of the wrong type
        except ConfigFileNotFound:
            continue
        except (Exception, SystemExit) as error:  # whatever a file of Python does
            lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(file)]
            line = getattr(error, "lineno", None) or next(reversed(lines), None)
            name = re.match(r"The '(\w+)' trait", str(error))  # as traitlets says it
            place = f", {line}째 줄" if line else f", {name[1]}" if name else ""
            return f"{file}{place}: {type(error).__name__}"
    return None


def stop(server: "ServerApp") -> None:
    """End the kernels and the server from a signal, and ask nothing.

    A kernel that is just starting may keep the server waiting for ever; it ends by itself once this process is gone.
    """
    server.stop(from_signal=True)
    server.io_loop.add_callback_from_signal(server.io_loop.call_later, STOP_WITHIN, server.io_loop.stop)


async def end_tasks() -> None:
    """End the requests that the stopped server has left unanswered, as Python waits for their threads before it ends.

    Without this Ctrl+C now and then leaves the command hanging (https://github.com/jupyterlab/jupyterlab/issues/10442).
    A kernel's websocket that is being opened goes on after a first cancellation, so that one is not enough.
    """
    for _ in range(10):
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        if not tasks:
            return
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks, timeout=1)


def address(running: dict[str, str]) -> str:
    """Say in Korean which address to open for the server that Jupyter's `running` describes."""
    token = f"?token={running['token']}" if running["token"] else ""
    return (
        "브라우저가 저절로 열리지 않거나 파일에 접근할 수 없다고 하면 이 주소를 여십시오:\n\n"
        f"    {running['url']}lab/tree/{notebooks.FIRST}{token}\n\n"
        "끝내려면 이 창에서 Ctrl+C를 누르십시오."
    )
