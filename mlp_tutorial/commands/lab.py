"""Opening JupyterLab at the first notebook: a thin wrapper over `jupyter lab`.

It also works as root (in a container) and without a display, asks nothing of the network, and says what to open.
"""

import asyncio
import contextlib
import io
import logging
import os
import re
import signal
import sys

from mlp_tutorial.classroom import notebooks
from mlp_tutorial.terminal import KoreanParser


def main(arguments: list[str]) -> int:
    """Open the lab with the options in `arguments`; return the exit status."""
    parser = KoreanParser(
        "python -m mlp_tutorial lab",
        usage="%(prog)s [주피터랩의 옵션]",
        description="주피터랩으로 첫 노트북을 엽니다.",
        epilog="그 밖의 옵션은 jupyter lab에 그대로 넘깁니다. 예: --port 9999, --ip 0.0.0.0",
    )
    _, rest = parser.parse_known_args(arguments)
    return open_lab(rest)


def open_lab(rest: list[str]) -> int:
    """Serve JupyterLab in this process until Ctrl+C or SIGTERM; return the exit status.

    In this process, so that stopping the command stops the server, on Windows too.

    Args:
        rest: further options, handed to jupyter lab as they are.
    """
    if not (notebooks.PROJECT / notebooks.FIRST).is_file():
        print(
            f"오류: {notebooks.FIRST} 파일이 있어야 합니다 (찾은 곳: {notebooks.PROJECT}). "
            "저장소를 통째로 받아 그 안에서 'pip install -e .'로 설치하십시오.",
            file=sys.stderr,
        )
        return 2
    from jupyterlab.labapp import LabApp

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            server = LabApp.initialize_server(argv=_options(rest))
        refusal = _ignored_option(rest, said.getvalue())
    except SystemExit as end:
        if not end.code:  # --version and its like
            raise
        refusal = (said.getvalue().strip().splitlines() or [""])[-1]
    if refusal is not None:
        print(_reason(rest, refusal), file=sys.stderr)
        return 2
    for name in list(logging.root.manager.loggerDict):
        for handler in logging.getLogger(name).handlers:
            if getattr(handler, "stream", None) is said:
                handler.setStream(sys.stderr)  # later errors are to be seen
    server.identity_provider.token_generated = False  # else Jupyter prints an English address of its own
    server.web_app.settings["page_config_hook"] = _without_news
    server.io_loop.add_callback(lambda: print(_address(server.server_info()), flush=True))  # once it listens
    signal.signal(signal.SIGINT, lambda *_: server.stop(from_signal=True))  # ends kernels too, and asks nothing
    server.start()
    server.io_loop.run_sync(_end_tasks)
    return 0


async def _end_tasks() -> None:
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


def _options(rest: list[str]) -> list[str]:
    """Return the options of `jupyter lab` for this machine, those in `rest` last, so that they win."""
    options = [
        f"--ServerApp.root_dir={notebooks.PROJECT}",
        "--Application.log_level=ERROR",
    ]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.append("--allow-root")
    if not _has_display():
        options.append("--no-browser")
    return [str(notebooks.PROJECT / notebooks.FIRST), *options, *rest]


def _ignored_option(rest: list[str], said: str) -> str | None:
    """Return the line `said` about an option in `rest` that JupyterLab ignores; those of its own files don't count."""
    for line in said.splitlines():
        names = re.findall(r"Unrecognized alias: '(\w+)'|Config option `(\w+)` not recognized", line)
        if any(alias + option in given for alias, option in names for given in rest):
            return line
    return None


def _reason(rest: list[str], refusal: str) -> str:
    """Say in one Korean line that JupyterLab did not start with the options `rest`, and its own words for it."""
    words = re.sub(r"^\[.*?\] ", "", refusal)
    return (
        f"오류: 주피터랩을 시작하지 못했습니다 (받은 값: {' '.join(rest)!r}, 까닭: {words}). "
        "옵션을 고치십시오. 'python -m mlp_tutorial lab --help-all'이 옵션을 모두 보여 줍니다."
    )


def _without_news(_handler: object, page_config: dict[str, list[str]]) -> dict[str, list[str]]:
    """Return the page's settings without news from the network, and without nbgrader's menu, which is for teachers."""
    off = ["@jupyterlab/apputils-extension:announcements", "@jupyter/nbgrader"]
    return page_config | {"disabledExtensions": [*page_config["disabledExtensions"], *off]}


def _has_display() -> bool:
    """Tell whether a browser could open here: always on Windows and macOS, with a display elsewhere."""
    return sys.platform in ("win32", "darwin") or any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY"))


def _address(running: dict[str, str]) -> str:
    """Say in Korean which address to open for the server that Jupyter's `running` describes."""
    token = f"?token={running['token']}" if running["token"] else ""
    return (
        "브라우저가 저절로 열리지 않으면 이 주소를 여십시오:\n\n"
        f"    {running['url']}lab/tree/{notebooks.FIRST}{token}\n\n"
        "끝내려면 이 창에서 Ctrl+C를 누르십시오."
    )
