"""The words that docs/terms.md forbids, looked for in all that a learner reads and in nothing else.

A name in code is no prose, so of Python only the strings and comments count, and of markdown all but `code`.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from nbcheck import ROOT

TERMS = ROOT / "docs" / "terms.md"
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
INLINE_CODE = re.compile(r"`[^`\n]+`")


@cache
def forbidden() -> dict[str, str]:
    """Return {word not to use: words to use} from the table in docs/terms.md."""
    rows = re.findall(r"^\|([^|]+)\|([^|]+)\|([^|]+)\|$", TERMS.read_text(encoding="utf-8"), re.MULTILINE)
    return {word.strip(): good.strip() for _, good, bad in rows[2:] for word in bad.split(",") if word.strip()}


@cache
def pattern() -> re.Pattern[str]:
    """Return what finds the forbidden words; one of two syllables only where a word begins (구배, not 연구배경)."""
    words = sorted(forbidden(), key=len, reverse=True)
    return re.compile("|".join(("(?<![가-힣])" if len(w) == 2 else "") + w.replace(" ", r"\s+") for w in words))


def wrong_words(text: str) -> list[str]:
    """Return the forbidden words in the text, each once."""
    return list(dict.fromkeys(re.sub(r"\s+", " ", hit) for hit in pattern().findall(text)))


def advice(word: str) -> str:
    """Return what to do about a forbidden word."""
    return f"‘{word}’은(는) 쓰지 않는 말입니다. docs/terms.md의 말로 바꾸십시오: {forbidden()[word]}"


@cache
def python(source: str) -> str:
    """Return a code cell's source as plain Python: magics such as %pip become calls."""
    return TransformerManager().transform_cell(source)


def prose(source: str) -> Iterator[tuple[int, str]]:
    """Yield (line, text) for each string and comment of Python code; all of it where it is no Python."""
    try:
        code = python(source)
        strings = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.Constant)]
        yield from ((node.lineno, node.value) for node in strings if isinstance(node.value, str))
        tokens = tokenize.generate_tokens(io.StringIO(code).readline)
        yield from ((token.start[0], token.string) for token in tokens if token.type == tokenize.COMMENT)
    except SyntaxError:
        yield 1, source


def alts(cell: NotebookNode) -> Iterator[str]:
    """Yield the alt text of each picture in a markdown cell, empty where there is none, and that of a code cell."""
    if cell.cell_type == "markdown":
        text = INLINE_CODE.sub("", FENCE.sub("", cell.source))
        yield from re.findall(r"!\[([^\]]*)\]\(", text)
        yield from ("".join(re.findall(r'alt="([^"]*)"', tag)) for tag in re.findall(r"<img[^>]*>", text))
    if "alt" in cell.metadata:
        yield cell.metadata.alt


def printed(cell: NotebookNode) -> str:
    """Return the text of a code cell's outputs: streams, values, an error's message."""
    texts = []
    for output in cell.get("outputs", []):
        texts += [output.get("text", ""), output.get("evalue", "")]
        texts += [data for mime, data in output.get("data", {}).items() if mime.startswith("text/")]
    return "\n".join(texts)


def read_in_cell(cell: NotebookNode) -> str:
    """Return all that a learner reads in the cell."""
    if cell.cell_type != "code":
        return INLINE_CODE.sub("`", cell.source)
    return "\n".join([*(text for _, text in prose(cell.source)), printed(cell), *alts(cell)])


def faults_in_file(path: Path) -> list[str]:
    """Return a message per forbidden word in a Python file's strings and comments, or in a markdown file, by line."""
    text = path.read_text(encoding="utf-8")
    parts = prose(text) if path.suffix == ".py" else enumerate(INLINE_CODE.sub("`", text).split("\n"), start=1)
    return [f"{path.name} {number}째 줄: {advice(word)}" for number, part in parts for word in wrong_words(part)]
