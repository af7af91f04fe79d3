"""The folder answers/: what stands apart from the notebooks, one file each, so that no reader meets it by chance.

Its model answers and hidden tests make the teacher's edition, its objectives the teacher's table of where each is
taught and assessed; its other tables are answers tried on the checks.
"""

import tomllib
from typing import Any

from mlp_tutorial.classroom import notebooks

OBJECTIVES = "objectives"  # the one table that is no exercise's
BETWEEN = "\n# ---\n"  # parts of an answer that goes into several places of its cell


def answers(number: str) -> dict[str, dict[str, Any]]:
    """Return grade_id → `answer` (text), `hidden` (cases, of code exercises) and the tried answers of a notebook.

    Raises:
        ValueError: there is no such file, as where a teacher handed out the repository without the folder.
    """
    return {name: table for name, table in _read(number).items() if name != OBJECTIVES}


def objectives(number: str) -> list[dict[str, Any]]:
    """Return each objective's `text`, the `sections` that teach it and what it is `assessed` by; raise as `answers`."""
    return _read(number).get(OBJECTIVES, [])


def _read(number: str) -> dict[str, Any]:
    """Return all tables of a notebook's file; raise as `answers`."""
    file = notebooks.PROJECT / "answers" / f"{number}.toml"
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ValueError(
            f"교사용 노트북과 채점에는 모범 답안이 있어야 합니다 (찾은 곳: {file}). "
            "저장소의 answers 폴더를 되돌려 놓으십시오. 학생용 유인물은 --edition student로 만들 수 있습니다."
        ) from None
    except tomllib.TOMLDecodeError as error:
        raise ValueError(f"answers/{file.name}은 TOML이어야 합니다 (까닭: {error}). 그 줄을 고치십시오.") from None


def parts(answer: str) -> list[str]:
    """Return what goes into each place of an answer cell."""
    return answer.strip("\n").split(BETWEEN)
