"""Tests of what every command shares: argparse speaks Korean by gettext, whatever the language of the reader."""

import argparse
import errno
import gettext
import inspect
import io
import os
import re
import sys
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from mlp_tutorial.terminal import CATALOGUE, LOCALE, KoreanParser, as_path, typed, use_utf8, whole, whole_file
from mlp_tutorial.terminal.korean import topic

PO = LOCALE / "ko" / "LC_MESSAGES" / f"{CATALOGUE}.po"
ENGLISH = r"usage|options|argument|expected|invalid|choose|unrecognized|required|ignored|show this"


def test_the_catalogue_is_compiled_and_argparse_asks_for_each_of_its_sentences() -> None:
    with PO.open("rb") as written, PO.with_suffix(".mo").open("rb") as compiled:
        korean, read = (
            {each.id: each.string for each in of if each.id} for of in (read_po(written), read_mo(compiled))
        )
    assert korean == read, "compile it anew"
    source = inspect.getsource(argparse)
    assert [english for english in korean if f"'{english}'" not in source] == []


@pytest.mark.parametrize("language", [None, "de:en", "ko", "C"])
@pytest.mark.parametrize(
    "given",
    ["--H", "--H x", "--kind c", "--flag=3", "--help=3", "-hx", "--nosuch --H 3", "", "--H 3 more", "--help"],
)
def test_it_speaks_korean_alone_and_leaves_the_environment(
    given: str, language: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("LANGUAGE", raising=False)
    if language:
        monkeypatch.setenv("LANGUAGE", language)
    before = dict(os.environ), gettext.textdomain()
    parser = KoreanParser("x", description="설명")
    parser.add_argument("--H", type=whole, required=True, metavar="수", help="도움")
    parser.add_argument("--kind", choices=("a", "b"), help="도움")
    parser.add_argument("--flag", action="store_true", help="도움")
    with pytest.raises(SystemExit):
        parser.parse_args(given.split())
    said = "".join(capsys.readouterr())
    assert not re.search(ENGLISH, said), said
    assert any("가" <= letter <= "힣" for letter in said)
    assert (dict(os.environ), gettext.textdomain()) == before


@pytest.mark.parametrize(
    ("encoding", "terminal", "written"),
    [("ascii", True, "utf-8"), ("cp1252", False, "utf-8"), ("euc_kr", False, "utf-8"), ("euc_kr", True, "euc_kr")],
)
def test_korean_comes_out_on_any_console(
    encoding: str, terminal: bool, written: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = [io.BytesIO(), io.BytesIO()]
    for name, file in zip(("stdout", "stderr"), files, strict=True):
        stream = io.TextIOWrapper(file, encoding=encoding)
        monkeypatch.setattr(stream, "isatty", lambda: terminal, raising=False)
        monkeypatch.setattr(sys, name, stream)
    use_utf8()
    for stream in (sys.stdout, sys.stderr):
        stream.write("손실 ‘−0.5’")
        stream.flush()
    assert [file.getvalue() for file in files] == ["손실 ‘−0.5’".encode(written, errors="replace")] * 2


def test_a_home_that_no_shell_has_written_out_is_no_folder_of_that_name() -> None:
    assert as_path("~/handouts") == Path.home() / "handouts"


@pytest.mark.skipif(os.name == "nt", reason="its terminals quote otherwise")
def test_a_command_with_a_blank_can_be_typed_as_it_is_shown() -> None:
    assert typed("../a b/python", "-m", "x", "1학년 2반") == "'../a b/python' -m x '1학년 2반'"
    assert typed("python", "new_class.py", "1ban") == "python new_class.py 1ban"


def test_two_processes_that_write_one_file_leave_that_of_the_last_whole(tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    with whole_file(path) as own, pytest.MonkeyPatch.context() as patch:
        own.write_bytes(b"the last's")
        patch.setattr(os, "getpid", lambda: 1)
        with whole_file(path) as others:
            others.write_bytes(b"the first's")
        assert path.read_bytes() == b"the first's"
    assert path.read_bytes() == b"the last's"
    assert [*tmp_path.iterdir()] == [path]


@pytest.mark.parametrize(
    "error", [OSError(errno.EDQUOT, "Disk quota exceeded"), RuntimeError("[enforce fail at inline_container.cc:672] .")]
)
def test_a_full_disk_is_told_with_the_file_and_the_old_one_stays(error: Exception, tmp_path: Path) -> None:
    path = tmp_path / "checkpoint.pt"
    path.write_bytes(b"old")

    def half(part: Path) -> None:
        part.write_bytes(b"half")
        raise error

    told = f"디스크가 가득 차 {re.escape(str(path))}에 쓸 수 없습니다"
    with pytest.raises(ValueError, match=told), whole_file(path) as part:
        half(part)
    assert path.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [path]
    with pytest.raises(RuntimeError, match="other"), whole_file(path):
        raise RuntimeError("other")


def test_particles_follow_what_is_read() -> None:
    with_consonant = ["D_in", "D_out", "model", "x_val", "10", "0.1", "1e+06", "widths[0]", "(8, 1)", "(8,)", "float16"]
    with_consonant += ["baseline"]
    with_vowel = ["H", "x", "seed", "labels", "2", "1e-05", "0.04", "widths[2]", "(8, 9)", "torch.float32"]
    assert [topic(name)[-1] for name in with_consonant] == ["은"] * len(with_consonant)
    assert [topic(name)[-1] for name in with_vowel] == ["는"] * len(with_vowel)
