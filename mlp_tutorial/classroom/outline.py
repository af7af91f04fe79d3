"""What tells a page's parts apart: its table of contents, and names of its tables and figures.

A reader with a screen reader goes from one to the next by these; in a class they are what one points to.
"""

import re

PART = re.compile(r"<h([23])>(.*?)</h\1>|(<table.*?</table>)|</figure>", re.DOTALL)
NUMBER = re.compile(r"^\d+\. ")
HEADER_CELL = re.compile("<th(?=[ >])")
EMPTY = re.compile(r"<th[^>]*>\s*</th>")  # the corner, which is no header of anything
TABLE = re.compile("<table.*?</table>", re.DOTALL)
INLINE_CODE = re.compile("(?<=<code>)[^<]+(?=</code>)")
JOINT = re.compile(r"(?<=\w)[_.](?=[A-Za-z])|\((?=\S)")  # where a name may go on in the next line of a narrow cell
CONTENTS_MARK = "<!-- contents -->"


def outlined(text: str) -> str:
    """Return the page with a table of contents at its mark, and with its tables and figures numbered and named."""
    sections, heading, n = [], "", {"table": 0, "figure": 0}

    def named(part: re.Match[str]) -> str:
        nonlocal heading
        if part[1]:
            heading = part[2]
            if part[1] == "3":
                return part[0]
            sections.append(heading)
            return f'<h2 id="section-{len(sections)}">{heading}</h2>'
        if part[3] and not heading:  # the cover's, which one edition alone has
            return scoped(part[3])
        kind = "table" if part[3] else "figure"
        n[kind] += 1
        if kind == "figure":
            return f"<figcaption>그림 {n[kind]}</figcaption></figure>"
        name = f"표 {n[kind]}. {NUMBER.sub('', heading)}"
        tag, end, rest = scoped(part[3]).partition(">")
        return f"{tag}{end}<caption>{name}</caption>{rest}"

    text = PART.sub(named, text)
    lines = "\n".join(f'<li><a href="#section-{number}">{name}</a></li>' for number, name in enumerate(sections, 1))
    return text.replace(CONTENTS_MARK, f"<ul>\n{lines}\n</ul>", 1)


def scoped(text: str) -> str:
    """Return the HTML with what each header cell of its tables is the header of, and joints in the cells' code."""

    def table(found: re.Match[str]) -> str:
        head, end, rows = EMPTY.sub("<td></td>", found[0]).partition("</thead>")
        rows = INLINE_CODE.sub(lambda code: JOINT.sub(r"\g<0><wbr>", code[0]), rows)
        return HEADER_CELL.sub('<th scope="col"', head) + end + HEADER_CELL.sub('<th scope="row"', rows)

    return TABLE.sub(table, text)
