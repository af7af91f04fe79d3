"""Tests of the README: its two commands in both forms, the block that .ci/run reads, its links and its pictures."""

import re
from base64 import b64decode
from html import unescape
from pathlib import Path
from urllib.parse import unquote

import nbformat
import pytest
import rerun
from nbcheck import ROOT, code_cells

from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = [*notebooks().values()]

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
    assert len(relative) >= len(NOTEBOOKS), "a notebook is missing"
    missing = [target for target in relative if not (ROOT / unquote(target.partition("#")[0])).exists()]
    assert missing == []


@pytest.mark.parametrize(("name", "file"), rerun.COPIES.items(), ids=rerun.COPIES)
def test_each_picture_is_the_one_that_the_notebook_draws(name: str, file: Path, readme: str) -> None:
    nb = nbformat.read(next(path for path in NOTEBOOKS if path.name.startswith(name[:2])), as_version=4)
    (cell,) = (cell for cell in code_cells(nb) if cell.id == name)
    (output,) = (output for output in cell.outputs if "image/png" in output.get("data", {}))
    again = f"store both together: python tools/rerun.py {name[:2]}"
    assert file.read_bytes() == b64decode(output.data["image/png"]), again
    tags = [dict(re.findall(r'(\w+)="([^"]*)"', tag)) for tag in re.findall(r"<img\s[^>]*>", readme)]
    source, width = file.relative_to(ROOT).as_posix(), output.metadata["image/png"]["width"]
    shown = [tag for tag in tags if tag.get("src") == source]
    assert len(shown) == 1, f'the README must show <img src="{source}" width="{width}" alt="…"> once'
    assert unescape(shown[0]["alt"]) == cell.metadata["alt"]
    assert int(shown[0]["width"]) <= width, "the file has twice the pixels to show"
