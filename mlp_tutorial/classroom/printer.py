"""Printing a page to PDF with the Chrome, Edge or Chromium that a machine has: they set mathematics and Korean right.

nbconvert's own ways need LaTeX, which drops Korean, or a browser downloaded for it alone.
"""

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

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
    "--no-pdf-header-footer",
    "--generate-pdf-document-outline",
    "--virtual-time-budget=60000",  # milliseconds of the page's own clock, which stands still while it works
)
PATIENCE = 120  # seconds for a page on a busy machine; it needs about three
UNFINISHED = (b"/Title (unfinished)", b"/Title (wrong mathematics)")  # what the template's script leaves as title


def find() -> str | None:
    """Return the path of a browser that can print, or None where there is none."""
    return next((path for name in PROGRAMS if (path := shutil.which(os.path.expandvars(name)))), None)


def print_pdf(browser: str, page: Path, pdf: Path) -> None:
    """Print the HTML file `page` to the file `pdf`.

    Raises:
        ValueError: the browser fails, takes too long, or the page's mathematics is not set.
    """
    options = [*OPTIONS, "--no-sandbox"] if getattr(os, "geteuid", lambda: 1)() == 0 else OPTIONS  # root has none
    with tempfile.TemporaryDirectory(dir=page.parent, ignore_cleanup_errors=True) as profile:
        command = [browser, *options, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}", page.absolute().as_uri()]
        try:
            subprocess.run(command, check=True, capture_output=True, timeout=PATIENCE)
            printed = pdf.read_bytes()
        except (OSError, subprocess.SubprocessError) as error:
            raise ValueError(
                f"브라우저가 {pdf.name}을(를) 인쇄하지 못했습니다 (브라우저: {browser}, 까닭: {type(error).__name__}). "
                "브라우저를 새 판으로 고치거나, HTML 파일을 브라우저에서 열어 인쇄하십시오."
            ) from None
    if not printed.startswith(b"%PDF") or any(title in printed for title in UNFINISHED):
        raise ValueError(f"{pdf.name}의 수식이 제대로 나오지 않았습니다. 노트북의 수식($…$)을 확인하십시오.")
