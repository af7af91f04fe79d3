"""`python -m mlp_tutorial classroom`: a class's lesson graded in one go, and its summary in Korean."""

import argparse
import io
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from mlp_tutorial.classroom.notebooks import PROJECT, number
from mlp_tutorial.terminal import KoreanParser, attempt, typed

CONFIG = "nbgrader_config.py"  # every class's folder has one


def main(arguments: list[str]) -> int:
    """Do what `arguments` ask for; return the exit status, 1 where somebody's hand-in could not be graded."""
    options = _options(arguments)

    def grade() -> int:
        folder = _folder(options.class_name, PROJECT / "grading")
        from mlp_tutorial.classroom import run  # needs packages that no learner does

        which = (options.student or (), options.due)
        done = run.grade(folder, options.lesson, _bars, *which, hidden_tests=options.hidden_tests)
        if not (done.failed or done.skipped or any(row.marks for row in done.rows)):
            place = folder / "downloaded" / options.lesson / "archive"
            raise ValueError(f"채점할 파일이 없습니다 (찾은 곳: {place}). 낸 파일을 그 폴더에 넣고 다시 실행하십시오.")
        print("\n".join(_summary(done, folder)))
        return 1 if done.failed or done.skipped else 0

    return attempt(grade, "채점할", stopped="채점을 멈췄습니다. 같은 명령을 다시 실행하면 이어서 합니다.")


def _options(arguments: list[str]) -> argparse.Namespace:
    """Return the options that `arguments` give."""
    parser = KoreanParser(
        "python -m mlp_tutorial classroom",
        usage="%(prog)s grade [옵션] 번호",
        description="반의 과제를 거두고 채점해 표, 결과, 피드백을 만듭니다. 이미 채점한 것은 그대로 둡니다.",
        epilog="낸 파일은 반의 폴더의 downloaded/번호/archive에 넣습니다. 자세한 것은 docs/teachers.md에 있습니다.",
    )
    parser.add_argument("what", choices=("grade",), metavar="grade", help="거두기부터 피드백까지 한 번에 합니다")
    parser.add_argument("lesson", type=number, metavar="번호", help="노트북의 번호, 예: 01")
    parser.add_argument("--class", dest="class_name", metavar="반", help="반의 이름, 예: 1ban (없으면 지금 폴더)")
    parser.add_argument(
        "--student", action="append", metavar="학번", help="이 학생만 다시 채점합니다 (여러 번 적어도 됨)"
    )
    parser.add_argument(
        "--due",
        type=_time,
        metavar="때",
        help='마감, 예: "2026-11-30 23:59". 늦은 것을 표에 적습니다 (날짜만 적으면 그날 끝까지)',
    )
    parser.add_argument("--hidden-tests", action="store_true", help="피드백에 숨은 시험도 보입니다")
    return parser.parse_args(arguments)


def _time(text: str) -> datetime:
    """Return the local time that an option's text gives."""
    try:
        when = datetime.fromisoformat(text)
        return when if len(text) > len("2026-11-30") else when.replace(hour=23, minute=59, second=59)
    except ValueError:
        raise argparse.ArgumentTypeError(f"때는 2026-11-30 23:59처럼 적으십시오: {text!r}") from None


def _folder(name: str | None, classes: Path) -> Path:
    """Return the class's folder: that of the name, or the current one."""
    folder = Path.cwd() if name is None else classes / name
    if name is not None and not (folder / CONFIG).exists():
        folder = Path(name).absolute()
    if not (folder / CONFIG).exists():
        raise ValueError(
            f"반의 폴더가 아닙니다 (받은 값: {name or folder}). "
            "그 폴더에서 실행하거나 --class에 반의 이름을 적으십시오. "
            f"새 반은 저장소의 폴더에서 {typed(sys.executable, 'grading/new_class.py', '1ban')}으로 만듭니다."
        )
    return folder


def _summary(done: object, folder: Path) -> list[str]:
    """Return the lines that a teacher reads at the end."""
    graded = [row for row in done.rows if row.marks]
    absent = [row for row in done.rows if not row.marks and row.number not in done.failed]
    lines = [f"낸 학생 {len(graded) + len(done.failed)}명, 이번에 채점한 학생 {done.graded}명"]
    pending = sum(mark.pending for row in graded for mark in row.marks.values())
    if pending:
        lines.append(
            f"서술형 {pending}개를 아직 읽지 않았습니다. jupyter lab의 Formgrader에서 채점하고 다시 실행하십시오."
        )
    if done.skipped:
        lines.append("거두지 못한 파일은 고치거나 다시 받아 archive 폴더에 넣고 같은 명령을 다시 실행하십시오.")
    late = [f"{_who(row)} {row.late / 3600:.1f}시간" for row in graded if row.late]
    absence = "내지 않았거나 거두지 못한 학생" if done.skipped else "내지 않은 학생"
    sections = {
        f"늦게 낸 학생 {len(late)}명": late,
        f"{absence} {len(absent)}명": [_who(row) for row in absent],
        "거두지 못한 파일": [f"{name}: {why}" for name, why in done.skipped],
        "채점하지 못한 학생": [f"{number}: {why}" for number, why in done.failed.items()],
        "이 파일을 보십시오": [f"{_who(row)}: {look}" for row in graded for look in row.looks],
        "주의": done.warnings,
    }
    for title, items in sections.items():
        if items:
            lines += ["", f"[{title}]", *(f"  {item}" for item in items)]
    lines += ["", *(f"만든 파일: {file.relative_to(folder)}" for file in done.files), "피드백: feedback/학번/"]
    return lines


def _who(row: object) -> str:
    """Return a student's number and name."""
    return f"{row.number} {row.name}".strip()


def _bars(values: Mapping[str, float], label: str) -> bytes:
    """Return a PNG of label → value as bars."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    from mlp_tutorial.figures import style

    with style.in_style():
        ax = style.axes(None, (7.2, 1.1 + 0.36 * len(values)))
        drawn = ax.barh([*values], [*values.values()], height=0.66, color=style.REGIONS[0], edgecolor=style.BLUE)
        ax.bar_label(drawn, [f"{value:.0f}" for value in values.values()], padding=5)
        ax.invert_yaxis()
        ax.xaxis.get_major_locator().set_params(integer=True)  # there is no half of a student
        most = 100 if label.endswith("(%)") else max([*values.values(), 1])
        ax.set(xlabel=label, xlim=(0, 1.12 * most))
        ax.tick_params(axis="y", length=0)
        file = io.BytesIO()
        ax.figure.savefig(file, format="png", dpi=150)
        pyplot.close(ax.figure)
    return file.getvalue()
