"""Tests of notebooks that others saved: what is mended, what is refused in one Korean line, what is taken out."""

import json
from collections.abc import Callable
from pathlib import Path

import nbformat
import pytest
from nbcheck import saved
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

NOTEBOOK = new_notebook(cells=[new_markdown_cell("# 제목", id="01-00"), new_code_cell("x", id="01-01")])
TEXT = json.dumps(NOTEBOOK, ensure_ascii=False, indent=1)
OLD = (
    TEXT.replace('"id": "01-00",', "")
    .replace('"id": "01-01",', "")
    .replace('"nbformat_minor": 5', '"nbformat_minor": 0')
)
MENDED = {
    "as it should be": (TEXT.encode(), ""),
    "byte-order mark": (TEXT.encode("utf-8-sig"), "(BOM)"),
    "UTF-16": (TEXT.encode("utf-16"), "(BOM)"),
    "no ids, 4.0": (OLD.encode(), "01-00부터"),
    "no ids, 4.5": (OLD.replace('minor": 0', 'minor": 5').encode(), "01-00부터"),
    "doubled id": (TEXT.replace("01-01", "01-00").encode(), "01-00부터"),
}
CONFLICT = TEXT.replace(' "metadata"', '<<<<<<< HEAD\n "metadata"\n=======\n>>>>>>> other\n "metadata"', 1)
REFUSED = {
    "conflict": (CONFLICT.encode(), ["충돌 표시", "git checkout --ours", "git checkout --theirs", "rerun.py 01_book"]),
    "another encoding": (TEXT.encode("cp949"), ["UTF-8이어야", "git checkout HEAD"]),
    "cut off": (TEXT[:-9].encode(), ["끊긴", "git checkout HEAD"]),
    "empty": (b"", ["끊긴"]),
    "no notebook": (b"[1]", ["4여야", "받은 값: None"]),
    "nbformat 3": (b'{"nbformat": 3, "cells": []}', ["4여야", "받은 값: 3"]),
    "no cells": (b'{"nbformat": 4, "cells": null}', ["맞지 않습니다", "git checkout HEAD"]),
    "cells that are none": (b'{"nbformat": 4, "metadata": {}, "cells": [1]}', ["맞지 않습니다"]),
    "no metadata": (TEXT.replace('"metadata"', '"data"').encode(), ["맞지 않습니다", "git checkout HEAD"]),
    "no outputs": (TEXT.replace('"outputs": []', '"outputs": null').encode(), ["맞지 않습니다"]),
    "no source": (TEXT.replace('"source": "x"', '"text": "x"').encode(), ["맞지 않습니다", "'text'"]),
}


@pytest.fixture
def write(tmp_path: Path) -> Callable[[bytes], Path]:
    """Return what writes a notebook's file."""

    def write(content: bytes) -> Path:
        path = tmp_path / "01_book.ipynb"
        path.write_bytes(content)
        return path

    return write


@pytest.mark.parametrize(("content", "told"), MENDED.values(), ids=MENDED)
def test_what_can_be_mended_is_and_is_told(content: bytes, told: str, write: Callable) -> None:
    nb, mended = saved.load(write(content))
    assert nb == NOTEBOOK
    assert len(mended) == bool(told)
    assert told in "".join(mended)


@pytest.mark.parametrize(("content", "told"), REFUSED.values(), ids=REFUSED)
def test_the_rest_is_refused_in_one_line_with_what_to_do(content: bytes, told: list[str], write: Callable) -> None:
    with pytest.raises(ValueError, match=r"^01_book\.ipynb[^\n]*십시오\.?[^\n]*$") as refused:
        saved.load(write(content))
    assert [part for part in told if part not in str(refused.value)] == []


def test_what_other_editors_left_is_taken_out_and_nothing_else() -> None:
    nb = nbformat.from_dict(NOTEBOOK)
    nb.metadata |= {
        "colab": {},
        "kernelspec": {"name": ".venv", "display_name": "x"},
        "language_info": {"name": "python"},
    }
    nb.cells[1].metadata |= {"execution": {}, "vscode": {}, "tags": ["setup"], "alt": "그림"}
    saved.tidy(nb)
    assert nb.metadata == {"kernelspec": saved.KERNEL, "language_info": {"name": "python"}}
    assert nb.cells[1].metadata == {"tags": ["setup"], "alt": "그림"}
