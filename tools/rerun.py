"""Run notebooks anew and show what changed against the outputs they hold; only then, and only if told to, store it.

A cell's metadata holds the alt text of its picture ("alt": "…"), and is the place to change it; it is copied from there
into the output. What other editors left in the file is mended (`nbcheck.saved`). A notebook that is as it should be and
whose outputs agree by the rules of `nbcheck.outputs` is left as it is, byte for byte.
"""

from __future__ import annotations

import os
import sys
from base64 import b64decode
from copy import deepcopy
from pathlib import Path

import nbformat
from IPython.utils.path import compress_user
from nbcheck import ENVIRONMENT, ROOT, WIDGET, code_cells, files, image_kinds, output_alts, outputs, pictures, saved
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbval.plugin import coalesce_streams
from traitlets.config import Config

from mlp_tutorial import terminal
from mlp_tutorial.classroom.notebooks import notebooks

MENDED = ("metadata", "machine_paths")  # the checks of nbcheck.files on what no comparison of outputs sees

# Pictures that the README shows, by the cell that draws them.
COPIES = {
    "02-15": ROOT / "docs" / "decision_regions.png",
    "03-29": ROOT / "docs" / "loss_contour.png",
    "07-25": ROOT / "docs" / "loss_curve.png",
}


def run(path: Path) -> NotebookNode:
    """The notebook, executed from top to bottom in a fresh kernel; raises nbclient's error for an untagged one."""
    nb, _ = saved.load(path)
    saved.tidy(nb)
    folder = {"metadata": {"path": str(path.parent)}}
    nb.metadata.pop("widgets", None)
    options = {"record_timing": False, "coalesce_streams": True, "store_widget_state": False}
    options["config"] = Config(KernelManager={"transport_encryption": "auto"})  # else each kernel warns in English
    NotebookClient(nb, timeout=60, resources=folder, **options).execute()
    for cell in code_cells(nb):
        for output in cell.outputs:
            if output.output_type == "error":  # a traceback holds no path of this machine
                output.traceback = [without_places(line) for line in output.traceback]
            for mime in image_kinds(output):
                output.data.pop(WIDGET, None)  # its kernel is gone: the picture stands for it
                if "alt" in cell.metadata:
                    output.metadata.setdefault(mime, NotebookNode()).alt = cell.metadata.alt
    return nb


def without_places(line: str) -> str:
    """A traceback's line with paths in the repository relative, and with those of an environment elsewhere as in it."""
    for folder, name in ((str(ROOT), ""), (sys.prefix, f".venv{os.sep}")):
        for start in (folder, compress_user(folder)):
            line = line.replace(start + os.sep, name)
    return line


def changes(stored: NotebookNode, new: NotebookNode) -> list[str]:
    """A line or two for each difference."""
    told = ["노트북의 메타데이터에서 위젯의 상태가 지워집니다."] if "widgets" in stored.metadata else []
    for old, fresh in zip(code_cells(stored), code_cells(new), strict=True):
        if old.execution_count != fresh.execution_count:
            told.append(f"셀 {old.id}: 실행 번호가 {old.execution_count}에서 {fresh.execution_count}(으)로 바뀝니다.")
        for found in outputs.compare(*(coalesce_streams(deepcopy(cell.outputs)) for cell in (old, fresh))):
            told.append(f"셀 {old.id}: {found.message}")
            if found.images:
                told.append(f"    {pictures.save_sheet(old.id, *found.images)}")
        for was, now in zip(output_alts(old), output_alts(fresh), strict=False):  # a lost picture is told above
            if was != now:
                told.append(f"셀 {old.id}: 대체 텍스트가 ‘{was or ''}’에서 ‘{now or ''}’(으)로 바뀝니다.")
        if any(WIDGET in output.get("data", {}) and image_kinds(output) for output in old.outputs):
            told.append(f"셀 {old.id}: 출력에서 위젯이 지워지고 그림만 남습니다.")
    return told


def store(nb: NotebookNode, path: Path) -> None:
    """Write the notebook and the README's copies of its pictures, each whole or not at all."""
    files = {path: (nbformat.writes(nb) + "\n").encode()}
    for cell in code_cells(nb):
        for output in cell.outputs:
            if cell.id in COPIES and "image/png" in output.get("data", {}):
                files[COPIES[cell.id]] = b64decode(output.data["image/png"])
    for target, content in files.items():
        with terminal.whole_file(target) as part:
            part.write_bytes(content)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; returns 0 if all is stored or unchanged, 1 if changes were left unstored, 2 on an error."""
    description = "노트북을 다시 실행해, 저장된 출력과 무엇이 달라졌는지 보이고 저장합니다."
    parser = terminal.KoreanParser("python tools/rerun.py", description=description)
    parser.add_argument("names", nargs="*", metavar="이름", help="노트북 이름의 앞부분 (예: 02). 없으면 모두")
    parser.add_argument("--yes", action="store_true", help="묻지 않고 저장합니다")
    options = parser.parse_args(arguments)
    try:
        known = [*notebooks().values()]
    except ValueError as error:
        return terminal.fail(error)
    unknown = [name for name in options.names if not any(path.name.startswith(name) for path in known)]
    if unknown:
        parser.error(f"이름이 {', '.join(unknown)}(으)로 시작하는 노트북이 없습니다. notebooks 폴더를 보십시오.")
    paths = [path for path in known if not options.names or path.name.startswith(tuple(options.names))]
    os.environ.update(ENVIRONMENT)
    return max([rerun(path, ask=not options.yes) for path in paths])


def rerun(path: Path, *, ask: bool) -> int:
    """Run one notebook, tell what changed and store it if wanted; returns as `main` does."""
    try:
        stored, told = saved.load(path)
    except ValueError as error:
        return terminal.fail(error)
    try:
        new = run(path)
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as error:
        print(f"{path.name}: 오류가 나서 저장하지 않습니다.\n{error}", file=sys.stderr)
        return 2
    for check in MENDED:
        left = files.faults(check, new, path)
        mended = [fault for fault in files.faults(check, stored, path) if fault not in left]
        told += [fault.replace(f" {files.AGAIN}", "") for fault in mended]
    told += changes(stored, new)
    print("\n".join([f"{path.name}: {'달라진 것' if told else '달라진 것이 없어 그대로 둡니다.'}", *told]), flush=True)
    if told and ask and not (sys.stdin.isatty() and input("저장할까요? [y/N] ").strip().lower() == "y"):
        print("저장하지 않았습니다. 저장하려면 --yes를 붙이십시오.")
        return 1
    try:
        if told:
            store(new, path)
    except ValueError as error:  # the disk is full
        return terminal.fail(error)
    except OSError as error:
        return terminal.fail(f"{path}에 저장할 수 없습니다 ({error.strerror}). 자리를 마련해 다시 실행하십시오.")
    return 0


if __name__ == "__main__":
    terminal.run(main)
