"""Tests of what stops the grading of a class before anything is collected: its settings and its gradebook."""

import os
from pathlib import Path
from unittest.mock import Mock

import pytest
from nbgrader.apps import AutogradeApp, autogradeapp

from mlp_tutorial.classroom import run
from mlp_tutorial.classroom.new_class import CONFIG

SETTINGS = CONFIG.read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a class's folder with one lesson; what its settings do to this process ends with the test."""
    folder, home = tmp_path / "1반 50%", tmp_path / "home"
    for made in (folder / "source" / "01", home):
        made.mkdir(parents=True)
    (folder / "source" / "01" / "01_sample.ipynb").touch()
    (folder / CONFIG.name).write_text(SETTINGS, encoding="utf-8")
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(home))
    monkeypatch.setenv("PATH", os.environ["PATH"])
    monkeypatch.syspath_prepend(home)
    monkeypatch.setattr(autogradeapp, "Autograde", autogradeapp.Autograde)
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (SETTINGS.replace("= 60", "= 60s"), r"nbgrader_config\.py, 13째 줄: SyntaxError"),
        (SETTINGS.replace("= 60", "= sixty"), r"nbgrader_config\.py, 13째 줄: NameError.*'sixty'"),
        (SETTINGS.replace("= 60", '= "120"'), r"nbgrader_config\.py: TraitError.*'timeout'.*'120'"),
        (SETTINGS + "c.ZipCollectApp.strict = 'x'\n", r"nbgrader_config\.py: TraitError.*'strict'.*'x'"),
        (SETTINGS.replace("{5,}", "("), r"11째 줄: student_id는 .*정규식.*받은 값: '\\\\d\('"),
        ("", r"grading\.configure\(…\)를 부르는 줄이 없습니다"),
    ],
    ids=["syntax", "name", "type", "application", "pattern", "none"],
)
def test_a_fault_in_the_settings_is_told_before_anything_is_done(text: str, told: str, folder: Path) -> None:
    (folder / CONFIG.name).write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=rf"반의 설정을 읽지 못해 .*{told}") as caught:
        run.grade(folder, "01", Mock())
    assert str(CONFIG) in str(caught.value)  # the remedy
    assert {path.name for path in folder.iterdir()} == {CONFIG.name, "source", "log"}


def test_settings_elsewhere_do_not_send_the_grading_elsewhere(folder: Path) -> None:
    own = Path(os.environ["JUPYTER_CONFIG_DIR"]) / CONFIG.name
    own.write_text("get_config().CourseDirectory.root = '/elsewhere'\n", encoding="utf-8")
    app = AutogradeApp()
    app.initialize(["01"])
    assert app.coursedir.root == str(folder)
