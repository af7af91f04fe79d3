"""Tests of the project's own settings: what is installed, and what may not disagree."""

import re
import tomllib
from importlib import metadata

import pytest
from nbcheck import ROOT
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_file_of_the_package_is_installed_with_it() -> None:
    package = ROOT / "mlp_tutorial"
    named = SETTINGS["tool"]["setuptools"]["package-data"]
    installed = {
        file
        for name, patterns in named.items()
        for pattern in patterns
        for file in ROOT.joinpath(*name.split(".")).glob(pattern)
        if file.is_file()
    }
    files = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path for path in files if path.suffix != ".py"} == installed


def pins(name: str) -> dict[str, str]:
    """Return package → version of a file of requirements, in which each is pinned."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-e"))]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in found}


def ranges(*groups: str) -> dict[str, SpecifierSet]:
    """Return package → versions allowed of the package's dependencies, or of these groups of its extras."""
    project = SETTINGS["project"]
    texts = [text for group in groups for text in project["optional-dependencies"][group]] or project["dependencies"]
    found = [Requirement(text) for text in texts]
    return {canonicalize_name(one.name): one.specifier for one in found if one.name != project["name"]}


@pytest.mark.parametrize(
    ("file", "groups"), [("requirements.txt", ()), ("requirements-test.txt", ("handouts", "test"))]
)
def test_what_is_pinned_is_what_the_package_asks_for(file: str, groups: tuple[str, ...]) -> None:
    pinned, allowed = pins(file), ranges(*groups)
    assert pinned.keys() == allowed.keys()
    assert [name for name, version in pinned.items() if version not in allowed[name]] == []


def test_the_tests_ran_with_what_is_pinned() -> None:
    """Else the README would promise a set that was never tried."""
    pinned = pins("requirements.txt") | pins("requirements-test.txt")
    installed = {name: metadata.version(name).partition("+")[0] for name in pinned}
    assert installed == pinned


def test_versions_agree_wherever_they_are_told() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    torch = pins("requirements.txt")["torch"]
    assert set(re.findall(r"torch==([\d.]+)", readme)) == {torch}
    (oldest,) = SpecifierSet(SETTINGS["project"]["requires-python"])
    told = re.search(r"Python (3[\d., ]+) 가운데", readme)[1].split(", ")
    assert told[0] == oldest.version
    assert f"Python {told[0]} to {told[-1]}" in readme
    assert (ROOT / "runtime.txt").read_text(encoding="utf-8").strip() == f"python-{told[0]}"
    assert SETTINGS["tool"]["ruff"]["target-version"] == f"py{told[0].replace('.', '')}"
