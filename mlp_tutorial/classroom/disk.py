"""Whether a disk has room for what is written: a full one shows in many ways, of which few name it."""

import errno
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

FULL = (errno.ENOSPC, errno.EDQUOT)  # the latter where each user has a share
ROOM = 20  # MB: more than what a step that failed has given back


def told(place: object) -> str:
    """Return what a user is told of a full disk: where, and what to do."""
    return (
        f"디스크가 가득 차 {place}에 쓸 수 없습니다. 필요 없는 파일을 지우거나 다른 디스크로 옮기고 다시 실행하십시오."
    )


def check(folder: Path) -> None:
    """Raise a ValueError where it or that of temporary files has no room left, for this user; only writing tells it."""
    for place in (folder, None):  # None is the latter, which Python does not find on a full disk
        try:
            with tempfile.TemporaryFile(dir=place) as file:
                file.write(bytes(ROOM * 2**20))
        except OSError as error:
            if error.errno in FULL:
                raise ValueError(told(place or tempfile.gettempdir())) from None


@contextmanager
def room(folder: Path) -> Iterator[None]:
    """Begin nothing on a full disk, and tell of it instead of any error that it leads to while this lasts."""
    check(folder)
    try:
        yield
    except (Exception, SystemExit):
        check(folder)
        raise
