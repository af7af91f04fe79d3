"""Whether a cell's new outputs equal its stored ones: text word for word, numbers to `UNITS` of their last digit.

nbval compares numbers as text, so another processor's rounding reads as a change. Here rounding passes, nothing else.
"""

from __future__ import annotations

import re
from base64 import b64decode
from dataclasses import dataclass
from decimal import Decimal
from itertools import zip_longest

from nbformat import NotebookNode

from . import WIDGET, image_kinds, pictures

UNITS = 1  # the tolerance of numbers, in units of the last printed digit; that of pictures is pictures.LIMIT
# Only a number with printed decimals may be rounded otherwise. Integers, shapes, counts and versions are plain text.
NUMBER = re.compile(r"(?<![A-Za-z0-9_.])[-+]?\d+\.(\d+)(?:[eE]([-+]?\d+))?(?![A-Za-z_]|\.?\d)")
HANGUL = re.compile(r"[가-힣]")
PLAIN_NUMBER = re.compile(r"(?<![A-Za-z\d])\d+(?:[.x]\d+)*")  # 3, 0.5 or 64x1000, but not the 1 of mat1


@dataclass(frozen=True)
class Difference:
    """One way in which an output changed.

    Attributes:
        message: what changed, in Korean, for a reader who is no programmer.
        images: the stored and the new PNG file's bytes, where a picture changed.
    """

    message: str
    images: tuple[bytes, bytes] | None = None


def units_apart(stored: re.Match[str], new: re.Match[str]) -> Decimal:
    """How far two numbers lie apart, in units of the last digit that both print; infinite if they print otherwise."""
    if len(stored[1]) != len(new[1]) or bool(stored[2]) != bool(new[2]):
        return Decimal("inf")
    exponent = min(int(stored[2] or 0), int(new[2] or 0)) - len(stored[1])
    return abs(Decimal(stored[0]) - Decimal(new[0])).scaleb(-exponent)


def shifts(stored: str, new: str) -> bool:
    """Whether a number takes more or less room, as by a sign or a digit, which shifts an aligned table."""
    pairs = zip(NUMBER.finditer(stored), NUMBER.finditer(new), strict=False)
    return any(len(a[0]) != len(b[0]) for a, b in pairs)


def around_numbers(text: str, *, shifted: bool) -> str:
    """The text with NUL for each number; where blanks are shifted, without those beside one, and the rest squeezed."""
    text = NUMBER.sub("\0", text)
    return re.sub(" *(\0) *| +", lambda blanks: blanks[1] or " ", text) if shifted else text


def same_text(stored: str, new: str, *, shifted: bool = False) -> bool:
    """Whether two texts are equal but for numbers that differ by at most `UNITS`.

    Args:
        stored: the text in the notebook file.
        new: the text of the run.
        shifted: whether a number outside these texts changed its width. If one did, here or there, the number of
            blanks between words does not count, nor any blank beside a number.
    """
    numbers = list(NUMBER.finditer(stored)), list(NUMBER.finditer(new))
    shifted = shifted or shifts(stored, new)
    if around_numbers(stored, shifted=shifted) != around_numbers(new, shifted=shifted):
        return False
    return all(units_apart(a, b) <= UNITS for a, b in zip(*numbers, strict=True))


def text_differences(name: str, stored: str, new: str) -> list[Difference]:
    """The first line in which two texts differ, shown twice, or nothing if `same_text` holds."""
    if same_text(stored, new):
        return []
    lines = stored.splitlines(), new.splitlines()
    shifted = shifts(stored, new)
    pairs = enumerate(zip_longest(*lines), start=1)
    changed = [(i, a, b) for i, (a, b) in pairs if a is None or b is None or not same_text(a, b, shifted=shifted)]
    if not changed:
        return [Difference(f"{name}에서 줄바꿈만 다릅니다. 마지막 줄 뒤의 줄바꿈부터 보십시오.")]
    i, a, b = changed[0]
    shown = ["(없음)" if line is None else line for line in (a, b)]
    counts = (
        f" 줄 수도 {len(lines[0])}줄에서 {len(lines[1])}줄로 바뀌었습니다." if len(lines[0]) != len(lines[1]) else ""
    )
    return [
        Difference(f"{name}의 {i}번째 줄이 다릅니다.{counts}\n    저장된 출력: {shown[0]}\n    새 출력:     {shown[1]}")
    ]


def error_differences(name: str, stored: str, new: str) -> list[Difference]:
    """Return what changed in an error's message: our own, in Korean, word for word, a library's by its numbers."""
    foreign = not HANGUL.search(stored) and not HANGUL.search(new)
    if foreign and sorted(PLAIN_NUMBER.findall(stored)) == sorted(PLAIN_NUMBER.findall(new)):
        return []
    return text_differences(name, stored, new)


def picture_differences(stored: bytes, new: bytes) -> list[Difference]:
    """What `pictures.difference` finds, with both pictures, or nothing."""
    message = pictures.difference(stored, new)
    return [Difference(message, (stored, new))] if message else []


def parts(output: NotebookNode) -> dict[str, str]:
    """What is compared of one output, each under the name that a reader knows it by.

    Metadata is not: a picture's size there follows from its pixels, and its alt text comes from the cell, not the run.
    """
    if output.output_type == "stream":
        return {"print가 쓴 글" if output.name == "stdout" else "경고나 오류의 글(stderr)": output.text}
    if output.output_type == "error":
        return {"오류의 이름": output.ename, "오류 메시지": output.evalue}
    data = {mime: "" if mime == WIDGET else str(value) for mime, value in output.data.items()}
    if image_kinds(output):
        data.pop(WIDGET, None)  # the picture stands for the widget, which is not stored
    return data


def compare(stored: list[NotebookNode], new: list[NotebookNode]) -> list[Difference]:
    """Every difference between a cell's stored and new outputs; streams must be joined already.

    Args:
        stored: the outputs in the notebook file.
        new: the outputs of the run.
    """
    if len(stored) != len(new):
        names = [", ".join(name for output in outputs for name in parts(output)) or "없음" for outputs in (stored, new)]
        message = f"출력의 개수가 {len(stored)}개에서 {len(new)}개로 바뀌었습니다."
        return [Difference(f"{message}\n    저장된 출력: {names[0]}\n    새 출력:     {names[1]}")]
    found = []
    for old, fresh in zip(map(parts, stored), map(parts, new), strict=True):
        if old.keys() != fresh.keys():
            lost = "일부러 낸 오류가 나지 않았습니다. " if "오류의 이름" in old else ""
            found.append(Difference(f"{lost}출력의 종류가 {', '.join(old)}에서 {', '.join(fresh)}(으)로 바뀌었습니다."))
            continue
        for name in old:
            if name == "image/png":
                found += picture_differences(b64decode(old[name]), b64decode(fresh[name]))
            else:
                differences = error_differences if name == "오류 메시지" else text_differences
                found += differences(name, old[name], fresh[name])
    return found
