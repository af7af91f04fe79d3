"""What every command shares: options explained in Korean, errors in one line, UTF-8, files written whole.

`korean` and `remedies`, of which messages in notebooks are made too, and `progress` stand beside it.

argparse asks gettext for each of its own sentences, so a catalogue (locale/ko) gives them in Korean.
"""

import argparse
import errno
import gettext
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

CATALOGUE, LOCALE = "argparse", Path(__file__).with_name("locale")
OTHER_KOREAN = ("euc_kr", "euc-kr", "cp949")  # encodings of Korean terminals, which lack some of our signs
FULL = (errno.ENOSPC, errno.EDQUOT)
NEGATIVE = re.compile(r"-(\.?\d|inf|nan)")  # the start of a number; argparse takes -1e-4 for an option


class KoreanParser(argparse.ArgumentParser):
    """An argument parser that explains itself in Korean and takes options in their full spelling alone."""

    def __init__(self, prog: str, **options: object) -> None:
        with in_korean():
            super().__init__(prog=prog, allow_abbrev=False, **options)

    def parse_args(self, args: Sequence[str] | None = None, namespace: None = None) -> argparse.Namespace:
        """Return the options; a wrong one ends the process with one Korean line and status 2."""
        with in_korean():
            return super().parse_args(_joined(sys.argv[1:] if args is None else args), namespace)

    def parse_known_args(
        self, args: Sequence[str] | None = None, namespace: argparse.Namespace | None = None
    ) -> tuple[argparse.Namespace, list[str]]:
        """Return the options, and what is none of them."""
        with in_korean():
            return super().parse_known_args(args, namespace)

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with status 2."""
        self.exit(fail(f"{message} (도움말: {self.prog} --help)"))


def typed(*words: str) -> str:
    """Return the command as one types it into a POSIX shell or PowerShell, also where a folder's name has a blank."""
    line = subprocess.list2cmdline(words) if os.name == "nt" else shlex.join(words)
    return f"& {line}" if line.startswith('"') else line  # else PowerShell takes it for a string


def whole(text: str) -> int:
    """Return the whole number that an option's text spells; argparse tells the learner where it spells none."""
    try:
        return int(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"정수가 아닙니다: {text!r}") from None


def real(text: str) -> float:
    """Return the number that an option's text spells; argparse tells the learner where it spells none."""
    try:
        return float(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"수가 아닙니다: {text!r}") from None


def as_path(text: str) -> Path:
    """Return the path that an option's text spells; no shell knows ~ in --out=~/handouts, nor does a notebook."""
    return Path(os.path.expanduser(text))


def fail(message: object, status: int = 2) -> int:
    """Print `message` in one line on stderr; return the exit status."""
    print("오류:", " ".join(str(message).split()), file=sys.stderr)
    return status


def attempt(work: Callable[[], int], purpose: str, stopped: str) -> int:
    """Do the work, which needs packages of requirements-test.txt; return its status, or say why there is none.

    Args:
        work: what to do; it returns an exit status.
        purpose: what the packages are for, before the word 패키지.
        stopped: what to say after Ctrl+C.
    """
    try:
        return work()
    except ModuleNotFoundError as error:
        remedy = "'pip install -r requirements-test.txt'로 설치하십시오."
        return fail(f"{purpose} 패키지 {error.name}이(가) 없습니다. {remedy}")
    except PermissionError as error:
        remedy = "그 파일과 폴더의 주인과 권한을 보고, 열어 둔 프로그램이 있으면 닫은 다음 다시 실행하십시오."
        return fail(f"파일을 읽고 쓸 수 있어야 합니다 (받은 값: {error.filename}). {remedy}")
    except ValueError as error:
        return fail(error)
    except KeyboardInterrupt:
        return fail(stopped, status=130)


def use_utf8() -> None:
    """Write UTF-8 to both streams, as a redirected Windows console has no Korean; a Korean terminal keeps its own."""
    for stream in (sys.stdout, sys.stderr):
        if stream.isatty() and stream.encoding.lower() in OTHER_KOREAN:
            stream.reconfigure(errors="replace")
        else:
            stream.reconfigure(encoding="utf-8")


def run(main: Callable[[], int]) -> NoReturn:
    """Run a command as a process of its own and exit with the status that `main` returns, or with 1 where nobody reads.

    Whoever read the output may have gone, as `head` does after its lines.
    """
    use_utf8()
    try:
        try:
            status = main()
        finally:
            sys.stdout.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's own flush at its end
        status = 1
    sys.exit(status)


def check_folder(option: str, folder: Path) -> None:
    """Raise ValueError where no file can be written in `folder`, before any work is done for one.

    Permissions do not tell it, as root, a full disk and a system's own folders have rules of their own; writing does.
    """
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"1")
    except OSError as error:
        raise ValueError(
            f"{option}의 폴더 {folder}에 쓸 수 없습니다 ({error.strerror}). 다른 폴더를 적으십시오."
        ) from None


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Yield a hidden place beside `path`; what the block wrote there gets that name when it ends without an error.

    It is this process's own: two that write one file at once leave that of the last, whole.

    Raises:
        ValueError: the disk is full, or the user's share of it, which torch tells in words of its own.
    """
    part = path.with_name(f".{path.stem}.{os.getpid()}.part{path.suffix}")  # the suffix tells writers the format
    try:
        yield part
        part.replace(path)
    except (OSError, RuntimeError) as error:
        if getattr(error, "errno", None) in FULL or "inline_container" in str(error):
            raise ValueError(
                f"디스크가 가득 차 {path}에 쓸 수 없습니다. 필요 없는 파일을 지우거나 다른 폴더를 적으십시오."
            ) from None
        raise
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def in_korean() -> Iterator[None]:
    """While this lasts, gettext answers in Korean, whatever language the terminal is in."""
    language, domain = os.environ.get("LANGUAGE"), gettext.textdomain()
    gettext.bindtextdomain(CATALOGUE, LOCALE)
    gettext.textdomain(CATALOGUE)
    os.environ["LANGUAGE"] = "ko"
    try:
        yield
    finally:
        gettext.textdomain(domain)
        os.environ.pop("LANGUAGE")
        if language is not None:
            os.environ["LANGUAGE"] = language


def _joined(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with a negative number joined to the option before it: --H -5 becomes --H=-5."""
    joined: list[str] = []
    for argument in arguments:
        if NEGATIVE.match(argument) and joined and joined[-1].startswith("--") and "=" not in joined[-1]:
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined
