"""Tests of `python -m mlp_tutorial classroom`: its options, and what it says where there is nothing to grade."""

from datetime import datetime
from pathlib import Path
from unittest.mock import Mock

import pytest

from mlp_tutorial.classroom import run
from mlp_tutorial.commands import classroom


@pytest.fixture
def grade(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Mock:
    """Put the grading aside, which finds nothing; return what stands in its place."""
    (tmp_path / classroom.CONFIG).touch()
    monkeypatch.chdir(tmp_path)
    found = Mock(return_value=run.Report([], 0, [], {}))
    monkeypatch.setattr(run, "grade", found)
    return found


@pytest.mark.parametrize(
    ("text", "due"),
    [
        ("2026-11-30", datetime(2026, 11, 30, 23, 59, 59)),
        ("2026-11-30 09:00", datetime(2026, 11, 30, 9)),
        ("20261130", datetime(2026, 11, 30, 23, 59, 59)),
    ],
)
def test_a_day_alone_is_due_at_its_end(text: str, due: datetime, grade: Mock) -> None:
    classroom.main(["grade", "1", "--due", text])
    assert grade.call_args.args[1] == "01"
    assert grade.call_args.args[4] == due


def test_where_nothing_was_handed_in_it_says_where_it_looked(grade: Mock, capsys: pytest.CaptureFixture[str]) -> None:
    assert classroom.main(["grade", "01"]) != 0
    said = "".join(capsys.readouterr())
    assert "채점할 파일이 없습니다" in said
    assert str(Path("downloaded", "01", "archive")) in said
