"""A notebook's file as other editors save it: what can be mended is, the rest is refused in one Korean line.

Colab writes no cell ids, VS Code its own kernel, an editor of text a byte-order mark, git the marks of a conflict.
"""

from __future__ import annotations

import json
import re
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from nbcheck import PYTHON, ROOT

MINOR = 5  # the first minor version of nbformat 4 that has cell ids
KERNEL = {"display_name": "Python 3", "language": "python", "name": "python3"}
# What editors and extensions leave in the metadata: times of a run and their own marks, which change every time.
LEFT_IN_CELLS = {"execution", "ExecuteTime", "executionInfo", "colab", "colab_type", "id", "outputId", "vscode"}
LEFT_IN_NOTEBOOK = {"accelerator", "colab", "gpuClass", "vscode"}


def again(path: Path) -> str:
    """Return what to do about a file that a run mends."""
    return f"`{PYTHON} tools/rerun.py {path.stem}`으로 다시 실행해 저장하십시오."


def load(path: Path) -> tuple[NotebookNode, list[str]]:
    """Return the notebook with an id for each cell, and a Korean sentence for each thing that was mended to read it.

    Raises:
        ValueError: conflict markers, no UTF-8, no notebook of nbformat 4; the message says what to do.
    """
    content, place = path.read_bytes(), path.relative_to(ROOT) if path.is_relative_to(ROOT) else path
    undo = f"`git checkout HEAD -- {place}`로 저장소의 것으로 되돌리십시오."
    try:
        raw = json.loads(content)  # of any UTF, with a byte-order mark or without
    except UnicodeDecodeError:
        raise ValueError(f"{path.name}은 UTF-8이어야 합니다. 편집기에서 UTF-8로 저장하거나 {undo}") from None
    except ValueError as error:
        if re.search(rb"^<{7} ", content, re.MULTILINE):
            raise ValueError(
                f"{path.name}에 병합하다 남은 충돌 표시(<<<<<<<)가 있습니다. `git checkout --ours {place}`(내 것)나 "
                f"`git checkout --theirs {place}`(남의 것)로 하나를 고르고 {again(path)} "
                f"이미 커밋했다면 `git checkout HEAD~1 -- {place}`입니다."
            ) from None
        raise ValueError(f"{path.name}은 노트북이 아니거나 저장하다 끊긴 파일입니다 ({error}). {undo}") from None
    version = raw.get("nbformat") if isinstance(raw, dict) and "cells" in raw else None
    if version != 4:
        raise ValueError(f"{path.name}의 형식(nbformat)은 4여야 합니다 (받은 값: {version}). {undo}")
    try:
        nb = nbformat.v4.to_notebook(raw)
        mended = [] if re.match(rb"\s*\{[^\0]", content) else ["파일이 바이트 순서 표시(BOM) 없는 UTF-8이 아닙니다."]
        mended += _give_ids(nb, path)
        nb.nbformat_minor = max(MINOR, nb.get("nbformat_minor", 0))
        nbformat.validate(nb)
    except (nbformat.ValidationError, AttributeError, KeyError, TypeError) as error:  # of what is no list or no cell
        reason = str(error).partition("\n")[0][:200]
        raise ValueError(f"{path.name}이 노트북의 형식에 맞지 않습니다 ({reason}). {undo}") from None
    return nb, mended


def _give_ids(nb: NotebookNode, path: Path) -> list[str]:
    """Number all cells from 00 where one has no id or that of another, as the notebooks' own ids run."""
    ids = [cell.get("id") for cell in nb.cells]
    if None not in ids and len({*ids}) == len(ids):
        return []
    number = re.sub(r"[^\w-]", "", path.stem.partition("_")[0], flags=re.ASCII) or "cell"
    for i, cell in enumerate(nb.cells):
        cell.id = f"{number}-{i:02d}"
    return [f"셀의 id가 없거나 겹쳐, {number}-00부터 차례로 다시 매겨야 합니다."]


def tidy(nb: NotebookNode) -> None:
    """Take out what other editors left and name the kernel, before the notebook is run."""
    nb.metadata.kernelspec = NotebookNode(KERNEL)
    for metadata, left in [(nb.metadata, LEFT_IN_NOTEBOOK), *((cell.metadata, LEFT_IN_CELLS) for cell in nb.cells)]:
        for name in left & set(metadata):
            del metadata[name]
