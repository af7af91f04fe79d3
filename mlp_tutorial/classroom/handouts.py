"""`python -m mlp_tutorial handouts`: the notebooks' editions as .ipynb, HTML and PDF in one folder.

All is made in a temporary folder and moved when it is complete, so that a failure leaves nothing half written.
"""

import re
import tempfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import nbformat
from tqdm import tqdm

from mlp_tutorial.classroom import editions, explorers, page, printer
from mlp_tutorial.classroom.answers import answers
from mlp_tutorial.classroom.notebooks import notebooks

EDITIONS = ("student", "teacher")
FORMATS = ("ipynb", "html", "pdf")
AS_IS = {"encoding": "utf-8", "newline": "\n"}  # on every system
PLAYGROUND = "놀이터.html"  # all explorers, in the folder and in the student's
NO_BROWSER = (
    "PDF를 만들려면 크롬, 엣지, 크로미움 가운데 하나가 있어야 합니다. "
    "하나를 설치하십시오(데비안과 우분투: apt-get install chromium). 그때까지는 HTML 파일을 브라우저에서 인쇄하십시오."
)
LOCAL_LINK = re.compile(r'<a href="(?!https?:|#)[^"]*"')  # on paper it would name a folder of this machine


def make(numbers: list[str], edition: str, formats: str, out: Path) -> int:
    """Make the handouts, telling on stderr how far they are; return the exit status 0.

    Args:
        numbers: of the notebooks, such as "01"; none for all.
        edition: "student", "teacher" or "both".
        formats: some of FORMATS, with commas between.
        out: the folder for student/ and teacher/; it is made where its parent is there.

    Raises:
        ValueError: an option, a notebook or the printing is at fault; no file has been written then.
    """
    paths, kinds = _chosen(numbers), _kinds(formats)
    chosen = EDITIONS if edition == "both" else (edition,)
    if out.exists() and not out.is_dir():
        raise ValueError(f"--out에는 폴더를 적어야 하는데 파일입니다 (받은 값: {out}). 다른 이름을 적으십시오.")
    if not out.parent.is_dir():
        raise ValueError(f"--out의 위 폴더가 있어야 합니다 (받은 값: {out}). 폴더를 먼저 만드십시오.")
    browser = printer.find()
    unprinted = "pdf" in kinds and browser is None
    if unprinted:
        kinds.remove("pdf")
        if not kinds:
            raise ValueError(NO_BROWSER)
    try:
        with tempfile.TemporaryDirectory(
            prefix="handouts-part-", dir=out if out.is_dir() else out.parent, ignore_cleanup_errors=True
        ) as folder:
            made = Path(folder).absolute()
            files = _build(paths, chosen, kinds, made, browser)
            if "html" in kinds and not numbers:
                places = [
                    made / PLAYGROUND,
                    *(made / edition / PLAYGROUND for edition in chosen if edition == "student"),
                ]
                text = explorers.playground()
                files += places
                for place in places:
                    place.write_text(text, **AS_IS)
            for file in files:
                target = out / file.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
    except OSError as error:
        raise ValueError(
            f"{out}에 쓸 수 없습니다 ({error.strerror}). "
            "그 안의 파일이 열려 있으면 닫거나, --out에 다른 폴더를 적으십시오."
        ) from None
    print(f"{out}에 파일 {len(files)}개를 만들었습니다.")
    if unprinted:
        print(NO_BROWSER)
    return 0


def _chosen(numbers: list[str]) -> list[Path]:
    """Return the notebooks with these numbers, all where none is given."""
    found = notebooks()
    for number in numbers:
        if number not in found:
            raise ValueError(f"노트북의 번호는 {', '.join(found)} 가운데 하나여야 합니다 (받은 값: {number}).")
    return [path for number, path in found.items() if not numbers or number in numbers]


def _kinds(formats: str) -> list[str]:
    """Return the formats named in `formats`, each once, in the order of FORMATS."""
    named = formats.split(",")
    if not {*named} <= {*FORMATS}:
        raise ValueError(
            f"--format에는 {', '.join(FORMATS)}를 쉼표로 이어 적어야 합니다 (받은 값: {formats}). 예: html,pdf"
        )
    return [kind for kind in FORMATS if kind in named]


def _build(paths: list[Path], chosen: Iterable[str], kinds: list[str], folder: Path, browser: str | None) -> list[Path]:
    """Write the files to the folders of the editions in `folder` and return them; two browsers print meanwhile."""
    files, prints = [], []
    total = len(paths) * len(chosen) * len(kinds)
    with tqdm(total=total, desc="유인물", unit="파일", leave=False) as bar, ThreadPoolExecutor(2) as pool:
        try:
            for path in paths:
                place = Path(path.parent.name if path.parent.name == "extra" else "", path.name)
                for (edition, texts), kind in product(_texts(path, chosen, kinds), kinds):
                    file = folder / edition / place.with_suffix(f".{kind}")
                    file.parent.mkdir(parents=True, exist_ok=True)
                    files.append(file)
                    if kind == "pdf":
                        printed = folder / f"{edition}_{path.stem}.html"
                        printed.write_text(LOCAL_LINK.sub("<a", texts["html"]), **AS_IS)
                        prints.append(pool.submit(printer.print_pdf, browser, printed, file))
                        prints[-1].add_done_callback(lambda _: bar.update())
                    else:
                        file.write_text(texts[kind], **AS_IS)
                        bar.update()
            for done in prints:
                done.result()
        except BaseException:  # Ctrl+C too
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return files


def _texts(path: Path, chosen: Iterable[str], kinds: list[str]) -> Iterable[tuple[str, dict[str, str]]]:
    """Return (edition, {format: text}): the notebook of each, and its page where HTML or PDF is asked for."""
    try:
        nb = nbformat.read(path, as_version=4)
        made = {
            edition: editions.student(nb)
            if edition == "student"
            else editions.teacher(nb, answers(path.stem.partition("_")[0]))
            for edition in chosen
        }
        html = {} if kinds == ["ipynb"] else page.pages(made)
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    return [(edition, {"ipynb": nbformat.writes(nb) + "\n", "html": html.get(edition)}) for edition, nb in made.items()]
