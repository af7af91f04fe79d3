"""`python -m mlp_tutorial handouts`: the options of the handouts that `classroom` makes."""

import argparse
from pathlib import Path

from mlp_tutorial.terminal import KoreanParser, as_path, attempt


def main(arguments: list[str]) -> int:
    """Make the handouts that `arguments` ask for; return the exit status."""
    options = _options(arguments)

    def make() -> int:
        from mlp_tutorial.classroom import handouts, site  # need packages that no learner does

        how = {"hints": options.hints, "quiz_answers": options.quiz_answers}
        if options.site:
            how["arrange"] = site.lay_out
            return handouts.make(options.numbers, "student", site.FORMATS, options.site, **how)
        return handouts.make(options.numbers, options.edition, options.format, options.out, **how)

    return attempt(make, "유인물을 만들", stopped="유인물 만들기를 멈췄습니다.")


def _options(arguments: list[str]) -> argparse.Namespace:
    """Return the options that `arguments` give."""
    parser = KoreanParser(
        "python -m mlp_tutorial handouts",
        usage="%(prog)s [옵션] [번호 ...]",
        description="노트북으로 학생용(문제의 답과 숨은 시험 없음)과 교사용 유인물, 활동지, 슬라이드를 만듭니다.",
        epilog="PDF에는 크롬, 엣지, 크로미움 가운데 하나가 필요합니다. 인터넷은 필요 없습니다.",
    )
    which = parser.add_argument_group("노트북")
    which.add_argument("numbers", nargs="*", metavar="번호", help="노트북의 번호, 예: 01 03 (없으면 모두)")
    parser.add_argument(
        "--edition", choices=("student", "teacher", "both"), default="both", help="학생용, 교사용, 둘 다 (기본값: both)"
    )
    parser.add_argument(
        "--format",
        default="ipynb,html,pdf,worksheet,slides",
        metavar="형식",
        help="쉼표로 이은 파일 형식 (기본값: %(default)s)",
    )
    parser.add_argument("--no-hints", dest="hints", action="store_false", help="학생용에서 힌트를 뺍니다")
    parser.add_argument(
        "--no-quiz-answers", dest="quiz_answers", action="store_false", help="학생용에서 접힌 답(확인 퀴즈)을 뺍니다"
    )
    parser.add_argument(
        "--site",
        type=as_path,
        metavar="폴더",
        help="학생용 화면과 종이에 차례(index.html)를 더해 이 폴더에 사이트로 만듭니다",
    )
    parser.add_argument(
        "--out", type=as_path, default=Path("handouts"), metavar="폴더", help="저장할 폴더 (기본값: %(default)s)"
    )
    options = parser.parse_args(arguments)
    given = [word for word in arguments if word.partition("=")[0] in ("--edition", "--format", "--out")]
    if options.site and given:
        parser.error(f"--site는 {', '.join(given)}과(와) 함께 쓸 수 없습니다. 하나를 빼십시오.")
    return options
