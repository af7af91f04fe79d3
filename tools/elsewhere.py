"""Run the notebooks on another device, by changing the one line that sets it, and compare with what they hold.

Without a GPU the device is "other" (other_device.py), on which whatever lies on two devices fails as it does on "cuda".
With one: `.venv/bin/python tools/elsewhere.py --device cuda`.
"""

from __future__ import annotations

import argparse
import os
import re
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from functools import partial
from pathlib import Path

import nbformat
from nbcheck import ENVIRONMENT, ROOT, code_cells, outputs
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbval.plugin import coalesce_streams

from mlp_tutorial.classroom.notebooks import notebooks

NOTEBOOKS = [*notebooks().values()]

LINE = re.compile(r'(?<=use_device\()"cpu"|(?<=^device = )"cpu"|(?<=mt\.Hyperparameters\()(?=\))', re.MULTILINE)

NO_GROUPS = "C_"  # processes exchange tensors through a backend of the device, which "other" has not


def moved(nb: NotebookNode, device: str) -> NotebookNode:
    """Return a copy in which the line that sets the device says another; raise ValueError unless there is just one."""
    nb, n_lines = deepcopy(nb), 0
    for cell in code_cells(nb):
        if "nbgrader" not in cell.metadata:
            cell.source, n = LINE.subn(lambda old: f'"{device}"' if old[0] else f'device="{device}"', cell.source)
            n_lines += n
    if n_lines != 1:
        raise ValueError(f"장치를 정하는 줄은 하나여야 합니다 (찾은 줄: {n_lines}).")
    return nb


def as_on_cpu(text: str, device: str) -> str:
    """Return what was printed with the device's name taken out, as PyTorch prints none for the CPU."""
    return re.sub(rf"\b{device}\b(:0)?", "cpu", re.sub(rf", device='{device}(:0)?'", "", text))


def differences(path: Path, device: str) -> list[str]:
    """Run the notebook on the device and return a line or two for each output that is another there."""
    stored = nbformat.read(path, as_version=4)
    try:
        nb = moved(stored, device)
    except ValueError as error:
        return [f"{path.name}: {error}"]
    first = code_cells(nb)[0]
    if device == "other":
        first.source = f"import other_device\n{first.source}"
    place = {"metadata": {"path": str(path.parent)}}
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT / "tools")}
    client = NotebookClient(nb, timeout=600, resources=place, coalesce_streams=True, allow_errors=True)
    client.execute(env=environment)
    told = []
    for old, new in zip(code_cells(stored), code_cells(nb), strict=True):
        for output in new.outputs:
            if "text" in output:
                output.text = as_on_cpu(output.text, device)
        found = outputs.compare(*(coalesce_streams(deepcopy(cell.outputs)) for cell in (old, new)))
        told += [f"셀 {old.id}: {difference.message}" for difference in found]
        unmeant = not any(output.output_type == "error" for output in old.outputs)
        told += [f"    {o.ename}: {o.evalue}" for o in new.outputs if o.output_type == "error" and unmeant]
    return told


def main() -> int:
    """Run the command; returns 1 where an output is another, else 0."""
    parser = argparse.ArgumentParser(description="노트북을 다른 장치에서 실행해, 저장된 출력과 견줍니다.")
    parser.add_argument("names", nargs="*", metavar="이름", help="노트북 이름의 앞부분 (예: 02). 없으면 모두")
    parser.add_argument("--device", default="other", help="장치 (없으면 GPU를 흉내 내는 other)")
    options = parser.parse_args()
    paths = [path for path in NOTEBOOKS if not options.names or path.name.startswith(tuple(options.names))]
    if options.device == "other":
        paths = [path for path in paths if not path.name.startswith(NO_GROUPS)]
        print("C는 건너뜁니다. 프로세스끼리 주고받는 일은 진짜 장치에서만 됩니다.")
    status = 0
    with ProcessPoolExecutor(2) as pool:
        for path, told in zip(paths, pool.map(partial(differences, device=options.device), paths), strict=True):
            print("\n".join([f"{path.name}: {'다른 출력' if told else '모두 같습니다.'}", *told]), flush=True)
            status |= bool(told)
    return status


if __name__ == "__main__":
    raise SystemExit(main())
