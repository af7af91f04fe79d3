"""A site of static files: the student's pages, papers and the playground in one folder, with an index to all.

It works from a file, from a USB stick and from any static host: no page asks for anything but its own neighbours.
"""

import re
from pathlib import Path
from urllib.parse import quote, unquote

import nbformat

from mlp_tutorial.classroom import fonts, handouts, page, templates
from mlp_tutorial.classroom.notebooks import notebooks

FORMATS = "html,pdf,worksheet"  # what `lay_out` is given, of the student's edition
TIME = re.compile(r"^- \*\*예상 시간\*\*: (.+)$", re.MULTILINE)
LINK = re.compile(r'<a href="(?!https?:|#)([^"#]*)[^"]*"')
BULLET = re.compile(r"^- (.+)$", re.MULTILINE)
PAPERS = {  # the rest of a file's name → what a link to it says
    ".html": "읽기",
    ".pdf": "인쇄용 PDF",
    f"{handouts.WORKSHEET}.pdf": "활동지 PDF",
    f"{handouts.WORKSHEET}.html": "활동지",
}


def lay_out(folder: Path, files: list[Path]) -> list[Path]:
    """Move the student's files in `folder` up, add the index, and return all files.

    Of a worksheet only the paper stays where it could be printed, and of the playground one copy.
    """
    student = folder / "student"
    made = {file: folder / (file.relative_to(student) if student in file.parents else file.name) for file in files}
    for file, target in made.items():
        target.parent.mkdir(parents=True, exist_ok=True)
        if file.stem.endswith(handouts.WORKSHEET) and file.suffix == ".html" and file.with_suffix(".pdf") in made:
            continue
        file.replace(target)
    kept = sorted({target for target in made.values() if target.exists()})
    for target in kept:
        if target.suffix == ".html":
            target.write_text(_linked(target), **handouts.AS_IS)
    home = folder / "index.html"
    home.write_text(index(folder), **handouts.AS_IS)
    return [*kept, home]


def _linked(file: Path) -> str:
    """Return the page with a link to the index and without those to what is no part of the site."""

    def link(found: re.Match[str]) -> str:
        return found[0] if (file.parent / unquote(found[1])).exists() else "<a"

    home = "../index.html" if file.parent.name == "extra" else "index.html"
    back = f'<main>\n<nav aria-label="사이트"><a href="{home}">{fonts.TO_INDEX}</a></nav>'
    return LINK.sub(link, file.read_text(encoding="utf-8")).replace("<main>", back, 1)


def index(folder: Path) -> str:
    """Return the page that names each notebook whose page lies in `folder`, its objectives and its papers."""
    entries = []
    for path in notebooks().values():
        place = Path(path.parent.name if path.parent.name == "extra" else "", path.stem)
        files = [(name, place.with_name(f"{path.stem}{rest}")) for rest, name in PAPERS.items()]
        links = [(name, quote(file.as_posix())) for name, file in files if (folder / file).exists()]
        if not links:
            continue
        nb = nbformat.read(path, as_version=4)
        cover = page.cover(nb)
        time = TIME.search(nb.cells[0].source)
        aims = [page.markdown(aim) for aim in BULLET.findall(cover["objectives"])]
        entries.append({"title": cover["title"], "time": time[1] if time else "", "aims": aims, "links": links})
    playground = quote(handouts.PLAYGROUND) if (folder / handouts.PLAYGROUND).exists() else ""
    mathematics = any("$" in aim for entry in entries for aim in entry["aims"])
    text = templates.template("site.html.j2").render(entries=entries, playground=playground, mathematics=mathematics)
    page.check(text)
    return page.complete(text)
