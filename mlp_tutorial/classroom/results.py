"""What a class's gradebook and graded notebooks say of one lesson: each student's marks, and whom to look at.

As a table that a Korean Excel opens, and as a page that shows what to teach again.
"""

import base64
import csv
import io
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry

from mlp_tutorial.classroom import cells
from mlp_tutorial.classroom.editions import TEXT_STUB
from mlp_tutorial.classroom.restore import KEY
from mlp_tutorial.classroom.templates import template

TASK = re.compile(r"^#+ +(문제 .+?)\s*$", re.MULTILINE)
CALL = "mt.check("  # in a check cell, which then says what it found
REPLACED = "답이나 다른 셀이 mt.check를 바꾸었거나 출력(sys.stdout)을 돌려놓았는지 보십시오."
REPLACING = re.compile(r"\.check\s*=(?!=)|setattr\(\s*mt\b")  # what gives mt.check another meaning
NO_ANSWER = "답이 없습니다."
LEFT_ALONE = re.compile(rf"문제 \d+: {re.escape(NO_ANSWER)}")  # what a check says then
STOPPED = {"CellTimeoutError", "DeadKernelError"}
Draw = Callable[[Mapping[str, float], str], bytes]  # label → value and the axis's name → a PNG


@dataclass
class Mark:
    """One exercise of one student."""

    score: float
    most: float
    pending: bool  # a teacher has yet to read it
    said: str = ""  # why its check failed
    blank: bool = False  # the student did not answer


@dataclass
class Row:
    """One student; `marks` is empty where nothing was graded."""

    number: str
    name: str = ""
    marks: dict[str, Mark] = field(default_factory=dict)  # by the check's or essay's grade_id
    late: float = 0  # seconds
    looks: list[str] = field(default_factory=list)  # what a teacher should look at, and why

    @property
    def total(self) -> float:
        """The sum of the marks."""
        return sum(mark.score for mark in self.marks.values())


def titles(released: NotebookNode) -> dict[str, str]:
    """Return grade_id → the task's heading, of each cell that gives points."""
    found, last = {}, ""
    for cell in released.cells:
        marks = cell.metadata.get("nbgrader", {})
        if marks.get("grade"):
            found[marks["grade_id"]] = last or marks["grade_id"]
        elif cell.cell_type == "markdown":
            last = [last, *TASK.findall(cell.source)][-1]
    return found


def rows(folder: Path, lesson: str, students: Mapping[str, str], named: Mapping[str, str]) -> list[Row]:
    """Return a row of each student that handed in, or that `students` (number → name) lists, by their numbers.

    `named` is what `titles` returns.
    """
    made: dict[str, Row] = {number: Row(number, name) for number, name in students.items()}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as gradebook:
        try:
            submissions = gradebook.find_assignment(lesson).submissions
        except MissingEntry:
            submissions = []
        for submission in submissions:
            number = submission.student_id
            row = made.setdefault(number, Row(number))
            graded = next((folder / "autograded" / number / lesson).glob("*.ipynb"), None)
            if graded is None:
                continue
            row.late = submission.total_seconds_late
            for grade in submission.notebooks[0].grades:
                row.marks[grade.name] = Mark(grade.score, grade.max_score, grade.needs_manual_grade)
            look(row, nbformat.read(graded, as_version=4), named)
    return [made[number] for number in sorted(made)]


def look(row: Row, nb: NotebookNode, named: Mapping[str, str]) -> None:
    """Add to the row what the graded notebook tells."""
    lost = {name for name, mark in row.marks.items() if mark.score < mark.most and not mark.pending}
    for note in nb.metadata.get(KEY, {}).get("notes", []):
        if note["always"] or note["cell"] in lost:
            row.looks.append(f"{named.get(note['cell'], note['cell'])}: {note['said']}")
    cause = ""  # the error of the answer before the check: a name that it left unmade is no second cause
    for i, cell in enumerate(nb.cells, start=1):
        name = cell.metadata.get("nbgrader", {}).get("grade_id")
        if cell.cell_type == "code" and REPLACING.search(cell.source):
            row.looks.append(f"{i}째 셀: mt.check를 바꾸는 것으로 보입니다. 점수를 믿지 말고 답을 보십시오.")
        if name in row.marks and name not in lost and CALL in cell.source and not cells.said_right(cell):
            row.looks.append(f"{named.get(name, name)}: 점수는 얻었으나 확인 셀이 맞았다고 하지 않았습니다. {REPLACED}")
        if name in row.marks and cell.cell_type == "markdown":
            row.marks[name].blank = cell.source.strip() in ("", TEXT_STUB)
        for output in cell.get("outputs", []):
            if output.output_type != "error":
                continue
            said = output.evalue.strip().partition("\n")[0] or output.ename
            if name in row.marks:
                row.marks[name].said = cause if cause and output.ename == "NameError" else said
                row.marks[name].blank = bool(LEFT_ALONE.fullmatch(said))
            elif cell.metadata.get("nbgrader", {}).get("solution"):
                cause = f"답 셀의 오류 {output.ename}: {said}"
            if lost and output.ename in STOPPED:
                row.looks.append(f"{i}째 셀: {output.evalue}")
            elif name in lost and output.ename == "NameError":
                missing = f"확인 셀에 없는 이름입니다({output.evalue})."
                row.looks.append(f"{named.get(name, name)}: {cause or missing}")
        cause = "" if name in row.marks else cause


def table(found: Sequence[Row], named: Mapping[str, str]) -> str:
    """Return the rows as comma-separated values, with the byte-order mark that Excel asks for."""
    text = io.StringIO(newline="")
    write = csv.writer(text).writerow
    write(["학번", "이름", *named.values(), "합계", "만점", "채점 전", "늦음(시간)", "보십시오"])
    most = max((sum(mark.most for mark in row.marks.values()) for row in found), default=0)
    for row in found:
        marks = [row.marks.get(name) for name in named]
        scores = ["" if mark is None or (mark.pending and not mark.score) else f"{mark.score:g}" for mark in marks]
        late = f"{row.late / 3600:.1f}" if row.late else ""
        pending = sum(mark.pending for mark in row.marks.values()) or ""
        told = _safe("; ".join(row.looks) or ("" if row.marks else "거둔 파일 없음"))
        write([row.number, row.name, *scores, f"{row.total:g}", f"{most:g}", pending, late, told])
    return "\ufeff" + text.getvalue()


def _safe(text: str) -> str:
    """Return the text as a cell that Excel takes for no formula, whatever a student called a file."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@") else text


def page(lesson: str, found: Sequence[Row], named: Mapping[str, str], draw: Draw) -> str:
    """Return the page with the distribution of the totals and of each exercise, and what went wrong most often."""
    graded = [row for row in found if row.marks]
    exercises = []
    for name, title in named.items():
        marks = [row.marks[name] for row in graded if name in row.marks and not row.marks[name].pending]
        most = marks[0].most if marks else 0
        scores = Counter(f"{mark.score:g}" for mark in marks)
        answered = [mark for mark in marks if not mark.blank]
        share = sum(mark.score for mark in answered) / (most * len(answered)) if answered and most else None
        said = Counter(mark.said for mark in answered if mark.said).most_common(3)
        waiting = sum(row.marks[name].pending for row in graded if name in row.marks)
        scores = sorted(scores.items(), key=lambda item: float(item[0]))
        blank = len(marks) - len(answered)
        exercises.append(
            dict(title=title, share=share, scores=scores, most=most, said=said, waiting=waiting, blank=blank)
        )
    read = [exercise for exercise in exercises if exercise["share"] is not None and not exercise["waiting"]]
    sums = Counter(row.total for row in graded)
    pictures = []
    if read:
        shares = {exercise["title"]: 100 * exercise["share"] for exercise in read}
        pictures.append((_embedded(draw(shares, "답한 학생이 문제마다 얻은 점수의 평균 (%)")), _told(shares, "%")))
        totals = {f"{total:g}점": sums[total] for total in sorted(sums)}
        pictures.append((_embedded(draw(totals, "합계가 그 점수인 학생 수")), _told(totals, "명")))
    lowest = [exercise for exercise in read if exercise["share"] == min(other["share"] for other in read)]
    return template("results.html.j2").render(
        lesson=lesson, count=len(graded), exercises=exercises, hardest=lowest, pictures=pictures
    )


def _embedded(picture: bytes) -> str:
    """Return the PNG as an address."""
    return "data:image/png;base64," + base64.b64encode(picture).decode()


def _told(values: Mapping[str, float], unit: str) -> str:
    """Return what a picture's bars say."""
    return "막대그래프. " + ", ".join(f"{label} {value:.0f}{unit}" for label, value in values.items())
