"""What tests in a headless Chromium share: where it and its driver are, how it starts, and how long to wait for it."""

import os
import shutil

import pytest

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
