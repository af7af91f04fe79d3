"""Tests of the README: its commands, its links and pictures, and what it says of the notebooks."""

import re
from base64 import b64decode
from html import unescape
from pathlib import Path

import nbformat
import pytest
import rerun
from nbcheck import ROOT, code_cells

from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = [*notebooks().values()]

LEARNER, ALL = "-r requirements.txt", "-r requirements.txt -r requirements-test.txt"
NUMBERS = (
    "한 두 세 네 다섯 여섯 일곱 여덟 아홉 열 열한 열두 열세 열네 열다섯",  # before a counter
    "One Two Three Four Five Six Seven Eight Nine Ten Eleven Twelve Thirteen Fourteen Fifteen",
)
COMMANDS = {f"{LEARNER}": "python -m mlp_tutorial lab", f"{ALL}": "pytest"}  # what is installed: what is run with it


@pytest.fixture(scope="module")
def readme() -> str:
    """Return the README's text."""
    return (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_test_command_stands_under_its_marker(readme: str) -> None:
    found = re.findall(r"^<!-- test-command -->\n+```\w*\n(.*?)\n```$", readme, re.MULTILINE | re.DOTALL)
    assert found == [f"python3 -m venv .venv && .venv/bin/pip install {ALL} && .venv/bin/pytest"]


@pytest.mark.parametrize("installed", COMMANDS)
def test_each_command_stands_for_posix_and_for_windows(installed: str, readme: str) -> None:
    command = COMMANDS[installed]
    blocks = re.findall(r"^```\w*\n(.*?)\n```$", readme, re.MULTILINE | re.DOTALL)
    assert f"python3 -m venv .venv && .venv/bin/pip install {installed} && .venv/bin/{command}" in blocks
    windows = ["py -m venv .venv", rf".venv\Scripts\pip install {installed}", rf".venv\Scripts\{command}"]
    assert "\n".join(windows) in blocks


def test_the_workflow_runs_the_same_commands() -> None:
    workflow = (ROOT / ".github" / "workflows" / "tests.yml").read_text(encoding="utf-8")
    said = [re.sub(r"^ +", "", run, flags=re.MULTILINE) for run in re.findall(r"run: \|\n((?: {10}.+\n)+)", workflow)]
    windows = ["py -m venv .venv", rf".venv\Scripts\pip install {ALL}", r".venv\Scripts\pytest"]
    assert f"python3 -m venv .venv && .venv/bin/pip install {ALL} && .venv/bin/pytest\n" in said
    assert "\n".join([*windows, ""]) in said


def test_it_fits_on_a_few_screens(readme: str) -> None:
    assert len(readme.splitlines()) <= 110, "what only maintainers need belongs in docs/contributing.md"


def test_the_table_has_a_row_for_each_notebook_with_its_own_time(readme: str) -> None:
    rows = re.findall(r"^\| \[[^\]]+\]\((notebooks/[^)]+)\) \|.*\| (\d+)분 \|$", readme, re.MULTILINE)
    texts = {path: path.read_text(encoding="utf-8") for path in NOTEBOOKS}
    times = {path: re.search(r"- \*\*예상 시간\*\*: 약 (\d+)분", text)[1] for path, text in texts.items()}
    assert rows == [(path.relative_to(ROOT).as_posix(), time) for path, time in times.items()]


def test_the_number_of_notebooks_is_right_wherever_it_is_told(readme: str) -> None:
    beyond = sum(path.parent.name == "extra" for path in NOTEBOOKS)
    numbers = len(NOTEBOOKS), len(NOTEBOOKS) - beyond, beyond
    korean, english = ([words.split()[number - 1] for number in numbers] for words in NUMBERS)
    assert re.findall(r"(\w+) Korean Jupyter notebooks\. (\w+) lead .*?\. (\w+) go beyond", readme) == [tuple(english)]
    for path in [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]:
        told = re.findall(r"(?<![가-힣])([가-힣]{1,2}) 권(?![가-힣]{2})", path.read_text(encoding="utf-8"))
        wrong = {word for word in told if word in NUMBERS[0].split()[2:]} - {*korean}  # one and two may be any
        assert not wrong, f"{path.name}: {wrong} 권, but there are {korean}"
    assert {*korean} <= {*re.findall(r"([가-힣]+) 권", readme)}


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
