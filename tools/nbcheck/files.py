"""Checks on the notebook files as they lie on disk, without running them.

They catch what a re-run cannot: a lost output, a missing section, a dead link, a word that docs/terms.md forbids. Every
check takes a parsed notebook and its path and yields one (cell, Korean message) per fault; `faults` makes them a list.
"""

import ast
import base64
import json
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from nbformat import NotebookNode

from nbcheck import PYTHON, WIDGET, code_cells, output_alts, saved, without_colours
from nbcheck.words import FENCE, INLINE_CODE, advice, alts, printed, python, read_in_cell, wrong_words

Faults = Iterator[tuple[NotebookNode, str]]

MATH = re.compile(r"\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)
LINK = re.compile(r'\]\(<?([^)>\s]+)>?[^)]*\)|(?:src|href)="([^"]+)"|^\[[^\]]+\]:\s*(\S+)', re.MULTILINE)
MACHINE = re.compile(r"(?<![\w.~-])/(?:home|work|tmp|Users)/|\bC:\\|ipykernel_\d+")
OFF_TAGS = {"nbval-ignore-output", "nbval-skip", "pytest-validate-ignore-output"}
NBVAL_OFF = re.compile(r"^\s*#+\s*(NBVAL_IGNORE_OUTPUT|NBVAL_SKIP|PYTEST_VALIDATE_IGNORE_OUTPUT)\s*$", re.MULTILINE)
ANSWER = re.compile(r"<details><summary>답 보기</summary>\n\n.+?\n\n</details>", re.DOTALL)
SHOWS = {"print": "stdout", "display": "display_data", "plt.show": "display_data"}
ELSEWHERE = re.compile("with .*(redirect|suppress|capture)")  # what is printed within may not come out
DEVICE_LINE = 'device = "cpu"  # GPU가 있으면 "cuda"'
CHOOSES = r"^\s*device\s*=|\bdevice=[\"'](?!meta)|\.(?:device|to)\([\"']|\.cuda\(|\bset_default_device\b"
AGAIN = f"`{PYTHON} tools/rerun.py`로 다시 실행해 저장하십시오."
KINDS = {"stdout": "글(print)", "display_data": "그림", "execute_result": "마지막 줄의 값"}
# An attribute or a call may be None and show nothing, so neither is a value for certain.
VALUES = (ast.BinOp, ast.Compare, ast.Constant, ast.Dict, ast.JoinedStr, ast.List, ast.Name, ast.Subscript, ast.Tuple)
ITEMS = "- **선수 지식**: ", "- **예상 시간**: 약 ", "- **따라가는 글**: "
R_TABLE, MISTAKES, QUIZ = "## R에서 온 독자를 위한 대응표", "## 자주 하는 실수", "## 확인 퀴즈"
SECTIONS = ("## 학습 목표", *ITEMS, R_TABLE, MISTAKES, "## 직접 해보기", QUIZ, "## 요약", "## 다음으로")


FIRST = "01"  # comes after no other notebook
RECALL, ASKED_BACK = "## 떠올리기", 2  # questions about earlier notebooks
CHECKPOINTS = {"04": "## 중간 점검: 01–04", "07": "## 마지막 점검: 01–07"}
R_BLOCK = re.compile(r"^(> ?)?```r$", re.MULTILINE | re.IGNORECASE)
R_MARK = "> **R이라면**"
MARKED_R = re.compile(rf"^{re.escape(R_MARK)} \([^\n]*\)\n\n```r$", re.MULTILINE)
STRUCK = re.compile(r"(?<![~\\])~(?=[^\s~])[^~]*[^\s~\\]~(?!~)")


def read(path: Path) -> NotebookNode:
    """Return the notebook as it is written, but for what `saved.load` mends and the notebook's own test tells."""
    return saved.load(path)[0]


def faults(name: str, nb: NotebookNode, path: Path) -> list[str]:
    """Return the messages of the check of that name, each opening with its cell's id; none where all is well."""
    return [f"{cell.id}: {message}" for cell, message in CHECKS[name](nb, path)]


def means_error(cell: NotebookNode) -> bool:
    """Return whether the cell is tagged to end in an error."""
    return "raises-exception" in cell.metadata.get("tags", [])


def lines(nb: NotebookNode) -> list[tuple[NotebookNode, str]]:
    """Return (cell, line) for each markdown line outside fenced code, and (cell, "") for each code cell."""
    texts = [(cell, FENCE.sub("", cell.source) if cell.cell_type == "markdown" else "") for cell in nb.cells]
    return [(cell, line.rstrip()) for cell, text in texts for line in text.split("\n")]


def counts(nb: NotebookNode, _: Path) -> Faults:
    """Find the first cell that is empty or whose execution count isn't its number: nbval compares no uncounted cell."""
    for number, cell in enumerate(code_cells(nb), start=1):
        if not cell.source.strip():  # JupyterLab adds one below the last cell that is run
            yield cell, "빈 코드 셀입니다. 셀을 지우십시오(주피터랩에서 셀의 왼쪽을 누르고 D를 두 번)."
            return
        if cell.execution_count != number:
            now = cell.execution_count or "없음"
            yield cell, f"실행 번호가 {number}이어야 합니다(지금: {now}). 새 커널에서 모두 실행해 저장하십시오."
            return  # a cell run again out of order shifts all that follow, and one re-run mends them


def jumps(node: ast.stmt) -> bool:
    """Return whether the statement may skip what follows it in its loop."""
    own = not isinstance(node, (ast.For, ast.While, ast.FunctionDef, ast.ClassDef))
    return own and any(isinstance(part, (ast.Break, ast.Continue)) for part in ast.walk(node))


def shown_by(body: list[ast.stmt]) -> Iterator[str]:
    """Yield what statements that run for certain leave behind: stdout, display_data."""
    for node in body:
        if jumps(node):
            return
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            name = ast.unparse(node.value.func)
            if name in SHOWS and not any(keyword.arg == "file" for keyword in node.value.keywords):
                yield SHOWS[name]
        elif isinstance(node, (ast.For, ast.With)) and not ELSEWHERE.match(ast.unparse(node)):
            yield from shown_by(node.body)


def promised(source: str) -> set[str]:
    """Return the KINDS of output that the code must leave."""
    try:
        body = ast.parse(python(source)).body
    except SyntaxError:
        return set()
    value = body[-1].value if body and isinstance(body[-1], ast.Expr) else None
    quiet = source.rstrip().endswith(";") or (isinstance(value, ast.Constant) and value.value is None)
    return {*shown_by(body), *(["execute_result"] if isinstance(value, VALUES) and not quiet else [])}


def outputs(nb: NotebookNode, _: Path) -> Faults:
    """Find cells that print or draw for certain and hold no such output; one meant to fail may not get that far."""
    for cell in code_cells(nb):
        held = {output.get("name", output.output_type) for output in cell.outputs}
        missing = promised(cell.source) - held
        if missing and not means_error(cell):
            names = ", ".join(KINDS[kind] for kind in sorted(missing))
            yield cell, f"있어야 할 출력이 없습니다: {names}. 셀을 다시 실행해 저장하십시오."


def errors(nb: NotebookNode, _: Path) -> Faults:
    """Find warnings on stderr, errors that nobody meant, and meant errors that did not come."""
    for cell in code_cells(nb):
        raised = any(output.output_type == "error" for output in cell.outputs)
        if any(output.get("name") == "stderr" for output in cell.outputs):
            yield cell, "경고(stderr)가 출력에 남아 있습니다. 경고의 까닭을 고치고 다시 실행하십시오."
        if raised and not means_error(cell):
            yield cell, "오류로 멈춘 셀입니다. 고치거나, 뜻한 오류라면 raises-exception 태그를 다십시오."
        if means_error(cell) and not raised:
            yield cell, "raises-exception 태그가 있는데 오류가 없습니다. 다시 실행하거나 태그를 떼십시오."


def ignored(nb: NotebookNode, _: Path) -> Faults:
    """Find cells that nbval is told not to compare; an interactive one too is compared, by its picture."""
    for cell in code_cells(nb):
        if OFF_TAGS & set(cell.metadata.get("tags", [])) or NBVAL_OFF.search(cell.source):
            yield cell, "출력을 견주지 않게 해 둔 셀입니다. nbval 태그나 주석을 지우십시오."


def widgets(nb: NotebookNode, _: Path) -> Faults:
    """Find widgets and their state, which no kernel knows any more; a picture stands in their place."""
    for cell in code_cells(nb):
        if any(WIDGET in output.get("data", {}) for output in cell.outputs):
            what = "움직이는 위젯이 출력에 남아 있어, 다시 열면 ‘model not found’로 보입니다."
            yield cell, f"{what} 위젯을 그림(image/png)과 함께 한 출력으로 내보내고 {AGAIN}"
    if "widgets" in nb.metadata:
        yield nb.cells[0], f"노트북의 메타데이터에 위젯의 상태(widgets)가 남아 있습니다. {AGAIN}"


def poor(alt: str) -> bool:
    """Return whether the alt text is no Korean of more than ten characters."""
    return len(alt) <= 10 or not re.search("[가-힣]", alt)


def alt_texts(nb: NotebookNode, _: Path) -> Faults:
    """Find a poor alt text, and a code cell whose outputs hold other than one picture with its metadata's alt text."""
    for cell in nb.cells:
        for alt in filter(poor, alts(cell)):
            what = f"그림의 대체 텍스트가 없거나 모자랍니다(지금: {alt!r})."
            yield cell, f"{what} 그림에 보이는 것을 한국어 한 문장으로 적으십시오."
    for cell in code_cells(nb):
        held = output_alts(cell)
        if len(held) > 1:
            yield cell, f"셀 하나에 그림이 {len(held)}개 있습니다. 대체 텍스트는 셀마다 하나이므로 셀을 나누십시오."
        elif "alt" not in cell.metadata and held:
            yield cell, f'그림의 대체 텍스트가 없습니다. 셀의 메타데이터에 "alt": "…"로 적고 {AGAIN}'
        elif "alt" in cell.metadata and not held:
            what = "대체 텍스트가 있는데 그림이 없습니다. 그림이 없어야 한다면 메타데이터에서 alt를 지우고"
            yield cell, f"{what} {AGAIN}"
        elif held and held[0] != cell.metadata.alt:
            yield cell, f"그림의 대체 텍스트가 셀의 메타데이터에 적힌 것과 다릅니다. {AGAIN}"


def title(nb: NotebookNode, path: Path) -> Faults:
    """Find a notebook whose one title does not open its first cell with the file's own number."""
    start = f"# {path.stem.partition('_')[0]} "
    titles = [cell for cell, line in lines(nb) if line.startswith("# ")]
    if titles != nb.cells[:1] or not nb.cells[0].source.startswith(start):
        yield [nb.cells[0], *titles][-1], f"제목(#)은 하나이고 첫 셀의 첫 줄이 ‘{start}…’이어야 합니다."


def sections(nb: NotebookNode, _: Path) -> Faults:
    """Find sections that are missing, doubled, empty in their own line, or out of order."""
    every, before, last = lines(nb), nb.cells[0], -1
    for name in SECTIONS:
        places = [i for i, (_, line) in enumerate(every) if (line.startswith(name) if name in ITEMS else line == name)]
        if len(places) != 1:
            yield before, f"‘{name}’ 줄이 {len(places)}번 있습니다. 이 셀에서부터 살펴 꼭 한 번만 두십시오."
            continue
        cell = every[places[0]][0]
        if places[0] < last:
            yield cell, f"‘{name}’의 차례가 다릅니다. 차례: {', '.join(SECTIONS)}"
        before, last = cell, places[0]


def section(nb: NotebookNode, heading: str) -> list[tuple[NotebookNode, str]]:
    """Return the (cell, line) pairs from the heading to the next one of its level; none where it is missing."""
    every = lines(nb)
    heads = [i for i, (_, line) in enumerate(every) if line.startswith("## ")]
    starts = [i for i in heads if every[i][1] == heading]
    end = next((i for i in heads if starts and i > starts[0]), len(every))
    return every[starts[0] : end] if starts else []


def contents(nb: NotebookNode, _: Path) -> Faults:
    """Find an R table without rows, and mistakes that raise no error."""
    table, mistakes = (section(nb, heading) for heading in (R_TABLE, MISTAKES))
    if table and sum(line.startswith("|") for _, line in table) < 3:
        yield table[0][0], "R 대응표가 비었습니다. ‘| R의 torch | PyTorch | 조심할 점 |’ 아래에 줄을 채우십시오."
    if mistakes and not any(means_error(cell) for cell, _ in mistakes):
        yield mistakes[0][0], "‘자주 하는 실수’에 raises-exception 태그를 단 진짜 오류가 있어야 합니다."


def asked(nb: NotebookNode, heading: str) -> tuple[list[str], int]:
    """Return the numbers of a section's questions, and how many folded answers it has."""
    text = "\n".join(line for _, line in section(nb, heading))
    return re.findall(r"^\*\*(\d+)\.\*\* \S", text, re.MULTILINE), len(ANSWER.findall(text))


def questions(nb: NotebookNode, path: Path) -> Faults:
    """Find a quiz without three questions, a notebook without two about earlier ones, a checkpoint without four."""
    number = path.stem.partition("_")[0]
    wanted = {QUIZ: (3, 3)} if section(nb, QUIZ) else {}  # `sections` tells of a missing one
    if number != FIRST:
        wanted[RECALL] = (ASKED_BACK, ASKED_BACK)
    if number in CHECKPOINTS:
        wanted[CHECKPOINTS[number]] = (4, 6)
    for heading, (least, most) in wanted.items():
        found, n_answers = asked(nb, heading)
        numbered = found == [str(i + 1) for i in range(len(found))]
        if not (least <= len(found) <= most and numbered and n_answers == len(found)):
            how_many = least if least == most else f"{least}–{most}"
            what = f"‘{heading}’ 절에는 **1.**부터 번호를 단 물음이 {how_many}개 있고 저마다 접힌 ‘답 보기’가"
            yield (section(nb, heading) or lines(nb))[0][0], f"{what} 있어야 합니다(지금: 물음 {len(found)}개)."


def r_blocks(nb: NotebookNode, _: Path) -> Faults:
    """Find R code that could be taken for a cell to run: a quotation of one line, R_MARK, stands above it.

    The code itself is not quoted: in a quotation JupyterLab takes what stands between two `$` for mathematics.
    """
    for cell in nb.cells:
        found = R_BLOCK.findall(cell.source) if cell.cell_type == "markdown" else []
        if len(found) != len(MARKED_R.findall(cell.source)):
            yield cell, f"R 코드(```r)는 인용(>) 밖에, ‘{R_MARK} (글의 …)’인 줄과 빈 줄 아래에 적습니다."


def struck(nb: NotebookNode, _: Path) -> Faults:
    """Find two ranges written 1~3: JupyterLab strikes out what is between their tildes, nbconvert does not."""
    for cell, line in lines(nb):
        if STRUCK.search(MATH.sub("", INLINE_CODE.sub("`", line))):
            yield cell, "범위는 1–3처럼 –로 적습니다. 한 줄에 ~가 둘이면 주피터랩이 그 사이에 줄을 긋습니다."


def terms(nb: NotebookNode, _: Path) -> Faults:
    """Find forbidden words in what a learner reads."""
    for cell in nb.cells:
        yield from ((cell, advice(word)) for word in wrong_words(read_in_cell(cell)))


@cache
def anchors(path: Path) -> set[str]:
    """Return the file's heading anchors as JupyterLab makes them (spaces become dashes) and as GitHub does."""
    if path.suffix == ".ipynb":
        text = "\n".join(line for _, line in lines(read(path)))
    else:
        text = FENCE.sub("", path.read_text(encoding="utf-8"))
    heads = [re.sub(r"[`*]", "", head).strip() for head in re.findall(r"^#+ (.+)$", text, re.MULTILINE)]
    github = {re.sub(r"[^\w\s-]", "", head.lower()).replace(" ", "-") for head in heads}
    return github | {head.replace(" ", "-") for head in heads}


def broken_links(text: str, path: Path) -> list[str]:
    """Return the relative links of a markdown text at `path` that lead to no file or to no heading."""
    broken = []
    for link in map("".join, LINK.findall(MATH.sub("", INLINE_CODE.sub("`", FENCE.sub("", text))))):
        file, _, heading = unquote(link).partition("#")
        target = path.parent / file if file else path
        found = target.exists() and (not heading or heading in anchors(target))
        if not found and not re.match(r"[a-z]+:", link):
            broken.append(link)
    return broken


def links(nb: NotebookNode, path: Path) -> Faults:
    """Find relative links that lead nowhere."""
    for cell in nb.cells:
        if cell.cell_type == "markdown":
            for link in broken_links(cell.source, path):
                yield cell, f"링크 ‘{link}’가 가리키는 파일이나 제목이 없습니다. 이름을 고치십시오."


def sizes(nb: NotebookNode, _: Path) -> Faults:
    """Find pictures above 400 KB and a notebook above 2 MB."""
    for cell in nb.cells:
        for output in cell.get("outputs", []):
            kilobytes = len(base64.b64decode(output.get("data", {}).get("image/png", ""))) / 1000
            if kilobytes > 400:
                yield cell, f"그림이 {kilobytes:.0f} KB입니다. figsize나 점의 수를 줄여 400 KB 아래로 만드십시오."
    weights = [len(json.dumps(cell, ensure_ascii=False).encode()) for cell in nb.cells]
    if sum(weights) > 2_000_000:
        heaviest = nb.cells[weights.index(max(weights))]
        yield heaviest, "노트북이 2 MB를 넘습니다. 가장 무거운 이 셀의 출력부터 줄이십시오."


def ids(nb: NotebookNode, path: Path) -> Faults:
    """Find cell ids that are not the file's number and two digits, or do not rise."""
    number, before = path.stem.partition("_")[0], ""
    for cell in nb.cells:
        if not re.fullmatch(rf"{number}-\d\d", cell.id):
            yield cell, f"셀의 id는 ‘{number}-’ 뒤에 두 자리 수여야 합니다. 앞뒤 셀 사이의 번호로 바꾸십시오."
            continue
        if cell.id <= before:
            yield cell, f"셀의 id가 앞 셀의 {before}보다 커야 합니다. 겹치지 않는 번호로 바꾸십시오."
        before = cell.id


def metadata(nb: NotebookNode, _: Path) -> Faults:
    """Find a kernel other than python3, and what other editors left: the times of a run and their own marks."""
    name = nb.metadata.get("kernelspec", {}).get("name")
    if name != "python3":
        yield nb.cells[0], f"노트북의 커널이 {name}입니다. Python 3(python3)여야 합니다. {AGAIN}"
    if left := saved.LEFT_IN_NOTEBOOK & set(nb.metadata):
        yield nb.cells[0], f"다른 편집기가 노트북의 메타데이터에 남긴 것이 있습니다({', '.join(sorted(left))}). {AGAIN}"
    marked = [cell for cell in nb.cells if saved.LEFT_IN_CELLS & set(cell.metadata)]
    if marked:  # all in one message, as an editor marks each cell
        left = sorted(saved.LEFT_IN_CELLS & {name for cell in marked for name in cell.metadata})
        what = f"셀 {len(marked)}개의 메타데이터에 실행한 시각이나 다른 편집기의 표시가 있습니다({', '.join(left)})."
        yield marked[0], f"{what} {AGAIN}"


def device(nb: NotebookNode, _: Path) -> Faults:
    """Find all lines that choose a device but the first, and that one too unless it is DEVICE_LINE."""
    found = [(cell, line) for cell in code_cells(nb) for line in cell.source.split("\n") if re.search(CHOOSES, line)]
    for number, (cell, line) in enumerate(found):
        if number or line != DEVICE_LINE:
            told = f"장치는 노트북에서 한 번만, 꼭 ‘{DEVICE_LINE}’이라는 줄로 정합니다"
            yield cell, f"{told} (찾은 줄: {line.strip()}). 다른 곳에는 device를 쓰십시오."


def machine_paths(nb: NotebookNode, _: Path) -> Faults:
    """Find cells whose source, outputs or traceback name a place on one machine; IPython itself writes ~ for home."""
    for cell in nb.cells:
        lines_of_errors = [line for output in cell.get("outputs", []) for line in output.get("traceback", [])]
        written = MACHINE.search("\n".join([cell.source, printed(cell), *alts(cell)]))
        traced = MACHINE.search(without_colours("\n".join(lines_of_errors)))  # a colour would hide a path's start
        if written:
            yield cell, f"한 컴퓨터에만 있는 경로 ‘{written[0]}…’가 있습니다. 경로를 지우고 다시 실행하십시오."
        elif traced:
            where = f"오류의 추적 기록에 한 컴퓨터에만 있는 경로 ‘{traced[0]}…’가 있습니다."
            yield cell, f"{where} {AGAIN} 경로를 지웁니다."


_NOTEBOOK = (counts, outputs, errors, ignored, widgets, alt_texts, title, sections)
_READER = (contents, questions, r_blocks, struck, terms, links, sizes, ids, metadata, device, machine_paths)
CHECKS: dict[str, Callable[[NotebookNode, Path], Faults]] = {check.__name__: check for check in _NOTEBOOK + _READER}
