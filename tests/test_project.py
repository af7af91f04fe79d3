"""Tests of the project's own settings: what is installed, and what may not disagree."""

import tomllib

from nbcheck import ROOT

SETTINGS = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_every_file_of_the_package_is_installed_with_it() -> None:
    package = ROOT / "mlp_tutorial"
    named = SETTINGS["tool"]["setuptools"]["package-data"]
    installed = {
        file
        for name, patterns in named.items()
        for pattern in patterns
        for file in ROOT.joinpath(*name.split(".")).glob(pattern)
    }
    files = {path for path in package.rglob("*") if path.is_file() and "__pycache__" not in path.parts}
    assert {path for path in files if path.suffix != ".py"} == installed
