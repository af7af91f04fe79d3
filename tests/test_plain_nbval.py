"""Tests that the notebooks pass plain nbval, too: whoever adopts them may run it without our plugin and settings."""

import os
import subprocess
import sys

import pytest
from nbcheck import ENVIRONMENT, ROOT


@pytest.mark.parametrize("name", ["01_structure", "04_data_preparation"])  # in these no CPU rounds another way
def test_plain_nbval_passes(name: str) -> None:
    plain = ["-c", os.devnull, "--noconftest", "-p", "no:cacheprovider", "--nbval", f"notebooks/{name}.ipynb"]
    environment = {key: value for key, value in os.environ.items() if key not in ENVIRONMENT}
    command = [sys.executable, "-m", "pytest", *plain, "-q"]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout
