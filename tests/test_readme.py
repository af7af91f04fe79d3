"""Tests of the README: its two commands in both forms, the block that .ci/run reads, its links and its picture."""

import re
from base64 import b64decode
from urllib.parse import unquote

import nbformat
import pytest
from nbcheck import ROOT

POSIX = "python3 -m venv .venv && .venv/bin/pip install -r requirements.txt && .venv/bin/"
WINDOWS = (r"py -m venv .venv", r".venv\Scripts\pip install -r requirements.txt", r".venv\Scripts")


@pytest.fixture(scope="module")
def readme() -> str:
    """Return the README's text."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_test_command_stands_under_its_marker(readme: str) -> None:
    found = re.search(r"^<!-- test-command -->\n+```\w*\n(.*?)\n```$", readme, re.MULTILINE | re.DOTALL)
    assert found, "no fenced block under <!-- test-command -->"
    assert found[1] == POSIX + "pytest"
    assert readme.count("<!-- test-command -->") == 1


def test_the_first_command_opens_the_lab(readme: str) -> None:
    assert f"\n{POSIX}python -m mlp_tutorial lab\n" in readme


@pytest.mark.parametrize("last", [r"python -m mlp_tutorial lab", r"pytest"])
def test_each_command_has_its_windows_form(last: str, readme: str) -> None:
    environment, install, folder = WINDOWS
    blocks = re.findall(r"^```\w*\n(.*?)\n```$", readme, re.MULTILINE | re.DOTALL)
    wanted = (environment, install, f"{folder}\\{last}")
    assert any(all(part in block for part in wanted) for block in blocks), wanted


def test_every_relative_link_leads_to_a_file(readme: str) -> None:
    targets = re.findall(r"\]\(<?([^)>\s]+)>?[^)]*\)", readme) + re.findall(r'(?:src|href)="([^"]+)"', readme)
    relative = [target for target in targets if not re.match(r"[a-z]+:|#", target)]
    assert len(relative) >= 7, "the seven notebooks"
    missing = [target for target in relative if not (ROOT / unquote(target.partition("#")[0])).exists()]
    assert missing == []


def test_the_picture_is_the_one_that_the_notebook_draws() -> None:
    nb = nbformat.read(ROOT / "notebooks" / "02_hidden_layers.ipynb", as_version=4)
    (drawn,) = (output.data["image/png"] for cell in nb.cells if cell.id == "02-15" for output in cell.outputs)
    copy = (ROOT / "docs" / "decision_regions.png").read_bytes()
    assert copy == b64decode(drawn), "store both together: python tests/rerun.py 02"
