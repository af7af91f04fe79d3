"""Tests of the collection: what thirty students and their systems call files and put into archives.

nbgrader's own command collects them all at once; each must be one student's, or told by its name.
"""

import gzip
import io
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePath

import nbformat
import pytest
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell, new_notebook
from small_class import NAME, answer, source

from mlp_tutorial.classroom import names
from mlp_tutorial.classroom.collect import Extractor
from mlp_tutorial.classroom.new_class import CONFIG

DAY = f"{date.today() - timedelta(days=5):%Y%m%d}"  # a number that may be a day shortly before
OLD = 1_700_000_000  # seconds: two years before the other files


def handed_in(essay: str, change: Callable[[NotebookNode], object] = lambda _: None) -> bytes:
    """Return the bytes of an answered notebook after a change to its raw form."""
    nb = source()
    answer(nb, essay)
    change(nb)
    return json.dumps(nb).encode()


def zipped(files: dict[str, bytes], encoding: str = "utf-8") -> bytes:
    """Return a zip; Python writes names in UTF-8 and says so, a Korean Windows in its own `encoding` and does not."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in files.items():
            plain = name if encoding == "utf-8" else "x" * len(name.encode(encoding))
            archive.writestr(zipfile.ZipInfo(plain, (2026, 11, 20, 9, 0, 0)), content)
    raw = file.getvalue()
    for name in files if encoding != "utf-8" else ():
        raw = raw.replace(b"x" * len(name.encode(encoding)), name.encode(encoding))
    return raw


def renamed(raw: bytes) -> bytes:
    """Return a zip whose list calls a file otherwise than the file's own header does, as NanaZip's may."""
    return raw[: (at := raw.index(b"PK\x01\x02"))] + raw[at:].replace(NOTEBOOK.encode(), b"X" + NOTEBOOK.encode()[1:])


def locked(raw: bytes) -> bytes:
    """Return a zip whose entries say that they are encrypted."""
    for header, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):  # where the bits stand in an entry and in the list
        place = raw.index(header) + at
        raw = raw[:place] + bytes([raw[place] | 1]) + raw[place + 1 :]
    return raw


def abroad(raw: bytes, field: bytes) -> bytes:
    """Return a zip of one file whose list has another field; its hours are nine behind, as where a server packed it."""
    at, end = raw.index(b"PK\x01\x02"), raw.index(b"PK\x05\x06")
    size = struct.pack("<H", len(field))
    listed = raw[at : at + 30] + size + raw[at + 32 : end] + field
    return raw[:at] + listed + raw[end : end + 12] + struct.pack("<I", len(listed)) + raw[end + 16 :]


def tarred(files: dict[str, bytes]) -> bytes:
    """Return a compressed tar."""
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as archive:
        for name, content in files.items():
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), OLD
            archive.addfile(entry, io.BytesIO(content))
    return file.getvalue()


def of_02(nb: NotebookNode) -> None:
    """Make it a notebook of another lesson."""
    for cell in nb.cells:
        if "nbgrader" in cell.metadata:
            cell.metadata.nbgrader.grade_id = cell.metadata.nbgrader.grade_id.replace("01", "02")


def by_colab(nb: NotebookNode) -> None:
    """Give a cell the outputs that Colab writes, with parts that the format doesn't know."""
    code = next(cell for cell in nb.cells if cell.cell_type == "code")
    stream = {"output_type": "stream", "name": "stdout", "text": "1", "metadata": {"tags": None}}
    error = {"output_type": "error", "ename": "E", "evalue": "e", "traceback": [], "errorDetails": {}}
    code["outputs"] = [stream, error]


def listed(nb: NotebookNode) -> None:
    """Give cells a metadata that is a list, or nothing, as some programs that convert notebooks do."""
    nb.cells[0]["metadata"], nb.cells[1]["metadata"] = [], None


def odd(nb: NotebookNode) -> None:
    """Give cells outputs and attachments that the format doesn't know, as scripts that write JSON do."""
    code = next(cell for cell in nb.cells if cell.cell_type == "code")
    stream, data = {"output_type": "stream", "name": "stdout"}, {"output_type": "display_data", "metadata": {}}
    code["outputs"] = [stream | {"text": None}, data | {"data": ["1"]}, {"output_type": ["stream"]}]
    nb.cells[-1]["attachments"], nb["nbformat"] = [], "4"


def bare(nb: NotebookNode) -> None:
    """Take away what a script that writes cells leaves out."""
    for cell in nb.cells:
        for part in ("metadata", "outputs", "execution_count"):
            cell.pop(part, None)


PNG, PDF, PAGE = b"\x89PNG", b"%PDF-1.7", b"<!doctype html>"
NOTEBOOK = "01_sample.ipynb"
NAMES = {  # number → what the student calls the notebook
    "20261001": "01_Sample_20261001.ipynb",
    "20261002": "20261002 01-sample.ipynb",
    "202664013": "2026-64013_01_sample.ipynb",
    "20261003": "２０２６１００３_01_sample.ipynb",
    "20261004": "2026-11-24_20261004_01_sample.ipynb",
    "20261005": f"{DAY}_20261005_01_sample.ipynb",
    "20261006": "20261006.ipynb",
    "20261007": "20261007_01_sample.ipynb.txt",
    "20261039": "01_sample.ipynb의 사본 - 박지민 20261039.ipynb",
    "20261040": "01_sample.ipynb_20261040.ipynb",
    "20265052": "박서준_20040517/20265052_01_sample.ipynb",
    "20261043": "20261043_01_sample.ipynb/01_sample.ipynb",  # as Windows unpacks 01_sample.ipynb.zip
}
WRITTEN = {  # number → what another program made of the notebook
    "20261008": b"\xef\xbb\xbf" + handed_in("20261008"),
    "20261009": handed_in("20261009").decode().encode("utf-16"),
    "20261010": nbformat.v3.writes_json(nbformat.convert(nbformat.reads(handed_in("20261010"), 4), 3)).encode(),
    "20261041": handed_in("20261041", bare),
    "20265062": handed_in("20265062", listed),
    "20261042": handed_in("20261042\ud83d"),  # half an emoji
    "20265056": handed_in("20265056", by_colab),
    "20265073": handed_in("20265073", odd),
}
PACKED = {  # number → what lies in the student's zip; the notebook to be graded says the number
    "20261011": {
        "과제/01_sample.ipynb": handed_in("20261011"),
        "과제/.ipynb_checkpoints/01_sample-checkpoint.ipynb": handed_in("검문소"),
        "__MACOSX/과제/._01_sample.ipynb": b"\x00\x05\x16\x07",
        "과제/.DS_Store": b"\x00",
        "과제/data.csv": b"1,2",
    },
    "20261012": {NOTEBOOK: handed_in("20261012"), "01_sample-Copy1.ipynb": handed_in("사본")},
    "20265076": {f"Version {i}/{NOTEBOOK}": handed_in(said) for i, said in ((10, "20265076"), (2, "둘째"))},
    "20265072": {NOTEBOOK: handed_in("20265072")} | {f"01_sample-Copy{i}.ipynb": handed_in(f"{i}") for i in (1, 2)},
    "20261013": {"a/b.zip": zipped({NOTEBOOK: handed_in("20261013")})},
    "20261016": {"../../../01_sample.ipynb": handed_in("20261016")},
    "20261036": {"//tmp/outside/01_sample.ipynb": handed_in("20261036")},
    "20261037": {"C:\\outside\\01_sample.ipynb": handed_in("20261037")},
    "20261038": {NOTEBOOK: handed_in("하나"), f"{NOTEBOOK}.txt": handed_in("20261038")},
    "20261044": {"과제 1 /답./01_sample.ipynb": handed_in("20261044")},
    "20261043": {"과제/01_SAMPLE.ipynb": handed_in("하나"), "과제/01_sample.ipynb": handed_in("20261043")},
    "20265050": {
        "답/01_sample.ipynb": handed_in("20265050"),
        "답/서술형.hwp": b"\xd0\xcf\x11\xe0",
        "답/표.csv": b"1,2",
    },
    "20265051": {
        "과제/notebooks/01_sample.ipynb": handed_in("20265051"),
        "과제/notebooks/02_other.ipynb": handed_in("", of_02),
        "과제/README.md": b"#",
        "과제/.git/HEAD": b"ref",
        "과제/docs/a/b.py": b"1",
    },
}
GOOGLES = f"drive-download-{DAY}T013311Z-3-001.zip"
NOTE = b"""Name: Hong (20265060)\r\n\r\nSubmission Field:\r\n
There is no student submission text data for this assignment.\r\n\r\nComments:\r\n
There are no student comments for this assignment.\r\n"""
HANDED_IN = f"과제01_%s_attempt_{date.today() - timedelta(days=5)}-09-30-12"
BLACKBOARDS = {  # a note beside each hand-in, in which one student has written
    f"{HANDED_IN % 20265060}_01_sample.ipynb": handed_in("20265060"),
    f"{HANDED_IN % 20265060}.txt": NOTE,
    f"{HANDED_IN % 20265061}_01_sample.ipynb": handed_in("20265061"),
    f"{HANDED_IN % 20265061}.txt": NOTE.replace(b"There are no student comments for this assignment.", b"Essay: ..."),
}
DRIVE = {"20265057_01_sample.ipynb": handed_in("20265057"), "홍길동 - 01_sample.ipynb": handed_in("")}
ECLASS = {
    "20265058_01_sample.ipynb": handed_in("20265058"),
    f"20265059_01_sample_{DAY}_0830.ipynb": handed_in("20265059"),
}
ONE = {
    "20265053_01_sample.ipynb": handed_in("20265053"),
    "20267011_01_sample.html": PAGE,
    "20267012_01_sample.py": b"x = 1",
    "20267013_01_sample.pdf": PDF,
    "KakaoTalk_20250310_1530.png": PNG,
    "data_20240101.csv": b"1,2",
}
TWO = {
    "20265053_01_sample.ipynb": handed_in("20265053"),  # once more
    "20265054_01_sample.ipynb": handed_in("20265054"),
    "20265054_서술형.pdf": PDF,
    "20267014_01_sample.pdf": PDF,
    "이름만_01_sample.html": PAGE,
}
FOLDERS = {
    "과제 01/20265055/01_sample.ipynb": handed_in("20265055"),
    "과제 01/20265055/20260001.png": PNG,
    "과제 01/20265055/data/20260002.csv": b"1,2",
    "과제 01/data/12345.png": PNG,
    "과제 01/20267015/01_sample.html": PAGE,
}
CROWD = ("홍길동", "김철수", "이영희")
OTHERS = {
    "모음.zip": zipped({"김철수_20261014/01_sample.ipynb": handed_in("20261014")}, "cp949"),
    "20261015.tar.gz": tarred({"./01_sample.ipynb": handed_in("20261015")}),
    "20261017_01_sample (1).ipynb": handed_in("처음"),
    "20261017_01_sample (2).ipynb": handed_in("20261017"),
    "20261018_01_sample_2026-11-20.ipynb": handed_in("먼저"),
    "20261018_01_sample_2026-11-22.ipynb": handed_in("20261018"),
    "20261019_01_sample.ipynb": handed_in("20261019"),
    "old/20261019_01_sample.ipynb": handed_in("옛것"),
    ".ipynb_checkpoints/20261019_01_sample-checkpoint.ipynb": handed_in("검문소"),
    "._20261019_01_sample.ipynb": b"\x00\x05\x16\x07",
    GOOGLES: zipped(DRIVE),
    f"과제 01_{DAY}_0133.zip": zipped(ECLASS),
    "gradebook.zip": zipped(BLACKBOARDS),
    "20265074.zip": abroad(zipped({NOTEBOOK: handed_in("20265074")}), struct.pack("<HHBi", 0x5455, 5, 1, OLD)),
    "20265075.zip": abroad(
        zipped({NOTEBOOK: handed_in("20265075")}),
        struct.pack("<HHIHHQQQ", 0x000A, 32, 0, 1, 24, *[(OLD + 11_644_473_600) * 10**7] * 3),
    ),
    "20267016.zip": renamed(zipped({NOTEBOOK: handed_in("")})),
    "한 권.zip": zipped(ONE),
    "두 권.zip": zipped(TWO),
    "폴더.zip": zipped(FOLDERS),
    "과제-7654321.zip": zipped({f"{name}/01_sample.ipynb": handed_in(name) for name in CROWD}),
}
NUMBERS = [*NAMES, *WRITTEN, *PACKED, "20261014", "20261015", "20261017", "20261018", "20261019"]
NUMBERS += ["20265053", "20265054", "20265055", "20265057", "20265058", "20265059", "20265060", "20265061"]
NUMBERS += ["20265074", "20265075"]
UNREAD = {  # file → its content and the reason that is told
    "20267001_01_sample.7z": (b"7z\xbc\xaf\x27\x1c", "압축 파일\\(.7z\\)"),
    "20267002_01_sample.pdf": (PDF, "노트북이 아닙니다"),
    "20267003_01_sample.zip": (zipped({NOTEBOOK: handed_in("")})[:200], "압축을 풀지 못했"),
    "20267016_01_sample.ipynb.gz": (gzip.compress(handed_in("")), "압축을 풀지 못했습니다. 풀어서 넣고"),
    "20267004_01_sample.ipynb": (handed_in("")[:-200], "도중에 끊겼"),
    "20267017_01_sample.ipynb": (b"{\n<<<<<<< HEAD\n" + handed_in("")[1:], "병합하다 남은 표시"),
    "20267005_01_sample.ipynb": (b"", "빈 파일"),
    "20267006_01_sample.ipynb": (b"{}", "틀\\(cells\\)"),
    "20267007_02_other.ipynb": (handed_in("", of_02), "02 노트북"),
    "20267008_연습.ipynb": (json.dumps(new_notebook(cells=[new_markdown_cell("연습")])).encode(), "문제가 하나도 없는"),
    "20267009_01_sample.zip": (locked(zipped({NOTEBOOK: handed_in("")})), "암호를 건"),
    "20267010_01_sample.zip": (zipped({"__MACOSX/._01_sample.ipynb": b"1"}), "압축 안에 파일이 없"),
    ".20267017_01_sample.ipynb.icloud": (b"bplist00", "아이클라우드에만"),
    "이름만_01_sample.ipynb": (handed_in(""), "이름에 학번이 없"),
    f"{DAY}_01_sample.ipynb": (handed_in(""), "학번인지 날짜인지"),
    "20264444_20265555_01_sample.ipynb": (handed_in(""), "여럿입니다"),
}
UNREAD_INSIDE = {  # file in an archive, beside a classmate's notebook → the reason
    "한 권.zip/20267011_01_sample.html": "웹 페이지",
    "한 권.zip/20267012_01_sample.py": "노트북이 아닙니다",
    "한 권.zip/20267013_01_sample.pdf": "노트북이 아닙니다",
    f"20267016.zip/X{NOTEBOOK[1:]}": "압축을 풀지 못했습니다. 풀어서 넣고",
    f"{GOOGLES}/홍길동 - 01_sample.ipynb": r"이름에 학번이 없습니다\)$",
    "두 권.zip/20267014_01_sample.pdf": "노트북이 아닙니다",
    "두 권.zip/이름만_01_sample.html": "웹 페이지",
    "폴더.zip/과제 01/20267015/01_sample.html": "웹 페이지",
    **{f"과제-7654321.zip/{name}/01_sample.ipynb": r"바깥의 이름에만 있는 수\(7654321\)" for name in CROWD},
}
REASONS = {name: reason for name, (_, reason) in UNREAD.items()} | UNREAD_INSIDE
BESIDE = {
    "20265050": "서술형.hwp",
    "20265053": "KakaoTalk_20250310_1530.png",
    "20265054": "20265054_서술형.pdf",
    "20265055": "20260001.png",
    "20265061": f"{HANDED_IN % 20265061}.txt",
}
TWO_VERSIONS = ("20265072", "20265076", "20261012", "20261017", "20261018", "20261019", "20261038", "20261043")


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Return the class's folder after nbgrader's command, and what it said."""
    folder = tmp_path_factory.mktemp("collect")
    shutil.copy(CONFIG, folder)
    (folder / "release" / "01").mkdir(parents=True)
    nbformat.write(source(), folder / "release" / "01" / f"{NAME}.ipynb")
    files = {name: handed_in(number) for number, name in NAMES.items()} | OTHERS
    files |= {f"{number}_01_sample.ipynb": content for number, content in WRITTEN.items()}
    files |= {f"{number}.zip": zipped(inside) for number, inside in PACKED.items()}
    files |= {name: content for name, (content, _) in UNREAD.items()}
    for name, content in files.items():
        file = folder / "downloaded" / "01" / "archive" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
        if name.startswith("old/"):
            os.utime(file, (OLD, OLD))
    command = [sys.executable, "-m", "nbgrader", "zip_collect", "01", "--force", "--log-level=WARN"]
    told = {"capture_output": True, "encoding": "utf-8", "timeout": 120, "check": False}
    done = subprocess.run(command, cwd=folder, env=os.environ | {"PYTHONUTF8": "1"}, **told)
    assert done.returncode == 0, done.stderr
    return folder, done.stderr


@pytest.mark.parametrize("number", NUMBERS)
def test_each_file_is_its_students(number: str, collected: tuple[Path, str]) -> None:
    nb = nbformat.read(collected[0] / "submitted" / number / "01" / f"{NAME}.ipynb", as_version=4)
    assert nb.cells[-1].source == number + "?" * (number == "20261042")


def test_no_file_is_stored_over_another_or_refused_by_windows(collected: tuple[Path, str]) -> None:
    extracted = collected[0] / "downloaded" / "01" / "extracted"
    places = [str(path.relative_to(extracted)).casefold() for path in extracted.rglob("*.ipynb")]
    assert not [place for place in places if re.search(r'[<>:"|?*]|[ .](/|$)', place)]
    assert len(places) > len(NUMBERS)
    assert len({*places}) == len(places)


def test_no_other_student_is_invented_and_nothing_lands_outside(collected: tuple[Path, str]) -> None:
    folder, _ = collected
    assert {path.name for path in (folder / "submitted").iterdir()} == {*NUMBERS}
    assert not [*folder.parent.glob("*.ipynb")]
    assert {path.name for path in folder.iterdir()} == {"nbgrader_config.py", "release", "downloaded", "submitted"}


def test_when_a_teacher_downloaded_the_files_is_not_when_they_were_handed_in(collected: tuple[Path, str]) -> None:
    written = datetime.strptime(f"{DAY}0830", "%Y%m%d%H%M")
    days = {"20265057": datetime(2026, 11, 20, 9), "20265058": datetime(2026, 11, 20, 9), "20265059": written}
    for number, day in days.items():
        told = (collected[0] / "submitted" / number / "01" / "timestamp.txt").read_text(encoding="utf-8")
        assert datetime.fromisoformat(told).replace(tzinfo=UTC) == day.astimezone()


@pytest.mark.parametrize("number", ["20265074", "20265075"])
def test_a_zip_that_tells_the_time_everywhere_is_read_so(number: str, collected: tuple[Path, str]) -> None:
    told = (collected[0] / "submitted" / number / "01" / "timestamp.txt").read_text(encoding="utf-8")
    assert datetime.fromisoformat(told).replace(tzinfo=UTC) == datetime.fromtimestamp(OLD, UTC)


@pytest.mark.skipif(os.name == "nt", reason="윈도우에서는 링크를 만들 권한이 따로 있어야 합니다.")
def test_what_nobody_can_open_is_told(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "20261001_01_sample.ipynb").symlink_to(tmp_path / "gone")
    extractor = Extractor()
    extractor.extract(str(tmp_path / "archive"), str(tmp_path / "extracted"))
    ((place, why),) = extractor.skipped
    assert place == PurePath("20261001_01_sample.ipynb")
    assert why.startswith("열 권한이 없는 폴더이거나 끊긴 링크")


@pytest.mark.parametrize("name", REASONS)
def test_a_file_that_cannot_be_read_is_told_by_name(name: str, collected: tuple[Path, str]) -> None:
    assert re.search(rf"Skipped submission: {re.escape(name)} \(.*({REASONS[name]})", collected[1], re.MULTILINE)


def test_only_two_versions_and_unread_files_are_told(collected: tuple[Path, str]) -> None:
    told = collected[1]
    assert len(re.findall(r"Skipped submission: ", told)) == len(REASONS)
    assert sorted(re.findall(r"학번 (\d+): 여러 판을 내어 새것", told)) == sorted(TWO_VERSIONS)
    assert {n: Path(p).name for n, p in re.findall(r"학번 (\d+): 노트북 곁의 파일 (.+)", told)} == BESIDE
    assert not re.search("MACOSX|checkpoint|DS_Store|data.csv|Traceback", told)


STUDENTS = {"20261124": "홍길동", "20261234": "김철수", "20261235": "이영희", "20261236": "이영희"}


@pytest.mark.parametrize(
    ("path", "number"),
    [
        ("20261124_01_sample.ipynb", "20261124"),
        ("20261120_20261124_01_sample.ipynb", "20261124"),
        ("123456_20261234.ipynb", "20261234"),
        ("1234567_홍길동/01_sample.ipynb", None),
        ("홍길동_01_sample.ipynb", "20261124"),
        ("홍길동_1234567_assignsubmission_file_/01_sample.ipynb", "20261124"),  # Moodle's own number of a participant
        ("김철수_1234567_assignsubmission_file_01_sample.ipynb", "20261234"),
        ("홍길동_48213_1203344_01_sample.ipynb", "20261124"),  # Canvas's own numbers of a user and of what is handed in
        ("김철수_LATE_48214_1203345_01_sample.ipynb", "20261234"),
        ("홍길동_102938_question_1_556677_01_sample.ipynb", "20261124"),
        ("123456-789012 - 홍길동 - Nov 20, 2026 930 AM/01_sample.ipynb", "20261124"),  # Brightspace's own numbers
        ("2026-1234 - 이름.ipynb", "20261234"),  # a student's, as are the next
        ("2026-1234 - 이름 - 01_sample 2026.ipynb", "20261234"),
        ("20261234-1 - 01_sample.ipynb", "20261234"),
        ("김철수_20269999_1203344_01_sample.ipynb", None),
        ("김철수_48213_20261120_01_sample.ipynb", None),
        ("mlp_01_20261234_01.ipynb", "20261234"),
        ("과제_1_20261234_01_sample.ipynb", "20261234"),
        ("홍길동_2026_20261234_01.ipynb", None),
        ("mlp_01_20261234_77777_01.ipynb", "20261234"),
        ("이영희_01_sample.ipynb", None),
        ("20261234_20261235.ipynb", None),
        ("20261234/20261235.ipynb", "20261235"),
        ("20269999_01_sample.ipynb", "20269999"),
        ("김철수_20269999_01_sample.ipynb", None),
        ("김철수_20261124_01_sample.ipynb", None),  # another's number
        ("홍길동_20261124_01_sample.ipynb", "20261124"),
        ("drive-download-20260413T003311Z-001.zip/홍길동 - 01_sample.ipynb", "20261124"),  # Google's
        ("drive-download-20261124T003311Z-3-001.zip/김철수 - 01_sample.ipynb", "20261234"),  # nor a number
        ("drive-download-20261124T003311Z-3-001.zip/01_sample.ipynb", None),
        ("홍길동_01_sample.sync-conflict-20261120-143205-ABCDEFG.ipynb", "20261124"),  # a time
        ("김철수_20261234_20261124_1530.ipynb", "20261234"),  # a day, though another's number
        ("20261124_153012.zip/20269999_01.ipynb", "20269999"),
        ("과제_20261124_1530.zip/김철수_01.ipynb", "20261234"),
        ("과제_20261124_1530.zip/01_sample.ipynb", None),
        ("20261124_153012.ipynb", "20261124"),
        ("홍길동_20040517_01.ipynb", "20261124"),  # born then
        ("홍길동_19991231_01.ipynb", "20261124"),
        ("홍길동_1190267_assignsubmission_file_/KakaoTalk_20260412_1530.ipynb", "20261124"),
        ("이영희_20260412_01.ipynb", None),
        ("2026123402_sample.ipynb", None),  # glued to the lesson's
        ("과제-7654321.zip/홍길동_1234567_assignsubmission_file/01_sample.ipynb", "20261124"),
    ],
)
def test_the_roster_decides(path: str, number: str | None) -> None:
    arguments = (PurePath(path), r"\d{5,}", STUDENTS, date(2026, 11, 28))
    with pytest.raises(ValueError, match=r"학번|이름") if number is None else nullcontext():
        assert names.student(*arguments)[0] == number


@pytest.mark.parametrize(
    ("path", "told"),
    [
        ("kim_48213_1203344_20261234_01.ipynb", None),
        ("김철수_20261234_20261120_01.ipynb", None),
        ("kim_48213_1203344_01.ipynb", "여럿"),
        ("hw_20261234_20261128_153012.ipynb", None),
        ("kim_20261128_153012_20261234.ipynb", None),
        ("20261234.sync-conflict-20261128-153012-ABCDEFG.ipynb", None),
        ("drive-download-20261128T013311Z-3-001.zip/kim - 01_sample.ipynb", "이름에 학번이"),
        ("kim_01_sample_20261128_153012.ipynb", "날짜인지"),
        ("t_20261234_20261235_20261236.ipynb", "여럿"),
    ],
)
def test_without_a_roster_the_number_behind_canvas_own_is_the_students(path: str, told: str | None) -> None:
    with pytest.raises(ValueError, match=told) if told else nullcontext():
        assert names.student(PurePath(path), r"\d{5,}", {}, date(2026, 11, 28))[0] == "20261234"


@pytest.mark.parametrize(
    ("path", "told"), [("홍길동, 김철수.ipynb", "명단의 이름이 여럿"), ("이영희.ipynb", "같은 이름이")]
)
def test_two_names_are_told_apart_from_one_of_two_students(path: str, told: str) -> None:
    with pytest.raises(ValueError, match=told):
        names.student(PurePath(path), r"\d{5,}", STUDENTS, date(2026, 11, 28))


NAMESAKES = {"20261001": "홍길동", "20261002": "홍길동2", "20261003": "김철수A", "20261004": "김철수B"}


@pytest.mark.parametrize("path", ["20261002_홍길동2_01.ipynb", "20261002_홍길동.ipynb", "홍길동2 20261002.ipynb"])
def test_what_tells_a_namesake_in_the_roster_alone_says_nothing_against_a_number(path: str) -> None:
    assert names.student(PurePath(path), r"\d{5,}", NAMESAKES, date(2026, 11, 28)) == ("20261002", "")


def test_another_students_name_is_told_as_the_file_has_it() -> None:
    with pytest.raises(ValueError, match="이름은 홍길동인데, 파일의 이름은 김철수입니다"):
        names.student(PurePath("20261001_김철수.ipynb"), r"\d{5,}", NAMESAKES, date(2026, 11, 28))


@pytest.mark.parametrize("path", ["홍길동2_01.ipynb", "홍길동_01.ipynb", "김철수A_01.ipynb"])
def test_no_file_is_a_namesakes_by_its_name(path: str) -> None:
    with pytest.raises(ValueError, match="같은 이름이"):
        names.student(PurePath(path), r"\d{5,}", NAMESAKES, date(2026, 11, 28))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949", "utf-16"])
@pytest.mark.parametrize(
    ("text", "students"),
    [
        ("연번,학번,이름,학과\r\n1,2026-64013,홍길동,통계학과\r\n", {"202664013": "홍길동"}),
        ("B20261234,홍길동\n20261235t,김철수\n", {"20261234": "홍길동", "20261235": "김철수"}),
        ("학과,학번,이름\n컴퓨터공학과,20264001,홍길동", {"20264001": "홍길동"}),
        ("이름,전화,학번\n홍길동,01012345678,20264001", {"20264001": "홍길동"}),
        ("성명,생년월일,학번(아이디)\n홍길동,20010203,20264001", {"20264001": "홍길동"}),
        ("홍길동,20264001", {"20264001": "홍길동"}),
        ("명단 (학번순)\n과목 12345,,,\n학과,학번,성명,\n통계학과,20264001.0,홍길동1,\n", {"20264001": "홍길동1"}),
        ('"학번","이름"\n"=""20264001""","=""홍길동"""\n', {"20264001": "홍길동"}),
        ("20264001,홍길동\n20264002,김철수,학번 변경", {"20264001": "홍길동", "20264002": "김철수"}),
        ("2026-2학기,명단 (학번순),\n순번,성명,학번\n1,홍길동,20264001", {"20264001": "홍길동"}),
        ("학과,학번,영문성명(여권),이름\n통계학과,20264001,Hong,홍길동", {"20264001": "홍길동"}),
        ("학과,학번,한글 성명\n통계학과,20264001,홍길동", {"20264001": "홍길동"}),
        ("2026-2학기\n생년월일,학번,한글 성명\n20010203,20264001,홍길동", {"20264001": "홍길동"}),
        (
            '20264001;"Hong, Gil Dong"\n20264002;"Kim, Chul Su"',
            {"20264001": "Hong, Gil Dong", "20264002": "Kim, Chul Su"},
        ),
    ],
)
def test_a_roster_is_read_as_excel_saves_it_and_a_line_above_says_where_number_and_name_stand(
    text: str, students: dict[str, str], encoding: str, tmp_path: Path
) -> None:
    (tmp_path / "roster.csv").write_bytes(text.encode(encoding))
    assert names.roster(tmp_path) == (students, [])


def test_what_nobody_sees_in_a_roster_or_a_name_is_passed_over(tmp_path: Path) -> None:
    text = "\u200b학번,\u200b성명\u200b\n\u200e2026\u200b4001\u200b\u200b,\u200b홍길동\u200b"  # from a web page
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    students, notes = names.roster(tmp_path)
    assert (students, notes) == ({"20264001": "홍길동"}, [])
    for path in ("\u202a2026\u200b4001\u202c.ipynb", "홍\u00ad길동\u200b_01.ipynb"):
        assert names.student(PurePath(path), r"\d{5,}", students, date(2026, 11, 28))[0] == "20264001"


def test_lines_of_a_roster_that_name_nobody_or_somebody_again_are_told(tmp_path: Path) -> None:
    text = "학번,이름\n20264001,홍길동\n2.02612E+11,김철수\n\n20264001,홍길순\n"
    (tmp_path / "roster.csv").write_text(text, encoding="utf-8")
    students, notes = names.roster(tmp_path)
    assert students == {"20264001": "홍길동"}
    assert [re.search(r"(\d)째 줄: (.{5})", note).groups() for note in notes] == [
        ("3", "학번이 없"),
        ("5", "같은 학번"),
    ]
    assert "2.02612E+11, 김철수" in notes[0]


@pytest.mark.parametrize(
    ("raw", "got"),
    [
        (b"PK\x03\x04\xff\xff", "엑셀 파일"),
        (b"\r\n<table>\n<td>\n20264001\n</td>", "웹 페이지"),
        (b"\xff\xff", "못할 글자"),
    ],
)
def test_a_roster_that_is_no_csv_is_told(raw: bytes, got: str, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_bytes(raw)
    with pytest.raises(ValueError, match=rf"^roster\.csv는 .*{got}.*CSV를 골라 다시 저장하십시오\.$"):
        names.roster(tmp_path)


@pytest.mark.parametrize("name", ["roster.csv.txt", "Roster.xlsx", "roster (1).csv", "1반 명단.csv"])
def test_a_roster_of_another_name_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / name).touch()
    (tmp_path / "~$1반 명단.xlsx").touch()  # while Excel has it open
    (tmp_path / "nbgrader_config.py").touch()
    students, (note,) = names.roster(tmp_path)
    assert not students
    assert f" {name}이(가) 명단이면" in note


@pytest.mark.parametrize("name", ['"홍길동', '"홍길동" 님'])
def test_a_quote_that_would_swallow_the_students_below_is_told(name: str, tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text(f"학번,이름\n20264001,{name}\n20264002,김철수\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"칸 하나를 .*2째 줄부터 맞지 않음.*그 줄의 따옴표를"):
        names.roster(tmp_path)


def test_a_roster_without_numbers_is_told(tmp_path: Path) -> None:
    (tmp_path / "roster.csv").write_text("학번,이름\n2.03E+09,홍길동\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"학번 0개.*2\.0E\+09처럼 되었으면"):
        names.roster(tmp_path)
    (tmp_path / "roster.csv").write_text("이름\n홍길동\n", encoding="utf-8")
    with pytest.raises(ValueError, match="받은 값: 줄 2개"):
        names.roster(tmp_path)
