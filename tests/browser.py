"""What tests in a browser share: where it and its driver are, how it starts, a tab of it, and the lab it looks at."""

import os
import shutil
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from nbcheck import ENVIRONMENT
from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.ui import WebDriverWait

from mlp_tutorial.classroom import printer

PATIENCE = 120  # seconds for a wait that a busy machine may need; each ends as soon as it can
OPTIONS = (
    "headless=new",
    "no-sandbox",  # root, as in a container, has none
    "disable-gpu",
    "disable-dev-shm-usage",  # a container's is small
    "disable-background-networking",
    "disable-component-update",
    "disable-sync",
    "no-first-run",
    "window-size=1300,1400",
)
# JupyterLab's and IPython's folders, so that neither the user's settings count nor anything is left behind
FOLDERS = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR")
FOLDERS += ("JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "TMPDIR")


def programs() -> tuple[str, str]:
    """Return the paths of the browser and of its driver; skip where one is missing, fail under CI=true."""
    browser = printer.find()
    driver = shutil.which("chromedriver")
    if browser is None or driver is None:
        missing = [name for name, path in (("chromium", browser), ("chromedriver", driver)) if path is None]
        reason = (
            f"브라우저 시험에 필요한 {', '.join(missing)}을(를) 찾지 못했습니다. 데비안과 우분투에서는 "
            "'apt-get install chromium chromium-driver'로, macOS와 윈도우에서는 크롬과 같은 판의 chromedriver를 "
            "설치하고 PATH에 넣으십시오."
        )
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return browser, driver


@contextmanager
def chromium(home: Path) -> Iterator[webdriver.Chrome]:
    """Start the browser with its files in `home`; end it."""
    path, driver = programs()
    options = webdriver.ChromeOptions()
    options.binary_location = path
    for option in OPTIONS:
        options.add_argument(f"--{option}")
    service = Service(driver, env=os.environ | {"HOME": str(home), "TMPDIR": str(home)})
    with webdriver.Chrome(options=options, service=service) as chrome:
        chrome.set_page_load_timeout(PATIENCE)
        yield chrome


@contextmanager
def webkit() -> Iterator[webdriver.WebKitGTK]:
    """Start WebKitGTK, whose engine iPhones have, too; it needs a screen, such as xvfb's; end it."""
    (path, *_), driver = sorted(Path("/usr/lib").glob("*/webkit2gtk-*/MiniBrowser")), shutil.which("WebKitWebDriver")
    options = webdriver.WebKitGTKOptions()
    options.binary_location = str(path)
    options.add_argument("--automation")
    options.set_capability("browserName", "MiniBrowser")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # selenium 4.50 warns of what it does there itself
        environment = os.environ | {"WEBKIT_SKIA_ENABLE_CPU_RENDERING": "1"}  # 2.50.6 may crash where there is no GPU
        service = webdriver.WebKitGTKService(driver, env=environment)
        browser = webdriver.WebKitGTK(options=options, service=service)
    with browser:
        browser.set_page_load_timeout(PATIENCE)
        yield browser


@contextmanager
def lab(root: Path, end: signal.Signals = signal.SIGTERM) -> Iterator[str]:
    """Start `python -m mlp_tutorial lab` with the notebooks in `root`; give its address; end it, with its kernels."""
    script = (
        "import pathlib, sys; from mlp_tutorial.classroom import notebooks; from mlp_tutorial.__main__ import main\n"
        f"notebooks.PROJECT = pathlib.Path({str(root)!r}); sys.exit(main(['lab', '--port', '0', '--no-browser']))"
    )
    folders = {name: root / name for name in FOLDERS}
    for folder in folders.values():
        folder.mkdir()
    environment = os.environ | ENVIRONMENT | {"PYTHONUTF8": "1"} | {name: str(path) for name, path in folders.items()}
    errors = root / "errors"
    with (
        errors.open("w") as stderr,
        subprocess.Popen(
            [sys.executable, "-c", script],
            stdout=subprocess.PIPE,
            stderr=stderr,
            encoding="utf-8",
            env=environment,
            start_new_session=True,  # a process group of its own, to look for what is left of it
        ) as server,
    ):
        guard = threading.Timer(PATIENCE, server.kill)
        guard.start()
        try:
            said = [server.stdout.readline().strip() for _ in range(5)]
            guard.cancel()
            assert said[2].startswith("http"), errors.read_text(encoding="utf-8")
            assert "Ctrl+C" in said[4]
            yield said[2]
            server.send_signal(end)
            assert server.wait(60) == 0
            assert server.stdout.read() == ""
        finally:
            guard.cancel()
            server.kill()
    assert list(folders["JUPYTER_RUNTIME_DIR"].glob("jpserver*")) == []  # it was stopped in order
    if hasattr(os, "killpg"):
        with pytest.raises(ProcessLookupError):
            os.killpg(server.pid, 0)


class Tab:
    """A tab of the browser, used by the keyboard."""

    def __init__(self, chrome: webdriver.Remote) -> None:
        self.chrome = chrome

    def wait(self, until: Callable[[], object], why: str) -> object:
        """Wait until this is true, and return it."""
        return WebDriverWait(self.chrome, PATIENCE, poll_frequency=0.05).until(lambda _: until(), why)

    def focus(self, part: WebElement) -> None:
        """Send the keys there from now on."""
        self.chrome.execute_script("arguments[0].focus()", part)
        assert self.chrome.switch_to.active_element == part

    def keys(self, *keys: str) -> None:
        """Press keys one after the other, wherever the focus is."""
        ActionChains(self.chrome, duration=0).send_keys(*keys).perform()


def wider_than_the_page(browser: webdriver.Remote) -> bool:
    """Return whether the page can be scrolled to the side; slides are scaled and never scroll.

    On a phone innerWidth would grow with what is wide, and tell of nothing.
    """
    return browser.execute_script(
        """
        const root = document.documentElement;
        return getComputedStyle(root).overflowX !== "hidden" && root.scrollWidth > root.clientWidth;
        """
    )
