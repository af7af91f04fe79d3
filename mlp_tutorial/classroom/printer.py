"""Printing pages to PDF with the Chrome, Edge or Chromium that a machine has: they set mathematics and Korean right.

nbconvert's own ways need LaTeX, which drops Korean, or a browser downloaded for it alone. One browser, told by its
DevTools what to do, prints all pages: starting takes it longer than printing.
"""

import json
import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue
from types import TracebackType
from typing import Any
from urllib.parse import urlsplit

from websocket import WebSocket, WebSocketException, create_connection

PROGRAMS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
    "msedge",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"%ProgramFiles%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Google\Chrome\Application\chrome.exe",
    r"%LocalAppData%\Google\Chrome\Application\chrome.exe",
    r"%ProgramFiles(x86)%\Microsoft\Edge\Application\msedge.exe",
    r"%ProgramFiles%\Microsoft\Edge\Application\msedge.exe",
)
OPTIONS = (
    "--headless",
    "--disable-gpu",
    "--disable-dev-shm-usage",  # a container's is small
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--remote-debugging-port=0",  # any that is free
)
PATIENCE = 120  # seconds for what a busy machine takes a few seconds for
UNFINISHED = "unfinished"  # the title that the template's script leaves until the mathematics is set
FINISHED = f"""new Promise((done) => {{
  const ready = () => document.fonts.ready.then(() => done(true));
  const look = () => document.title === "{UNFINISHED}" ? setTimeout(look, 20) : ready();
  setTimeout(done, %d, false);
  look();
}})"""
WRONG = "document.title === 'wrong mathematics'"
PAPER = {
    "printBackground": True,
    "preferCSSPageSize": True,
    "generateTaggedPDF": True,
    "generateDocumentOutline": True,
}
LISTENS = re.compile(r"^DevTools listening on (ws://\S+)\n", re.MULTILINE)
LITTLE = 0.25  # of a page: where the last one holds less, lines for notes fill it
NOTES = "document.querySelector('.memo').style = 'display: block; height: %dpt'"
END = re.compile(rb"/end \[\d+ 0 R /XYZ \S+ (\S+)")  # where the template's mark came to lie
HEIGHT = (297 - 20 - 18) / 25.4 * 72  # points of a page between its margins
BOTTOM = 18 / 25.4 * 72
PAGE = b"/Type /Page\n"
GAP = 70  # points above and below the lines


def find() -> str | None:
    """Return the path of a browser that can print, or None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(os.path.expandvars(name)))), None)


class Browser:
    """A running browser; several threads may print at a time.

    Raises:
        ValueError: the program at `path` does not start; on printing, that it is no browser.
    """

    def __init__(self, path: str) -> None:
        self.path, self._address = path, ""  # the address once it is known
        self._free: SimpleQueue[_Tab] = SimpleQueue()

    def __enter__(self) -> "Browser":
        """Start the browser."""
        self._folder = tempfile.TemporaryDirectory(prefix="printer-", ignore_cleanup_errors=True)
        root = getattr(os, "geteuid", lambda: 1)() == 0
        options = [*OPTIONS, *(["--no-sandbox"] if root else [])]  # root has none
        command = [self.path, *options, f"--user-data-dir={self._folder.name}", "about:blank"]
        self._said = Path(self._folder.name, "said")
        try:
            with self._said.open("wb") as said:
                quiet = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": said}
                self._process = subprocess.Popen(command, **quiet)
        except OSError as error:
            self._folder.cleanup()
            raise ValueError(_fault(self.path, error)) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """End it, with all its files."""
        try:
            with suppress(OSError, WebSocketException, subprocess.SubprocessError):
                while not self._free.empty():
                    self._free.get_nowait().close()
                if self._address:
                    with closing(_Tab(self._address)) as tab:
                        tab.ask("Browser.close")
                    self._process.wait(PATIENCE)
        finally:
            self._process.kill()  # which does nothing to one that has ended
            self._process.wait()
            self._folder.cleanup()

    def _wait_for_address(self) -> str:
        """Return where the browser listens: it writes it into its folder, and one with a /tmp of its own says it."""
        file = Path(self._folder.name, "DevToolsActivePort")
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and self._process.poll() is None:
            lines = file.read_text().split() if file.exists() else []
            if len(lines) == 2:
                return f"ws://127.0.0.1:{lines[0]}{lines[1]}"
            if found := LISTENS.search(self._said.read_text(errors="replace")):
                return found[1]
            time.sleep(0.02)
        said = self._said.read_text(errors="replace").strip().splitlines() or [""]
        last = next((line for line in said if "FATAL" in line), said[-1])
        raise ValueError(_fault(self.path, f"시작하지 않음. {last}".strip()))

    @contextmanager
    def _tab(self) -> Iterator["_Tab"]:
        """Give a tab that no other thread uses; one that has been used knows MathJax, which saves reading it again."""
        try:
            tab = self._free.get_nowait()
        except Empty:
            self._address = self._address or self._wait_for_address()
            tab = _Tab(self._address)
        try:
            yield tab
        except BaseException:
            tab.close()
            raise
        self._free.put(tab)

    def print_pdf(self, page: Path, pdf: Path) -> None:
        """Print the HTML file `page` to the file `pdf`.

        Raises:
            ValueError: the browser fails, takes too long, or the page's mathematics is not set.
        """
        try:
            with self._tab() as tab:
                tab.open(page.absolute().as_uri())
                if not tab.value(FINISHED % (PATIENCE * 500)) or tab.value(WRONG):
                    raise ValueError(
                        f"{pdf.name}의 수식이 제대로 나오지 않았습니다. 노트북의 수식($…$)을 확인하십시오."
                    )
                printed = tab.printed()
                rest = float(found[1]) - BOTTOM if (found := END.search(printed)) else 0
                if rest > (1 - LITTLE) * HEIGHT:
                    tab.value(NOTES % (rest - GAP))
                    with_notes = tab.printed()
                    if with_notes.count(PAGE) == printed.count(PAGE):
                        printed = with_notes
        except (OSError, WebSocketException) as error:
            raise ValueError(_fault(self.path, error, pdf.name)) from None
        pdf.write_bytes(printed)


class _Tab:
    """A connection to the browser at this address, and a tab of it once a page is opened."""

    def __init__(self, address: str) -> None:
        quick = {"skip_utf8_validation": True}  # in Python, byte by byte; a PDF comes as millions of letters
        at = urlsplit(address)
        direct = socket.create_connection((at.hostname, at.port), PATIENCE)  # past a proxy of the environment
        self._socket: WebSocket = create_connection(
            address, suppress_origin=True, timeout=PATIENCE, socket=direct, **quick
        )
        self._n = 0
        self._session: dict[str, str] = {}
        self._events: set[str | None] = set()

    def close(self) -> None:
        """End the connection; the tab ends with the browser."""
        self._socket.close()

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Return what the browser answers."""
        self._n += 1
        self._socket.send(json.dumps({"id": self._n, "method": method, "params": parameters} | self._session))
        while (answer := self._heard()).get("id") != self._n:
            pass
        if "error" in answer:
            raise OSError(answer["error"]["message"])
        return answer["result"]

    def _heard(self) -> dict[str, Any]:
        """Return what the browser says next; raise OSError where it or the tab has gone, as nothing would follow."""
        said = self._socket.recv()
        if not said:
            raise OSError("브라우저가 연결을 끊음")
        heard = json.loads(said)
        if heard.get("method") == "Inspector.targetCrashed":
            raise OSError("탭이 죽음. 메모리가 모자라면 다른 프로그램을 닫으십시오")
        self._events.add(heard.get("method"))
        return heard

    def open(self, address: str) -> None:
        """Open a page and wait until all of it is there."""
        if not self._session:
            target = self.ask("Target.createTarget", url="about:blank")["targetId"]
            self._session = {"sessionId": self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]}
            self.ask("Page.enable")
            self.ask("Inspector.enable")
        self._events.clear()
        if failed := self.ask("Page.navigate", url=address).get("errorText"):  # else its page of the error is printed
            told = ". 기관의 정책이 막으면 다른 브라우저나 컴퓨터를 쓰십시오" if "BLOCKED" in failed else ""
            raise OSError(f"페이지를 열지 못함, {failed}{told}")
        while "Page.loadEventFired" not in self._events:
            self._heard()

    def value(self, expression: str) -> object:
        """Return what JavaScript's expression, or its promise, comes to."""
        asked = {"expression": expression, "awaitPromise": True, "returnByValue": True}
        return self.ask("Runtime.evaluate", **asked)["result"].get("value")

    def printed(self) -> bytes:
        """Return the page as PDF."""
        return b64decode(self.ask("Page.printToPDF", **PAPER)["data"])


def _fault(browser: str, error: object, name: str = "PDF") -> str:
    """Return what a user is told of a browser that fails."""
    told = isinstance(error, str) or type(error) is OSError  # by us, the browser or the system
    why = error if told else type(error).__name__
    return (
        f"브라우저가 {name}을(를) 인쇄하지 못했습니다 (브라우저: {browser}, 까닭: {why}). "
        "브라우저를 새 판으로 고치거나, --format html로 만든 HTML 파일을 브라우저에서 열어 인쇄하십시오."
    )
