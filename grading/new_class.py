"""The teacher's command: `python grading/new_class.py NAME` makes grading/NAME, which git ignores."""

import sys
from pathlib import Path

from mlp_tutorial.classroom.new_class import new_class
from mlp_tutorial.terminal import fail, run, typed


def main() -> int:
    """Make the folder that the command line names; return the exit status."""
    if len(sys.argv) != 2 or sys.argv[1].startswith("-"):
        return fail("반의 이름을 하나 적으십시오. 예: python grading/new_class.py 1ban")
    folder = Path(__file__).resolve().parent / sys.argv[1]
    try:
        new_class(folder)
    except FileExistsError:
        return fail(f"이미 있는 폴더입니다 (받은 값: {sys.argv[1]}). 다른 이름을 쓰십시오.")
    except ValueError as error:
        return fail(error)
    print(f"반의 폴더를 만들었습니다: {folder}")
    print("01의 과제는 그 안의 downloaded/01/archive에 넣고, 저장소의 폴더에서 이렇게 채점합니다:")
    told = ("-m", "mlp_tutorial", "classroom", "grade", "--class", sys.argv[1], "01")
    print(f"    {typed(sys.executable, *told)}")
    return 0


if __name__ == "__main__":
    run(main)
