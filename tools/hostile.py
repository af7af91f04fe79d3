"""Run the notebooks' tests where little can be relied on: the verdict must be the same.

No network, no home directory that can be written, the C locale, another working directory, PyTorch's plainest CPU path
and two threads a kernel. ATEN_CPU_CAPABILITY and OMP_NUM_THREADS, where set, replace the last two. Then some notebooks
once more in Korean locales, where this machine has them: matplotlib measures Korean text by the locale.
"""

from __future__ import annotations

import locale
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

from nbcheck import ROOT

from mlp_tutorial import terminal

# Nothing else of the caller's environment counts; the user's name only names the folder of picture sheets.
KEPT = ("PATH", "SYSTEMROOT", "LD_LIBRARY_PATH", "TMPDIR", "TEMP", "TMP", "USERNAME")


KOREAN = ("ko_KR.UTF-8", "ko_KR.EUC-KR")  # localedef -i ko_KR -f UTF-8 ko_KR.UTF-8 makes the first
IN_KOREAN = ("02_hidden_layers", "03_loss_functions")  # those with the most Korean in their pictures


def environment(locale_name: str = "C") -> dict[str, str]:
    """The environment variables of a run in that locale."""
    plain = {"ATEN_CPU_CAPABILITY": "default", "OMP_NUM_THREADS": "2"}
    plain = {name: os.environ.get(name, value) for name, value in plain.items()}
    nowhere = os.path.join(os.devnull, "home")  # below a file, so that not even root can make it
    fixed = {
        "HOME": nowhere,
        "USERPROFILE": nowhere,
        "LC_ALL": locale_name,
        "PYTHONPATH": str(ROOT / "tools" / "offline"),
    }
    return {name: os.environ[name] for name in KEPT if name in os.environ} | plain | fixed


def installed(locale_name: str) -> bool:
    """Whether this machine has the locale."""
    before = locale.setlocale(locale.LC_CTYPE)
    try:
        return bool(locale.setlocale(locale.LC_CTYPE, locale_name))
    except locale.Error:
        return False
    finally:
        locale.setlocale(locale.LC_CTYPE, before)


def run(paths: Iterable[Path], locale_name: str) -> int:
    """Run pytest on notebooks in that locale; return its exit status."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", *map(str, paths)]
    with tempfile.TemporaryDirectory() as elsewhere:
        return subprocess.run(command, cwd=elsewhere, env=environment(locale_name), check=False).returncode


def main() -> int:
    """Run them all; return 0 if every run passed, the first other status else."""
    folder = ROOT / "notebooks"
    statuses = [run([folder], "C")]
    for locale_name in KOREAN:
        if installed(locale_name):
            print(f"+ LC_ALL={locale_name}", flush=True)
            statuses.append(run([folder / f"{name}.ipynb" for name in IN_KOREAN], locale_name))
        else:
            print(f"{locale_name}: 이 컴퓨터에 없는 로캘이라 건너뜁니다.", flush=True)
    return next(filter(None, statuses), 0)


if __name__ == "__main__":
    terminal.run(main)
