"""`python -m mlp_tutorial handouts`: the notebooks' editions, worksheets and slides as files in one folder.

All is made in a temporary folder and moved when it is complete, so that a failure leaves nothing half written.
"""

import re
import shutil
import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, suppress
from itertools import product
from pathlib import Path

import nbformat
from tqdm import tqdm

from mlp_tutorial.classroom import answers, disk, editions, explorers, page, printer, problems, slides, worksheet
from mlp_tutorial.classroom.notebooks import notebooks, number

EDITIONS = ("student", "teacher")
FORMATS = ("ipynb", "html", "pdf", "worksheet", "slides")
WHOLE = FORMATS[:3]  # of an edition; the others there are once, as they hold no answers
WORKSHEET, SLIDES = "_활동지", "_슬라이드"  # what their files' names end in
AS_IS = {"encoding": "utf-8", "newline": "\n"}  # on every system
PLAYGROUND = "놀이터.html"  # all explorers, in the folder and in the student's
NO_BROWSER = (
    "PDF를 만들려면 크롬, 엣지, 크로미움 가운데 하나가 있어야 합니다. "
    "하나를 설치하십시오(데비안과 우분투: apt-get install chromium). 그때까지는 HTML 파일을 브라우저에서 인쇄하십시오."
)
SCREEN = re.compile(  # what only a screen needs: explorers' life, a phone's joints and indentation
    r'<script type="module">.*?</script>|<wbr>|<span class="indent">( *)</span>', re.DOTALL
)


def make(
    numbers: list[str],
    edition: str,
    formats: str,
    out: Path,
    *,
    hints: bool = True,
    quiz_answers: bool = True,
    arrange: Callable[[Path, list[Path]], list[Path]] | None = None,
) -> int:
    """Make the handouts, telling on stderr how far they are; return the exit status 0.

    Args:
        numbers: of the notebooks, such as "01"; none for all.
        edition: "student", "teacher" or "both".
        formats: some of FORMATS, with commas between.
        out: the folder for student/ and teacher/; it is made where its parent is there.
        hints: whether the student's edition has the folded hints.
        quiz_answers: whether it has the folded answers.
        arrange: is given the folder and the files in it, lays them out in another way, and returns them all.

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
    unprinted = browser is None and bool({"pdf", "worksheet"} & {*kinds})
    if kinds == ["pdf"] and unprinted:
        raise ValueError(NO_BROWSER)
    try:
        with tempfile.TemporaryDirectory(
            prefix="handouts-part-", dir=out if out.is_dir() else out.parent, ignore_cleanup_errors=True
        ) as folder:
            made = Path(folder).absolute()
            left_out = [kind for kind, kept in ((problems.HINT, hints), (problems.ANSWER, quiz_answers)) if not kept]
            files = _build(paths, chosen, kinds, left_out, made, browser)
            if "html" in kinds and (arrange or not numbers):
                files.append(made / PLAYGROUND)
                files[-1].write_text(explorers.playground(), **AS_IS)
                if "student" in chosen:
                    files.append(Path(shutil.copy(files[-1], made / "student")))
            files = arrange(made, files) if arrange else files
            for file in files:
                target = out / file.relative_to(made)
                target.parent.mkdir(parents=True, exist_ok=True)
                file.replace(target)
    except OSError as error:
        if error.errno in disk.FULL:
            raise ValueError(disk.told(error.filename or out)) from None
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
    asked = {number(text): text for text in numbers}
    for one, text in asked.items():
        if one not in found:
            raise ValueError(f"노트북의 번호는 {', '.join(found)} 가운데 하나여야 합니다 (받은 값: {text}).")
    return [path for one, path in found.items() if not numbers or one in asked]


def _kinds(formats: str) -> list[str]:
    """Return the formats named in `formats`, each once, in the order of FORMATS."""
    named = formats.split(",")
    if not {*named} <= {*FORMATS}:
        raise ValueError(
            f"--format에는 {', '.join(FORMATS)}를 쉼표로 이어 적어야 합니다 (받은 값: {formats}). 예: html,pdf"
        )
    return [kind for kind in FORMATS if kind in named]


def _build(
    paths: list[Path], chosen: Sequence[str], kinds: list[str], left_out: list[str], folder: Path, browser: str | None
) -> list[Path]:
    """Write the files to the folders of the editions in `folder` and return them; two tabs print meanwhile."""
    files, prints, pool = [], [], None
    with tqdm(desc="유인물", unit="파일", leave=False) as bar, ExitStack() as stack:
        try:
            if browser and {"pdf", "worksheet"} & {*kinds}:
                running = stack.enter_context(printer.Browser(browser))  # starts while the first pages are written
                pool = stack.enter_context(ThreadPoolExecutor(2))
            for done, path in enumerate(paths):
                texts = _texts(path, chosen, kinds, left_out)
                printed = {name.with_suffix(".pdf"): text for name, text, to_print in texts if to_print and browser}
                written = {name: text for name, text, to_print in texts if not to_print}
                bar.total = len(files) + (len(written) + len(printed)) * (len(paths) - done)
                for name, text in (written | printed).items():
                    file = folder / name
                    file.parent.mkdir(parents=True, exist_ok=True)
                    files.append(file)
                    if name in printed:
                        source = folder / f"{'_'.join(name.parts)}.html"
                        source.write_text(page.LOCAL_LINK.sub("<a", SCREEN.sub(r"\1", text)), **AS_IS)
                        prints.append(pool.submit(running.print_pdf, source, file))
                        prints[-1].add_done_callback(lambda _: bar.update())
                    else:
                        file.write_text(text, **AS_IS)
                        bar.update()
            for one in prints:
                one.result()
        except BaseException:  # Ctrl+C too
            if pool:
                pool.shutdown(wait=False, cancel_futures=True)
            raise
    return files


def _texts(path: Path, chosen: Sequence[str], kinds: list[str], left_out: list[str]) -> list[tuple[Path, str, bool]]:
    """Return (file, text, whether it is to be printed) of a notebook's files."""
    number, made = path.stem.partition("_")[0], []
    place = Path(path.parent.name if path.parent.name == "extra" else "", path.name)
    nb, given = editions.stored(path), {}
    try:
        if "teacher" in chosen:
            given = answers.answers(number)
        elif {"pdf", "worksheet"} & {*kinds}:
            with suppress(ValueError):  # they tell how many lines to leave, no more
                given = answers.answers(number)
        student = editions.student(nb)
        for kind in left_out:
            problems.without(student, kind)
        nbs = dict.fromkeys(chosen, student)
        if "teacher" in chosen:
            nbs["teacher"] = editions.with_objectives(editions.teacher(nb, given), answers.objectives(number))
        html = page.pages(nbs, given) if {"html", "pdf"} & {*kinds} else {}
        for edition, kind in product(nbs, WHOLE):
            if kind in kinds:
                text = nbformat.writes(nbs[edition]) + "\n" if kind == "ipynb" else html[edition]
                made.append((Path(edition, place.with_suffix(f".{kind}")), text, kind == "pdf"))
        if "worksheet" in kinds:
            name = Path(chosen[0], place.with_name(f"{path.stem}{WORKSHEET}.html"))
            text = worksheet.worksheet(student, given)
            made += [(name, text, False), (name, text, True)]
        if "slides" in kinds:
            made.append((Path(chosen[-1], place.with_name(f"{path.stem}{SLIDES}.html")), slides.slides(student), False))
    except ValueError as error:
        raise ValueError(f"{path.name}: {error}") from None
    return made
