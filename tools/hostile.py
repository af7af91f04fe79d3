"""Run the notebooks' tests where little can be relied on: the verdict must be the same.

No network, no home directory that can be written, the C locale, another working directory, PyTorch's plainest CPU path
and two threads a kernel. ATEN_CPU_CAPABILITY and OMP_NUM_THREADS, where set, replace the last two.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile

from nbcheck import ROOT

# Nothing else of the caller's environment counts; the user's name only names the folder of picture sheets.
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "USERNAME")


def environment() -> dict[str, str]:
    """The environment variables of the run."""
    plain = {"ATEN_CPU_CAPABILITY": "default", "OMP_NUM_THREADS": "2"}
    plain = {name: os.environ.get(name, value) for name, value in plain.items()}
    nowhere = os.path.join(os.devnull, "home")  # below a file, so that not even root can make it
    fixed = {"HOME": nowhere, "USERPROFILE": nowhere, "LC_ALL": "C", "PYTHONPATH": str(ROOT / "tools" / "offline")}
    return {name: os.environ[name] for name in KEPT if name in os.environ} | plain | fixed


def main() -> int:
    """Run pytest on all notebooks; returns its exit status."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", str(ROOT / "notebooks")]
    with tempfile.TemporaryDirectory() as elsewhere:
        return subprocess.run(command, cwd=elsewhere, env=environment(), check=False).returncode


if __name__ == "__main__":
    raise SystemExit(main())
