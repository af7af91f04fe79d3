"""The fonts of a handout: only the glyphs that the page uses, written into its style sheet.

So it looks the same on a machine without a Korean font. Both fonts come with packages that the figures need anyway:
Noto Sans CJK (OFL) with notojp-matplotlib, DejaVu Sans Mono for code with matplotlib. Noto's outlines become TrueType:
Chrome writes others into a PDF as pictures of three times their height, and what is copied loses its line.
"""

import io
from base64 import b64encode
from functools import cache
from importlib import resources
from pathlib import Path

import matplotlib
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.ttLib.tables._g_l_y_f import Glyph

TO_INDEX = "← 차례"  # the link that a site adds to a page which has its font already
DROPPED = ["FFTM", "GDEF", "GPOS", "GSUB"]  # ligatures: large, unused
CODE_SCALE = 1.15  # of Korean beside code, which leaves a little air in two columns
MONO_WIDTH = 1233 / 2048  # em, of every glyph of DejaVu Sans Mono
MOST_OFF = 1.0  # thousandths of an em that a TrueType curve may be off


def faces(text: str) -> str:
    """Return the @font-face rules for the characters of `text` and of the link that a site may add.

    "Handout" is for text, "Handout Mono" for code, and "Handout Wide" for the Korean in code: two columns wide, as in
    a terminal, so that printed tables stand straight.

    Raises:
        ValueError: neither font has a character.
    """
    used = {letter for letter in {*text, *TO_INDEX} if letter.isprintable()}
    mono = _mono(used)
    in_mono, in_korean = {chr(code) for code in mono.getBestCmap()}, used & {*map(chr, _source().getBestCmap())}
    missing = sorted(used - in_korean - in_mono)
    if missing:
        raise ValueError(f"글꼴에 없는 글자가 있습니다 (받은 값: {' '.join(missing)}). 다른 글자로 바꾸십시오.")
    korean, wide = _korean(in_korean), _korean(in_korean - in_mono, CODE_SCALE, mono)
    named = {"Handout": korean, "Handout Mono": mono, "Handout Wide": wide}
    return "\n".join(_face(name, font) for name, font in named.items())


def _mono(letters: set[str]) -> TTFont:
    """Return the font for code with the glyphs of these letters alone."""
    file = Path(matplotlib.get_data_path(), "fonts", "ttf", "DejaVuSansMono.ttf")
    font = TTFont(io.BytesIO(file.read_bytes()), lazy=True, recalcBBoxes=False)
    options = Options(layout_features=[], name_IDs=[], drop_tables=[*Options().drop_tables, *DROPPED])
    subsetter = Subsetter(options)
    subsetter.populate(text="".join(letters))
    subsetter.subset(font)
    return font


@cache
def _source() -> TTFont:
    """Return the font for text, as its package has it."""
    file = resources.files("notojp_matplotlib").joinpath("fonts", "NotoSansCJKjp-Regular.otf")
    return TTFont(io.BytesIO(file.read_bytes()), lazy=True)


@cache
def _glyph(name: str, scale: float) -> Glyph:
    """Return a glyph of the font for text as a TrueType one."""
    pen = TTGlyphPen(None)
    curves = Cu2QuPen(pen, MOST_OFF, reverse_direction=True)
    _source().getGlyphSet()[name].draw(TransformPen(curves, (scale, 0, 0, scale, 0, 0)))
    return pen.glyph()


def _korean(letters: set[str], scale: float = 1, beside: TTFont | None = None) -> TTFont:
    """Return a font of these letters, with the height of the font `beside` and twice its width where there is one."""
    source, names = _source(), _source().getBestCmap()
    of_letter = {ord(letter): names[ord(letter)] for letter in sorted(letters)}
    glyphs = [".notdef", *dict.fromkeys(of_letter.values())]
    upem = source["head"].unitsPerEm
    widths = {name: source["hmtx"][name][0] for name in glyphs}
    line, em = source["hhea"], upem
    if beside:
        widths = dict.fromkeys(glyphs, round(2 * MONO_WIDTH * upem))
        line, em = beside["hhea"], beside["head"].unitsPerEm
    height = {"ascent": round(line.ascent * upem / em), "descent": round(line.descent * upem / em)}
    builder = FontBuilder(upem, isTTF=True)
    builder.setupGlyphOrder(glyphs)
    builder.setupCharacterMap(of_letter)
    builder.setupGlyf({name: _glyph(name, scale) for name in glyphs})
    lefts = builder.font["glyf"]
    builder.setupHorizontalMetrics({name: (widths[name], getattr(lefts[name], "xMin", 0)) for name in glyphs})
    builder.setupHorizontalHeader(**height)
    builder.setupOS2(
        sTypoAscender=height["ascent"],
        sTypoDescender=height["descent"],
        usWinAscent=height["ascent"],
        usWinDescent=-height["descent"],
    )
    builder.setupNameTable({"familyName": "Handout", "styleName": "Regular"})
    builder.setupPost(keepGlyphNames=False)
    return builder.font


def _face(name: str, font: TTFont) -> str:
    """Return the rule that gives the page this font."""
    font.flavor, file = "woff", io.BytesIO()
    font.save(file)
    data = b64encode(file.getvalue()).decode()
    return f'@font-face {{ font-family: "{name}"; src: url("data:font/woff;base64,{data}") format("woff"); }}'
