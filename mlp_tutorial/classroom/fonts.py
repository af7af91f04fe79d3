"""The fonts of a handout: only the glyphs that the page uses, written into its style sheet.

So it looks the same on a machine without a Korean font. Both fonts come with packages that the figures need anyway:
Noto Sans CJK (OFL) with notojp-matplotlib, DejaVu Sans Mono for code with matplotlib.
"""

import io
from base64 import b64encode
from functools import cache
from importlib import resources
from pathlib import Path

import matplotlib
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

DROPPED = ["BASE", "FFTM", "GDEF", "GPOS", "GSUB", "VORG", "vhea", "vmtx"]  # ligatures, vertical text: large, unused
CODE_SCALE = 1.15  # of Korean beside code, which leaves a little air in two columns
MONO_WIDTH = 1233 / 2048  # em, of every glyph of DejaVu Sans Mono


def faces(text: str) -> str:
    """Return the @font-face rules for the characters of `text`.

    "Handout" is for text, "Handout Mono" for code, and "Handout Wide" for the Korean in code: two columns wide, as in
    a terminal, so that printed tables stand straight.

    Raises:
        ValueError: neither font has a character.
    """
    used = {letter for letter in text if letter.isprintable()}
    korean, mono = (_subset(file, used) for file in _files())
    in_mono = _letters(mono)
    missing = sorted(used - _letters(korean) - in_mono)
    if missing:
        raise ValueError(f"글꼴에 없는 글자가 있습니다 (받은 값: {' '.join(missing)}). 다른 글자로 바꾸십시오.")
    wide = _subset(_file(korean), used - in_mono)
    width = round(2 * MONO_WIDTH / CODE_SCALE * wide["head"].unitsPerEm)
    widths = wide["hmtx"].metrics
    widths.update({glyph: (width, bearing) for glyph, (_, bearing) in widths.items()})
    wide_face = _face("Handout Wide", wide, f"size-adjust: {CODE_SCALE:.0%};")
    return "\n".join((_face("Handout", korean), _face("Handout Mono", mono), wide_face))


@cache
def _files() -> tuple[bytes, bytes]:
    """Return the files of the fonts for text and for code."""
    korean = resources.files("notojp_matplotlib").joinpath("fonts", "NotoSansCJKjp-Regular.otf")
    return korean.read_bytes(), Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSansMono.ttf").read_bytes()


def _subset(file: bytes, letters: set[str]) -> TTFont:
    """Return the font of the file with the glyphs of these letters alone."""
    drop = [*Options().drop_tables, *DROPPED]
    options = Options(layout_features=[], name_IDs=[], drop_tables=drop, desubroutinize=True)  # quicker
    font = TTFont(io.BytesIO(file), lazy=True, recalcBBoxes=False)
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(letters))
    subsetter.subset(font)
    return font


def _letters(font: TTFont) -> set[str]:
    """Return the characters that the font has a glyph for."""
    return {chr(code) for code in font.getBestCmap()}


def _file(font: TTFont, flavor: str | None = None) -> bytes:
    """Return the font as a file, of the web's form where `flavor` is "woff"."""
    font.flavor, file = flavor, io.BytesIO()
    font.save(file)
    return file.getvalue()


def _face(name: str, font: TTFont, more: str = "") -> str:
    """Return the rule that gives the page this font."""
    data = b64encode(_file(font, "woff")).decode()
    return f'@font-face {{ font-family: "{name}"; src: url("data:font/woff;base64,{data}") format("woff"); {more} }}'
