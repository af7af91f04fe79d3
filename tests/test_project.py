"""Tests of the project's own settings: what is installed, and what may not disagree."""

import ast
import importlib
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path

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
    found = [Requirement(line) for line in lines if line and not line.startswith(("#", "-"))]
    return {canonicalize_name(one.name): str(one.specifier).removeprefix("==") for one in found}


def ranges(*groups: str) -> dict[str, SpecifierSet]:
    """Return package → versions allowed of these groups: dependencies, or an extra's name."""
    project = SETTINGS["project"]
    named = {"dependencies": project["dependencies"], **project["optional-dependencies"]}
    texts = [text for group in groups for text in named[group]]
    found = [Requirement(text) for text in texts]
    return {canonicalize_name(one.name): one.specifier for one in found if one.name != project["name"]}


@pytest.mark.parametrize(
    ("file", "groups"),
    [("requirements.txt", ("dependencies", "lab")), ("requirements-test.txt", ("handouts", "test"))],
)
def test_what_is_pinned_is_what_the_package_asks_for(file: str, groups: tuple[str, ...]) -> None:
    pinned, allowed = pins(file), ranges(*groups)
    both = pins("requirements.txt") | pinned  # the tests' own floors are of packages that stand in the first
    assert pinned.keys() <= allowed.keys() <= both.keys()
    assert [name for name in allowed if both[name] not in allowed[name]] == []


def imported(path: Path, *, everywhere: bool = False) -> set[str]:
    """Return the packages, other than Python's own and this one, that the module imports, in its functions or not."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    statements = [*ast.walk(tree)] if everywhere else tree.body
    names = [name.name for node in statements if isinstance(node, ast.Import) for name in node.names]
    names += [node.module for node in statements if isinstance(node, ast.ImportFrom)]
    return {name.partition(".")[0] for name in names} - {"__future__", "mlp_tutorial"} - sys.stdlib_module_names


def test_the_package_imports_what_it_asks_for() -> None:
    """So that it installs and works beside what Colab pins; commands and the classroom have extras of their own."""
    package, distributions = ROOT / "mlp_tutorial", metadata.packages_distributions()
    rooms = [path for path in package.rglob("*.py") if path.parts[len(package.parts)] not in ("commands", "classroom")]
    needed = {canonicalize_name(distributions[name][0]) for path in rooms for name in imported(path)}
    assert needed == ranges("dependencies").keys()


def test_commands_and_the_classroom_import_only_what_is_asked_for() -> None:
    package, distributions = ROOT / "mlp_tutorial", metadata.packages_distributions()
    rooms = [path for room in ("commands", "classroom") for path in (package / room).rglob("*.py")]
    needed = {canonicalize_name(distributions[name][0]) for path in rooms for name in imported(path, everywhere=True)}
    assert needed - ranges("dependencies", "lab", "handouts").keys() == set()


def test_explorers_without_anywidget_say_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    monkeypatch.delitem(sys.modules, "mlp_tutorial.explore", raising=False)
    with pytest.raises(ImportError, match="%pip install anywidget"):
        importlib.import_module("mlp_tutorial.explore")


def test_binder_installs_the_same_with_the_cpu_build() -> None:
    lines = (ROOT / "binder" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert lines[-1] == "-r ../requirements.txt"
    assert pins("binder/requirements.txt") == {"torch": f"{pins('requirements.txt')['torch']}+cpu"}


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
    assert (ROOT / "binder" / "runtime.txt").read_text(encoding="utf-8").strip() == f"python-{told[0]}"
    classifiers = SETTINGS["project"]["classifiers"]
    assert [version for version in told if f"Programming Language :: Python :: {version}" not in classifiers] == []
    assert f"\nversion: {SETTINGS['project']['version']}\n" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert SETTINGS["tool"]["ruff"]["target-version"] == f"py{told[0].replace('.', '')}"


def test_the_root_is_small_and_each_module_of_it_is_under_the_rules_of_imports() -> None:
    modules = [*(ROOT / "mlp_tutorial").glob("*.py")]
    assert sum(len(path.read_text(encoding="utf-8").splitlines()) for path in modules) <= 1000
    root = {f"mlp_tutorial.{path.stem}" for path in modules} | {"mlp_tutorial.checks", "mlp_tutorial.terminal"}
    root -= {"mlp_tutorial.__init__", "mlp_tutorial.__main__", "mlp_tutorial.distributed", "mlp_tutorial.torchrun"}
    contracts = {one["name"]: one for one in SETTINGS["tool"]["importlinter"]["contracts"]}
    assert set(contracts["The root never draws"]["source_modules"]) == root
    assert set(contracts["The classroom takes from no other room"]["forbidden_modules"]) == root | {
        "mlp_tutorial.figures"
    }


def test_what_the_settings_name_is_there() -> None:
    mutation = SETTINGS["tool"]["mutmut"]
    named = [*mutation["pytest_add_cli_args_test_selection"], *mutation["also_copy"], *mutation["do_not_mutate"]]
    assert [name for name in named if not any(ROOT.glob(name))] == []


def test_the_floors_are_those_that_were_found_by_trying() -> None:
    """docs/environments.md says what happens below each, and tools/environments.py runs all tests at them."""
    page = (ROOT / "docs" / "environments.md").read_text(encoding="utf-8").partition("## 가장 낮은 판")[2]
    told = {
        canonicalize_name(name): version for name, version in re.findall(r"^\| `([\w-]+)` \| ([\w.]+) \|", page, re.M)
    }
    told |= {
        canonicalize_name(name): version
        for name, version in re.findall(r"(matplotlib|scikit-learn|torch) ([\d.]+)[(,]", page)
    }
    asked = ranges("dependencies", "lab", "handouts", "test")
    floors = {name: next(one.version for one in asked[name] if one.operator == ">=") for name in told}
    assert floors == told
    assert len(told) >= 10


def test_stored_tracebacks_name_files_that_are_there() -> None:
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "notebooks").rglob("*.ipynb")]
    named = {name for text in texts for name in re.findall(r"\bmlp_tutorial/[\w/]+\.py\b", text)}
    assert named
    assert [name for name in named if not (ROOT / name).exists()] == [], "tools/rerun.py stores them anew"
