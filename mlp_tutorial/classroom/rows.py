"""Code and printed text in rows that a narrow page can wrap: with a mark, a hanging indent, and no break in a word.

A reader who types from the page sees which lines are one. The text between the tags stays as it is.
"""

import re

from markupsafe import Markup

PRE = re.compile(r"(<pre[^>]*>(?:<span></span>)?)(.*?)\n?(</pre>)", re.DOTALL)
TAG = re.compile(r"<(/?)\w+[^>]*>")
APART = re.compile(r"(<[^>]*>|&[#\w]+;)")
JOINT = re.compile(r"(?<=[(\[{=/,])(?=[^\s)\]}=/,])|(?<=[\w)\]}'\"])(?=\.[A-Za-z_])")
CLOSE = "</span>"


def in_rows(html: str) -> Markup:
    """Return the HTML with what its `pre` elements hold in rows."""
    return Markup(PRE.sub(lambda found: f"{found[1]}{rows(found[2])}{found[3]}", html))


def rows(html: str) -> Markup:
    """Return each line of the HTML as an element of its own; a tag that spans lines is closed and opened again."""
    made, still_open = [], []
    for line in html.split("\n"):
        start = "".join(still_open)
        for tag in TAG.finditer(line):
            if tag[1]:
                still_open.pop()
            else:
                still_open.append(tag[0])
        indent = len(line) - len(line.lstrip(" "))
        spaces = f'<span class="indent">{line[:indent]}</span>' if indent else ""
        inside = f"{spaces}{start}{_jointed(line[indent:])}\n{CLOSE * len(still_open)}"
        made.append(f'<span class="row" style="--indent: {indent}">{inside}</span>')
    return Markup("".join(made))


def _jointed(line: str) -> str:
    """Return the line of HTML with the places between words where a phone may break what holds no space."""
    made, before = [], ""
    for part in APART.split(line):
        if part.startswith(("<", "&")):
            made.append(part)
            before = before if part.startswith("<") else "x"
        elif part:
            joint = "<wbr>" if part == "." and before else ""  # an attribute's, as pygments has it apart
            made.append(joint + JOINT.sub("<wbr>", before + part).removeprefix(before))
            before = part[-1]
    return "".join(made)
