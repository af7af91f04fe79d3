"""Whether the numbers that the prose speaks of stand in the outputs that it speaks of.

A paragraph speaks of the code cell above it or below it, unless it names others in a comment that no reader sees:
`<!-- 02-13 07-17 -->` for cells of any notebook, `<!-- 출력 밖 -->` for numbers that no cell can print.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal

from nbformat import NotebookNode

from nbcheck.words import alts, printed

ANCHOR = re.compile(r"<!--\s*(출력 밖|[A-Z0-9]+-\d+(?:\s+[A-Z0-9]+-\d+)*)\s*-->")
NOT_PROSE = re.compile(r"`[^`]*`|\]\([^)]*\)|<!--.*?-->", re.DOTALL)  # code, addresses of links, comments
# A result is a decimal number, a percentage, or a whole number with a comma. Round thousands and small whole numbers
# are settings or words.
RESULT = re.compile(
    r"(?<![A-Za-z0-9_.,])-?(?:\d+\.\d+|\d+(?=\s?%)|\d{1,3}(?:,\d{3})*,(?!000)\d{3}|\d{1,3},(?!000,)\d{3},000)"
    r"(?![\d.,]*\d)(?:\s?%)?"
)
PRINTED = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?(?:[eE][-+]?\d+)?")


def value(number: str) -> Decimal:
    """A number without its commas and its percent sign."""
    return Decimal(number.replace(",", "").rstrip(" %"))


def stands_in(result: str, text: str) -> bool:
    """Whether some number of the text, rounded to the digits of `result`, is `result`; 68% is 0.68 too."""
    wanted = value(result)
    digit = Decimal(1).scaleb(wanted.as_tuple().exponent)
    scales = (1, 100) if "%" in result else (1,)
    numbers = [value(match[0]) for match in PRINTED.finditer(text)]
    return any(abs(scale * number - wanted) * 2 <= digit for number in numbers for scale in scales)


def spoken_of(cell: NotebookNode) -> str:
    """A code cell's source, the alt text of its figure and all that its outputs say."""
    return "\n".join([cell.source, *alts(cell), printed(cell)])


def blocks(nb: NotebookNode) -> Iterator[tuple[NotebookNode, str, list[NotebookNode]]]:
    """Each paragraph, list or table: its cell, its text, and the code cells next above and below."""
    for i, cell in enumerate(nb.cells):
        if cell.cell_type != "markdown":
            continue
        above = [other for other in nb.cells[:i] if other.cell_type == "code"][-1:]
        below = [other for other in nb.cells[i:] if other.cell_type == "code"][:1]
        for block in re.split(r"\n\s*\n", cell.source):
            yield cell, block, above + below


def results(block: str) -> list[str]:
    """The results that a paragraph's own words name, as they are written there."""
    words = NOT_PROSE.sub("", block.replace("{,}", ",").replace("−", "-"))
    return [match[0] for match in RESULT.finditer(words)]


def faults(nb: NotebookNode, cells: Mapping[str, NotebookNode]) -> list[str]:
    """A message in Korean for each number of the prose that its output does not hold.

    Args:
        nb: the notebook.
        cells: the code cells of all notebooks by their ids.
    """
    found = []
    for cell, block, neighbours in blocks(nb):
        names = [name for match in ANCHOR.finditer(block) for name in match[1].split()]
        if "출력" in names:  # all of the paragraph's numbers
            if others := [name for name in names if name not in ("출력", "밖")]:
                both = f"<!-- 출력 밖 -->과 <!-- {' '.join(others)} -->이 한 문단에 있습니다."
                found.append(f"셀 {cell.id}: {both} 문단을 나누어 하나씩 적으십시오.")
            continue
        unknown = [name for name in names if name not in cells]
        found += [
            f"셀 {cell.id}: 문단의 <!-- {name} -->이 가리키는 코드 셀이 없습니다. 그 번호를 고치십시오."
            for name in unknown
        ]
        sources = [cells[name] for name in names if name in cells] or neighbours
        texts = [spoken_of(source) for source in sources]
        missing = [result for result in results(block) if not any(stands_in(result, text) for text in texts)]
        if missing and not unknown:
            where = ", ".join(source.id for source in sources) or "없음"
            found.append(
                f"셀 {cell.id}: 본문의 수 {', '.join(missing)}을(를) 출력(셀 {where})에서 찾지 못했습니다.\n"
                f"    본문: {block.strip()[:60]} …\n"
                "    할 일: 본문의 수를 지금 출력에 맞게 고치십시오. 다른 셀을 말한다면 문단 끝에 <!-- 02-13 -->처럼 "
                "그 셀을 적으십시오."
            )
    return found
