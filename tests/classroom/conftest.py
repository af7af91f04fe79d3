"""What tests of several pages share: one browser for each of their modules."""

from collections.abc import Iterator

import pytest
from browser import PATIENCE, chromium
from selenium import webdriver


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """Start a headless Chromium; end it."""
    with chromium(tmp_path_factory.mktemp("browser")) as chrome:
        chrome.set_script_timeout(PATIENCE)
        yield chrome
