"""Run the whole of pytest in one environment after another, and tell how each ended.

    .venv/bin/python tools/environments.py                       names the environments
    .venv/bin/python tools/environments.py lowest ko-utf8        runs these, one after another; `all` runs each
    .venv/bin/python tools/environments.py --save --load 2 all   keeps the table in docs/environments.md; two busy
                                                                 processes run beside

Each works on a copy of the tree under --work (kept, so that a second run installs nothing again). pip's own variables
say where packages come from. What a machine lacks (a Python, a locale, unshare) is told as not run.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
import tomllib
import xml.etree.ElementTree as ET
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from shlex import quote

from hostile import installed
from nbcheck import ROOT
from packaging.requirements import Requirement

from mlp_tutorial import terminal

PAGE = ROOT / "docs" / "environments.md"
PINNED = "tests/test_project.py::test_the_tests_ran_with_what_is_pinned"  # true of the tested set alone
BUSY = "while True: pass"
ALONE = ["unshare", "--mount", *(["--map-root-user"] if os.geteuid() else [])]


@dataclass(frozen=True)
class Environment:
    """One row of the table: a Python, its packages, variables, the name of the folder, and what is forbidden."""

    title: str
    python: str = "3.11"
    packages: str = "tested"  # tested: requirements*.txt; lowest: pyproject's floors; newest: no limit above
    variables: dict[str, str] = field(default_factory=dict)
    folder: str = "mlp-tutorial"
    read_only: bool = False
    offline: bool = False


ENVIRONMENTS = {
    "3.11": Environment("Python 3.11"),
    "3.12": Environment("Python 3.12", python="3.12"),
    "3.13": Environment("Python 3.13", python="3.13"),
    "lowest": Environment("가장 낮은 판", packages="lowest"),
    "newest": Environment("가장 새로운 판", packages="newest"),
    "ko-utf8": Environment("로캘 `ko_KR.UTF-8`", variables={"LC_ALL": "ko_KR.UTF-8"}),
    "ko-euckr": Environment(
        "로캘 `ko_KR.EUC-KR`, `PYTHONUTF8=0`", variables={"LC_ALL": "ko_KR.EUC-KR", "PYTHONUTF8": "0"}
    ),
    "hangul": Environment("한글과 빈칸이 든 폴더", folder="다층 신경망 수업"),
    "read-only": Environment("쓸 수 없는 저장소와 홈 폴더", read_only=True),
    "offline": Environment("네트워크 없음", offline=True),
    **{
        f"{path}-{threads}": Environment(
            f"CPU 경로 `{path}`, 스레드 {threads}개",
            variables={"ATEN_CPU_CAPABILITY": path, "OMP_NUM_THREADS": str(threads)},
        )
        for path, threads in (("default", 1), ("default", 4), ("avx2", 2), ("avx512", 1), ("avx512", 4))
    },
}


def interpreter(version: str) -> str | None:
    """Return a working `python3.x` of the PATH or of pyenv, None if there is none."""
    roots = [Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))]
    found = [path for root in roots for path in sorted(root.glob(f"versions/{version}.*/bin/python{version}"))]
    for path in [shutil.which(f"python{version}"), *map(str, reversed(found))]:
        if path and not subprocess.run([path, "--version"], capture_output=True, check=False).returncode:
            return path
    return None


def missing(one: Environment) -> str | None:
    """Return what this machine lacks for the environment, None if nothing."""
    if not interpreter(one.python):
        return f"Python {one.python}이 없습니다"
    locale_name = one.variables.get("LC_ALL")
    if locale_name and not installed(locale_name):
        return f"{locale_name} 로캘이 없습니다"
    if (one.read_only or one.offline) and subprocess.run([*ALONE, "true"], check=False).returncode:
        return "unshare로 나눌 수 없습니다"
    return None


def floors() -> dict[str, str]:
    """Return package → the lowest version that pyproject.toml allows."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    texts = [*project["dependencies"], *extras["lab"], *extras["handouts"], *extras["test"]]
    asked = [one for one in map(Requirement, texts) if one.specifier]
    return {one.name: version.version for one in asked for version in one.specifier if version.operator == ">="}


def copy_tree(folder: Path) -> None:
    """Put a copy of the working tree (what git tracks or would) in the folder, which keeps nothing but its .venv."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        if old.name != ".venv":
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    listed = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(listed, capture_output=True, check=True).stdout.decode().split("\0"):
        if name and (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name)


def install(one: Environment, folder: Path) -> None:
    """Make the folder's virtual environment and install the set of packages; what is there already stays."""
    if not (folder / ".venv").is_dir():
        subprocess.run([interpreter(one.python), "-m", "venv", ".venv"], cwd=folder, check=True)
    asked = ["-r", "requirements.txt", "-r", "requirements-test.txt"]
    if one.packages != "tested":
        asked = ["--upgrade", "-e", ".[lab,test]"]
    if one.packages == "lowest":
        limits = folder / "floors.txt"
        limits.write_text("".join(f"{name}=={version}\n" for name, version in floors().items()), encoding="utf-8")
        asked += ["-c", limits.name]
    subprocess.run([".venv/bin/pip", "install", "-q", *asked], cwd=folder, check=True)


def wrapped(one: Environment, folder: Path) -> list[str]:
    """Return the words before the command that keep it from writing or from the network.

    Not bubblewrap's, within which the tests could not start another.
    """
    steps = ["ip link set lo up"] * one.offline
    for place in (folder, Path.home()) if one.read_only else ():
        steps += [f"mount --bind {quote(str(place))} {quote(str(place))}"]
        steps += [f"mount -o remount,ro,bind {quote(str(place))}"]
    return [*ALONE, *["--net"] * one.offline, "sh", "-c", " && ".join([*steps, 'exec "$@"']), "sh"] if steps else []


def run(one: Environment, work: Path, limit: float) -> str:
    """Install and run one environment; return its cells of the table: result and minutes."""
    folder = work / f"{one.python}-{one.packages}" / one.folder
    copy_tree(folder)
    install(one, folder)
    report = work / "report.xml"
    report.unlink(missing_ok=True)
    command = [*wrapped(one, folder), ".venv/bin/pytest", "-q", f"--junitxml={report}"]
    command += ["--deselect", PINNED] if one.packages != "tested" else []
    start = time.monotonic()
    with (work / "output.txt").open("a", encoding="utf-8") as output:
        output.write(f"\n=== {one.title}\n")
        output.flush()
        try:
            options = {"stdout": output, "stderr": subprocess.STDOUT, "timeout": limit * 60, "check": False}
            subprocess.run(command, cwd=folder, env=os.environ | one.variables, **options)
        except subprocess.TimeoutExpired:
            return f"{limit:.0f}분 안에 끝나지 않았습니다"
    minutes = (time.monotonic() - start) / 60
    if not report.exists():
        return "시작하지 못했습니다"
    suites = [suite.attrib for suite in ET.parse(report).iter("testsuite")]
    total, failed, skipped = (
        sum(int(suite[name]) for suite in suites for name in names)
        for names in (["tests"], ["failures", "errors"], ["skipped"])
    )
    return f"통과 {total - failed - skipped:,}, 실패 {failed}, 건너뜀 {skipped} | {minutes:.0f}분"


def save(title: str, cells: str) -> None:
    """Replace the environment's line of the page's table."""
    text, day = PAGE.read_text(encoding="utf-8"), datetime.now(UTC).date()
    line = f"| {title} | {cells if '|' in cells else f'{cells} |'} | {day} |"
    new, n = re.subn(rf"(?m)^\| {re.escape(title)} \|.*$", lambda _: line, text)
    if n != 1:
        raise ValueError(f"{PAGE.name}의 표에 ‘{title}’ 줄이 하나 있어야 합니다 (찾은 줄: {n}).")
    with terminal.whole_file(PAGE) as part:
        part.write_text(new, encoding="utf-8")


def main() -> int:
    """Run the environments that are named; return 0 if each that ran passed."""
    parser = argparse.ArgumentParser(description="여러 환경에서 pytest를 모두 돌립니다.")
    parser.add_argument("names", nargs="*", metavar="환경", help="돌릴 환경. all은 모두. 없으면 이름만 보입니다.")
    parser.add_argument("--save", action="store_true", help=f"결과를 {PAGE.relative_to(ROOT)}의 표에 적습니다.")
    parser.add_argument("--load", type=int, default=0, help="곁에서 바쁘게 도는 프로세스의 수 (0)")
    parser.add_argument("--limit", type=float, default=60, help="환경 하나에 들이는 시간의 한도, 분 (60)")
    parser.add_argument("--work", type=Path, help="복사본을 두는 폴더 (임시 폴더)")
    options = parser.parse_args()
    names = [*ENVIRONMENTS] if options.names == ["all"] else options.names
    if unknown := [name for name in names if name not in ENVIRONMENTS]:
        parser.error(f"{', '.join(unknown)}: 없는 환경입니다. 있는 것: {', '.join(ENVIRONMENTS)}")
    if not names:
        print("\n".join(f"{name:12}{one.title}" for name, one in ENVIRONMENTS.items()))
        return 0
    work = (options.work or Path(tempfile.gettempdir()) / "mlp-environments").resolve()
    work.mkdir(parents=True, exist_ok=True)
    passed = True
    with ExitStack() as beside:
        for _ in range(options.load):
            beside.callback(subprocess.Popen([sys.executable, "-c", BUSY]).kill)
        for name in names:
            one = ENVIRONMENTS[name]
            lacking = missing(one)
            cells = f"돌리지 못했습니다: {lacking}" if lacking else run(one, work, options.limit)
            print(f"{one.title}: {cells}", flush=True)
            passed &= bool(lacking) or ", 실패 0," in cells
            if options.save:
                save(one.title, cells)
    print(f"출력: {work / 'output.txt'}")
    return int(not passed)


if __name__ == "__main__":
    terminal.run(main)
