"""What a student handed in, as a notebook that can be graded, whatever an editor or a browser made of its file."""

import hashlib
import json
import re
from urllib.parse import quote, unquote

import nbformat
from nbformat import NotebookNode

from mlp_tutorial.classroom.names import decoded

GRADE_ID = re.compile(r'"grade_id": *"([A-Za-z0-9]+)_|mt\.check\(\\?["\']([A-Za-z0-9]+)_')
NAMED = r'<attachment:([^<>\n]+)>|attachment:((?:[^\s()<>"]|\([^\s()]*\))+)'  # the first may have blanks
IMAGE = re.compile(rf"!\[((?:(?!\]\().)*)\]\(\s*(?:{NAMED})(?:\s[^)]*)?\)", re.DOTALL)
NO_PICTURE = ": 파일에 없음)"
UNMERGED = "nbdime-conflicts"  # where nbdime, which merges notebooks, notes in the metadata what it could not merge
KEPT = {"nbgrader", "kernelspec", "language_info", UNMERGED}  # of metadata; at others' values nbconvert may stop
MARK = re.compile(r"^(?:<span[^>]*>(?:\*\*|<b>)|`)?<{7} ", re.MULTILINE)  # nbdime's cell, nbdev's, or within one


def read(raw: bytes) -> NotebookNode:
    """Return the notebook that the bytes of a file hold; cells without an essential part get it.

    Raises:
        ValueError: they hold none; it says in Korean what they are.
    """
    if not raw.strip(b"\0 \r\n\t"):
        raise ValueError("빈 파일입니다")
    text = decoded(raw).strip()
    if text[:1] == "<":
        raise ValueError("노트북이 아니라 웹 페이지(HTML)입니다")
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        if text[:1] != "{" or '"cells"' not in text:
            raise ValueError("노트북이 아닙니다") from None
        if MARK.search(text):
            why = "병합하다 남은 표시(<<<<<<<)가 있습니다. 한쪽을 고르고 표시를 지우거나 다시 받으십시오"
            raise ValueError(why) from None
        raise ValueError("노트북이 도중에 끊겼거나 깨졌습니다") from None
    if isinstance(found, dict):
        found = {"nbformat": 4, "nbformat_minor": 5} | found
        if not isinstance(found.get("metadata"), dict):
            found["metadata"] = {}
        for cell in found["cells"] if isinstance(found.get("cells"), list) else ():
            if isinstance(cell, dict) and not isinstance(cell.get("metadata"), dict):
                cell["metadata"] = {}
    try:
        if "cells" in found:  # nbformat's own reader stops at a single odd output
            nb = nbformat.from_dict(found)
        else:  # of 3, which older editors write
            nb = nbformat.convert(nbformat.reader.reads(json.dumps(found)), 4)
        nb.cells = [_whole(cell, i) for i, cell in enumerate(nb.cells)]
    except Exception:  # whatever nbformat meets in what is no notebook
        raise ValueError("노트북의 틀(cells)이 없습니다") from None
    nb.nbformat, nb.nbformat_minor, nb.metadata = 4, 5, _kept(nb.metadata)
    whole = json.dumps(nb, ensure_ascii=False).encode("utf-8", "replace")  # half an emoji is no UTF-8
    return nbformat.v4.reads(whole.decode())  # which joins the lines of outputs


def attached(source: str, pictures: dict[str, object]) -> tuple[str, dict[str, object]]:
    """Return a markdown cell's text and its attachments by names that nbconvert finds; a picture that is gone is told.

    nbconvert quotes a name such as 그림.png before it looks for it, and makes no page where it finds none. The new name
    tells what the picture holds, so that the cells of a split answer can be joined.
    """
    for name in sorted(pictures, key=len, reverse=True):  # typed as it is
        if re.search(r"[\s()]", name):
            source = source.replace(f"attachment:{name}", f"attachment:{quote(name)}")
    made = {unquote(name): hashlib.sha256(json.dumps(data).encode()).hexdigest() for name, data in pictures.items()}

    def named(at: re.Match[str]) -> str:
        name = unquote(at[at.lastindex])
        return f"attachment:{made[name]}" if name in made else at[0]

    def told(at: re.Match[str]) -> str:
        name = unquote(at[at.lastindex])
        return at[0] if name in made.values() else f"(그림 {at[1] or name}{NO_PICTURE}"

    source = IMAGE.sub(told, re.sub(NAMED, named, source))
    return source, {made[unquote(name)]: data for name, data in pictures.items()}


def text(cell: NotebookNode) -> str:
    """Return a cell's text as that of a cell that was `read`, which names pictures by what they hold."""
    if cell.cell_type == "code":
        return cell.source.strip()
    return attached(cell.source, cell.get("attachments", {}))[0].strip()


def is_unmerged(nb: NotebookNode) -> bool:
    """Return whether a merge has left its marks in a notebook that can be read."""
    return any(UNMERGED in part.metadata or MARK.search(part.get("source", "")) for part in (nb, *nb.cells))


def check_merged(nb: NotebookNode, name: str) -> None:
    """Raise a ValueError where the notebook of that name, a teacher's, is unmerged."""
    if is_unmerged(nb):
        raise ValueError(
            f"{name}: 병합하다 남은 표시(<<<<<<<)나 메타데이터의 {UNMERGED}가 없어야 합니다. "
            "셀마다 한쪽을 고르고 그 표시를 지우십시오."
        )


def lessons(nb: NotebookNode) -> set[str]:
    """Return the numbers of the notebooks whose exercises this one has, as "01"."""
    return {found[0] or found[1] for found in GRADE_ID.findall(json.dumps(nb.cells))}


def _whole(cell: NotebookNode, i: int) -> NotebookNode:
    """Return a cell with the parts that every reader of notebooks takes for granted, the same whenever it is read."""
    source = cell.get("source", "")
    kind = cell.get("cell_type")
    if kind == "code":
        outputs = cell.get("outputs")
        made = nbformat.v4.new_code_cell()
        made.outputs = [*filter(None, map(_output, outputs))] if isinstance(outputs, list) else []
    else:
        made = nbformat.v4.new_raw_cell() if kind == "raw" else nbformat.v4.new_markdown_cell()
    made.id = f"cell-{i}"  # a copied cell may have another's
    whole = "".join(map(str, source)) if isinstance(source, list) else str(source)
    made.source = re.sub(r"\r\n?", "\n", whole)  # which VS Code left in cells on Windows
    if kind != "code":
        pictures = cell.get("attachments", {})
        made.source, held = attached(made.source, pictures if _fits(pictures, "misc/attachments") else {})
        if held:
            made.attachments = held
    if isinstance(cell.get("metadata"), dict):
        made.metadata = _kept(cell["metadata"])
    return made


def _kept(metadata: dict[str, object]) -> NotebookNode:
    """Return what is read of a notebook's or a cell's metadata, without what editors and platforms put beside it."""
    return nbformat.from_dict({key: metadata[key] for key in KEPT & metadata.keys()})


def _output(output: object) -> NotebookNode | None:
    """Return an output with the parts of its kind alone, as Colab adds others; None where one is missing or odd."""
    parts = {
        "stream": ("name", "text"),
        "error": ("ename", "evalue", "traceback"),
        "display_data": ("data", "metadata"),
        "execute_result": ("data", "metadata"),
    }
    kind = output.get("output_type") if isinstance(output, dict) else None
    if not isinstance(kind, str) or kind not in parts:
        return None
    counted = {"execution_count": None} if kind == "execute_result" else {}
    own = {part: output[part] for part in ("output_type", *parts[kind]) if part in output} | counted
    return nbformat.from_dict(own) if _fits(own, kind) else None


def _fits(value: object, kind: str) -> bool:
    """Return whether a value is what nbformat calls so."""
    return nbformat.validator.isvalid(value, ref=kind, version=4)
