"""What the package and its tests cost, each beside what could not be cheaper.

`fit` against the raw loop, `import mlp_tutorial` against `import torch`, and the tests of notebooks 01 to 07 against
those of as many notebooks that only import torch and matplotlib. A, B and C have no such floor: A trains for long, B
takes times, and C starts processes that import torch themselves.

Run by hand (`.venv/bin/python tools/benchmark.py`), as timings are no tests. Runs alternate, the order within a pair
too, and the median of the pairs' ratios counts, so that a busy machine slows both sides alike.
"""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import nbformat
import torch
from nbcheck import ENVIRONMENT, ROOT

from mlp_tutorial import terminal
from mlp_tutorial.classroom.notebooks import notebooks
from mlp_tutorial.speed import pairs, post, raw_loop, seconds
from mlp_tutorial.speed.ways import fit

NOTEBOOKS = [*notebooks().values()]

PAIRS, PAIRS_OF_TESTS = 21, 3
LIMITS = {"fit": 1.02, "import": 1.02, "notebooks": 2.0}


def start_python(module: str, clock: str) -> float:
    """Return the seconds that importing `module` takes in a fresh interpreter by time.`clock`."""
    script = f"import time; start = time.{clock}(); import {module}; print(time.{clock}() - start)"
    return float(subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout)


def run_tests(folder: Path) -> float:
    """Return the seconds that pytest takes with the project's settings over the notebooks in `folder`, less extra/."""
    command = [sys.executable, "-m", "pytest", "-q", "-c", str(ROOT / "pyproject.toml"), f"--rootdir={folder}"]
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT / "tools")}
    command += ["-p", "nbcheck.plugin", "-p", "no:cacheprovider", f"--ignore={folder / 'extra'}", str(folder)]
    return seconds(lambda: subprocess.run(command, env=environment, capture_output=True, check=True), time.perf_counter)


def write_floor(folder: Path) -> None:
    """Write as many notebooks as there are beside extra/, each of one cell that imports torch and matplotlib."""
    for i in range(sum(path.parent.name == "notebooks" for path in NOTEBOOKS)):
        source = "import matplotlib.pyplot as plt\nimport torch"
        cell = nbformat.v4.new_code_cell(source, id=f"{i:02d}-01", execution_count=1)
        nbformat.write(nbformat.v4.new_notebook(cells=[cell]), folder / f"{i:02d}.ipynb")


def compare(ours: Callable[[], float], base: Callable[[], float], n: int) -> tuple[float, float, float]:
    """Return the median seconds of ours and of base, and the median of their ratios, over n alternating pairs."""
    found = pairs(ours, base, n)
    return median(p[0] for p in found), median(p[1] for p in found), median(p[0] / p[1] for p in found)


def main() -> int:
    """Print the table; return 1 where a limit is passed."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        write_floor(Path(folder))
        x, y, start = post()
        ours, base = (lambda way=way: seconds(lambda: way(x, y, start, 1e-4, 500)) for way in (fit, raw_loop))
        rows = [("fit / 손으로 쓴 반복문 (CPU 시간)", "fit", ours, base, PAIRS)]
        for name, clock in {"CPU 시간": "process_time", "벽시계": "perf_counter"}.items():
            ours, base = (
                lambda module=module, clock=clock: start_python(module, clock) for module in ("mlp_tutorial", "torch")
            )
            rows.append((f"import mlp_tutorial / torch ({name})", "import", ours, base, PAIRS))
        ours, base = (lambda where=where: run_tests(where) for where in (ROOT / "notebooks", Path(folder)))
        name = "노트북 01–07의 시험 / torch와 matplotlib만 부르는 것 (벽시계)"
        rows.append((name, "notebooks", ours, base, PAIRS_OF_TESTS))
        print(f"짝 {PAIRS}개(노트북 시험은 {PAIRS_OF_TESTS}개)의 중앙값. 스레드 1개, torch {torch.__version__}")
        return max([report(*row) for row in rows])


def report(name: str, limit: str, ours: Callable[[], float], base: Callable[[], float], n: int) -> int:
    """Print a row of the table; return 1 if its limit is passed."""
    mine, other, ratio = compare(ours, base, n)
    passed = ratio <= LIMITS[limit]
    verdict = "통과" if passed else "초과"
    print(f"{name}: {mine:.3f}초 / {other:.3f}초 = {ratio:.3f} (한계 {LIMITS[limit]}) {verdict}", flush=True)
    return int(not passed)


if __name__ == "__main__":
    terminal.run(main)
