"""Run the notebooks on another device, by changing the one line that sets it, and compare with what they hold.

01 to 03, D and E have no such line and are not run: their networks are so small that they stay on the CPU. Without a
GPU the device is "other" (other_device.py), on which whatever lies on two devices fails as it does on "cuda". With one:
`.venv/bin/python tools/elsewhere.py --device cuda`.
"""

from __future__ import annotations

import os
import re
from concurrent.futures import ProcessPoolExecutor
from copy import deepcopy
from functools import partial
from pathlib import Path

import nbformat
from nbcheck import ENVIRONMENT, ROOT, code_cells, files, outputs
from nbcheck.files import DEVICE_LINE
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbval.plugin import coalesce_streams

from mlp_tutorial import terminal
from mlp_tutorial.classroom.notebooks import notebooks

NO_GROUPS = "C_"  # processes exchange tensors through a backend of the device, which "other" has not
# What a GPU refuses, after the cell below. "other" must refuse each too, or that all notebooks run would say nothing.
START = f"import numpy as np\nimport torch\n{DEVICE_LINE}\nx, there = torch.ones(2), torch.ones(2, device=device)"
REFUSED = [
    "x + there",
    "torch.nn.Linear(2, 1)(there)",
    "x[torch.zeros(1, dtype=torch.long, device=device)]",
    "there.numpy()",
    "np.asarray(there)",
    "there.uniform_()",  # a GPU may, but draws other numbers
]


def run(stored: NotebookNode, device: str, folder: Path) -> NotebookNode:
    """Return a copy that was run on the device in that folder; errors stand in its outputs."""
    nb = deepcopy(stored)
    for cell in code_cells(nb):
        cell.source = cell.source.replace(DEVICE_LINE, f'device = "{device}"')
    if device == "other":
        code_cells(nb)[0].source = f"import other_device\n{code_cells(nb)[0].source}"
    place = {"metadata": {"path": str(folder)}}
    environment = os.environ | ENVIRONMENT | {"PYTHONPATH": str(ROOT / "tools")}
    client = NotebookClient(nb, timeout=600, resources=place, coalesce_streams=True, allow_errors=True)
    return client.execute(env=environment)


def accepted() -> list[str]:
    """Return the lines of REFUSED that run on "other" all the same."""
    cells = [nbformat.v4.new_code_cell(source) for source in (START, *REFUSED)]
    first, *cells = code_cells(run(nbformat.v4.new_notebook(cells=cells), "other", ROOT))
    return [cell.source for cell in cells if first.outputs or "error" not in {o.output_type for o in cell.outputs}]


def as_on_cpu(text: str, device: str) -> str:
    """Return what was printed with the device's name taken out, as PyTorch prints none for the CPU."""
    return re.sub(rf"\b{device}\b(:0)?", "cpu", re.sub(rf", device='{device}(:0)?'", "", text))


def differences(path: Path, device: str) -> list[str]:
    """Run the notebook on the device and return a line or two for each output that is another there."""
    stored = files.read(path)
    told = []
    for old, new in zip(code_cells(stored), code_cells(run(stored, device, path.parent)), strict=True):
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
    parser = terminal.KoreanParser(
        "python tools/elsewhere.py", description="노트북을 다른 장치에서 실행해, 저장된 출력과 견줍니다."
    )
    parser.add_argument("names", nargs="*", metavar="이름", help="노트북 이름의 앞부분 (예: 04). 없으면 모두")
    parser.add_argument("--device", default="other", help="장치 (없으면 GPU를 흉내 내는 other)")
    options = parser.parse_args()
    try:
        asked = [path for path in notebooks().values() if path.name.startswith(tuple(options.names) or "")]
        paths = [path for path in asked if any(DEVICE_LINE in cell.source for cell in code_cells(files.read(path)))]
    except ValueError as error:
        return terminal.fail(error)
    if not asked:
        parser.error(f"이름이 {', '.join(options.names)}(으)로 시작하는 노트북이 없습니다. notebooks 폴더를 보십시오.")
    still = [path.name for path in asked if path not in paths]
    if still:
        print(f"장치를 정하는 줄이 없어 건너뜁니다(작은 신경망이라 CPU에서만 계산합니다): {', '.join(still)}")
    status = 0
    if options.device == "other":
        if any(path.name.startswith(NO_GROUPS) for path in paths):
            print("C는 건너뜁니다. 프로세스끼리 주고받는 일은 진짜 장치에서만 됩니다.")
        paths = [path for path in paths if not path.name.startswith(NO_GROUPS)]
        for line in accepted():
            print(f"가짜 장치가 GPU와 달리 받아들입니다: {line}")
            status = 1
    with ProcessPoolExecutor(2) as pool:
        for path, told in zip(paths, pool.map(partial(differences, device=options.device), paths), strict=True):
            print("\n".join([f"{path.name}: {'다른 출력' if told else '모두 같습니다.'}", *told]), flush=True)
            status |= bool(told)
    return status


if __name__ == "__main__":
    terminal.run(main)
