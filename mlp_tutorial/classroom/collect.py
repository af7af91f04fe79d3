"""nbgrader's two plugins of `zip_collect`: what a class hands in becomes one notebook of each student.

nbgrader's own stop for the whole class at a file that is no archive or at a second version. Here every file is either
collected or told by its name.
"""

import io
import os
import re
import struct
import tarfile
import time
import unicodedata
import zipfile
import zlib
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import count
from pathlib import Path, PurePath

import nbformat
from nbgrader.plugins import ExtractorPlugin, FileNameCollectorPlugin
from traitlets import Unicode

from mlp_tutorial.classroom import names, submission
from mlp_tutorial.classroom.released import handed_out

HIDDEN = r"\.(?!ipynb$|.*\.icloud$).+"  # .git, .idea, .DS_Store, ._name
JUNK = re.compile(rf"__MACOSX|__pycache__|{HIDDEN}|desktop\.ini|Thumbs\.db|~\$.*", re.IGNORECASE)
DOCUMENTS = {".docx", ".xlsx", ".pptx", ".hwpx", ".odt", ".jar"}  # zip files too, but nobody's folder
TEXTS = {".docx", ".doc", ".hwp", ".hwpx", ".odt", ".rtf", ".pages", ".pdf", ".txt", ".md"}
PICTURES = {".jpg", ".jpeg", ".png", ".heic"}  # of a page, say; both may hold an essay that stands in no notebook
# What Blackboard's own note on each hand-in says where the student wrote nothing.
BLACKBOARD = (b"There is no student submission text data for", b"There are no student comments for")
TARS = {".tar", ".gz", ".tgz", ".bz2", ".xz"}
BROKEN = (zipfile.BadZipFile, tarfile.TarError, zlib.error, EOFError)  # an archive that ends too early, or a bare .gz
LARGEST = 500 * 2**20  # bytes in one archive
LONGEST = 200  # bytes of a name; most systems store 255, and a number may be added
DEEPEST = 5  # archives in archives
ENDING = re.compile(r"\.ipynb(?:\.\w+)?$", re.IGNORECASE)  # a browser adds .txt; Colab's copy has .ipynb in the middle
COPY = re.compile(r"-Copy\d*|사본|copy|-checkpoint", re.IGNORECASE)  # as an older version is named
KNOWN = 5  # cells just as they were handed out: such a notebook is of the lesson whatever it has lost
MANY = 2  # answers that differ: more in a folder or an archive are hardly one student's, whose number it does not tell
RECENT = timedelta(days=730)  # a day in a name before is one of birth, say
SAME = 60  # seconds: files that a platform packs or a browser stores one after the other have no order


class Extractor(ExtractorPlugin):
    """Unpacks archives and rewrites each notebook as whole UTF-8.

    `skipped` has the others and why, `beside` those of them near a notebook, whose owners the `Collector` knows.
    """

    def extract(self, archive_path: str, extracted_path: str) -> None:
        """Do so for all files below `archive_path`."""
        self.skipped: list[tuple[PurePath, str]] = []
        self.beside: list[tuple[PurePath, str]] = []
        self._to, self._aside, self._notebooks, self._written = Path(extracted_path), [], set(), set()
        for path in sorted(Path(archive_path).rglob("*")):
            place = path.relative_to(archive_path)
            if _junk(place):
                continue
            if path.is_file():
                self._take(place, path.read_bytes, path.stat().st_mtime, 0)
            elif not os.access(path, os.R_OK | os.X_OK):  # whatever lies in it, or it leads to, is not there for us
                why = "열 권한이 없는 폴더이거나 끊긴 링크입니다. 권한을 고치거나 본디 파일을 넣으십시오"
                self._aside.append((place, why))
        below = {folder for known in self._notebooks for folder in (known, *known.parents) if len(folder.parts) > 1}
        for place, why in self._aside:  # data beside a notebook, or in the folders of a project, are nobody's question
            own = place.parent in self._notebooks or below & {*place.parents}
            if len(place.parts) == 1 or not own or ".ipynb" in place.name.lower():
                _skip(self, place, why)
            else:
                self.beside.append((place, why))

    def _take(self, place: PurePath, content: Callable[[], bytes], when: float, depth: int) -> None:
        """Write the notebook, or those in the archive, that stands at `place`."""
        place = PurePath(*map(_storable, place.parts))
        try:
            if place.suffix.lower() == ".icloud":
                raise ValueError("아이클라우드에만 있고 이 컴퓨터에는 없는 파일입니다. 파인더에서 내려받으십시오")
            raw = content()
            if place.suffix.lower() == ".txt" and all(said in raw for said in BLACKBOARD):
                return
            inside = _archive(place, raw)
            if inside is not None:
                if depth == DEEPEST:
                    raise ValueError("압축 안의 압축이 너무 깊습니다")
                empty = True
                for name, read, changed in inside:
                    inside_alone = name.replace("\\", "/").split("/")  # no root, drive or way up: it stays in its place
                    inner = PurePath(*(part.replace(":", "_") for part in inside_alone if part not in ("", ".", "..")))
                    if inner.parts and not _junk(inner):
                        self._take(place / inner, read, changed, depth + 1)
                        empty = False
                if empty:
                    raise ValueError("압축 안에 파일이 없습니다")
                return
            nb = submission.read(raw)
            target = self._free(self._to / place.with_name(ENDING.sub("", place.name)))
            target.parent.mkdir(parents=True, exist_ok=True)
            nbformat.write(nb, target)
            os.utime(target, (when, when))
            self._notebooks.add(place.parent)
        except ValueError as error:
            self._aside.append((place, str(error)))
        except BROKEN:
            self._aside.append((place, "압축을 풀지 못했습니다. 풀어서 넣고, 풀리지 않으면 다시 받으십시오"))
        except Exception as error:  # an archive may hold anything
            self._aside.append((place, f"열지 못했습니다({error}). 압축 파일이면 풀어서 넣고, 아니면 다시 받으십시오"))

    def _free(self, stem: Path) -> Path:
        """Return a name for a notebook that none of this run has: an archive may hold two files of one name.

        Windows and macOS would store A.ipynb over a.ipynb.
        """
        tried = (stem.with_name(f"{stem.name}{f'_v{n}' if n else ''}.ipynb") for n in count())
        target = next(path for path in tried if str(path).casefold() not in self._written)
        self._written.add(str(target).casefold())
        return target


def _storable(part: str) -> str:
    """Return a file's or folder's name as every system can store it: short, without what Windows forbids in it."""
    part = re.sub(r'[<>:"|?*\x00-\x1f]', "_", unicodedata.normalize("NFC", part)).rstrip(" .")
    if len(part.encode()) <= LONGEST:
        return part
    suffix = PurePath(part).suffix
    suffix = suffix if len(suffix.encode()) < 20 else ""  # else a sentence after a dot
    return part.removesuffix(suffix).encode()[: LONGEST - len(suffix.encode())].decode(errors="ignore") + suffix


def _junk(place: PurePath) -> bool:
    """Return whether a system or an editor, and no student, put the file there."""
    return any(JUNK.fullmatch(part) for part in place.parts)


def _archive(place: PurePath, raw: bytes) -> Iterator[tuple[str, Callable[[], bytes], float]] | None:
    """Return (name, content, time) of each file in the archive that `raw` is; None where it is none.

    Raises:
        ValueError: it can't be read.
    """
    kind = place.suffix.lower()
    if raw[:2] == b"PK" and kind not in DOCUMENTS:
        return _zipped(zipfile.ZipFile(io.BytesIO(raw)))
    if kind == ".zip":
        raise ValueError("압축 파일(zip)이 깨졌습니다")
    if kind in (".7z", ".rar", ".egg", ".alz"):
        raise ValueError(f"읽지 못하는 압축 파일({kind})입니다. 풀어서 넣으십시오")
    if kind in TARS:
        return _tarred(tarfile.open(fileobj=io.BytesIO(raw)))
    return None


def _zipped(file: zipfile.ZipFile) -> Iterator[tuple[str, Callable[[], bytes], float]]:
    """Yield what `_archive` returns of a zip; a Korean Windows writes names in its own encoding."""
    entries = [entry for entry in file.infolist() if not entry.is_dir()]
    if sum(entry.file_size for entry in entries) > LARGEST:
        raise ValueError(f"압축을 풀면 {LARGEST // 2**20}MB가 넘습니다")
    if any(entry.flag_bits & 1 for entry in entries):
        raise ValueError("암호를 건 압축 파일입니다. 암호 없이 다시 받거나, 풀어서 넣으십시오")
    for entry in entries:
        name = entry.filename
        if not entry.flag_bits & 0x800:
            with suppress(UnicodeEncodeError):  # from 3.12 on Python has read another field, which is right as it is
                name = names.decoded(name.encode("cp437"))
        changed = time.time()
        with suppress(ValueError, OverflowError):  # some tools leave a date of zeros
            changed = datetime(*entry.date_time).timestamp()  # in the hours of wherever it was packed
        yield name, lambda entry=entry: file.read(entry), _universal(entry.extra) or changed


def _universal(extra: bytes) -> int | None:
    """Return the seconds since 1970 that a field of Info-ZIP (UT) or 7-Zip (NTFS) tells; None where there is none."""
    while len(extra) >= 4:
        kind, size = struct.unpack("<HH", extra[:4])
        field, extra = extra[4 : 4 + size], extra[4 + size :]
        if kind == 0x5455 and len(field) >= 5 and field[0] & 1:
            return struct.unpack("<i", field[1:5])[0]
        if kind == 0x000A and len(field) >= 16:
            return struct.unpack("<Q", field[8:16])[0] // 10**7 - 11_644_473_600  # from 1601 on
    return None


def _tarred(file: tarfile.TarFile) -> Iterator[tuple[str, Callable[[], bytes], float]]:
    """Yield what `_archive` returns of a tar."""
    entries = [entry for entry in file.getmembers() if entry.isfile()]
    if sum(entry.size for entry in entries) > LARGEST:
        raise ValueError(f"압축을 풀면 {LARGEST // 2**20}MB가 넘습니다")
    for entry in entries:
        yield entry.name, lambda entry=entry: file.extractfile(entry).read(), entry.mtime


@dataclass(frozen=True)
class Version:
    """One notebook of a student."""

    place: PurePath
    time: datetime  # of the file
    day: datetime  # that its name tells, else of the file
    written: frozenset[str]  # the sources that differ from those handed out

    @property
    def handed_in(self) -> datetime:
        """When it was: a day without an hour says less than the file's time."""
        return self.day if (self.day.hour, self.day.minute) != (0, 0) else self.time

    @property
    def order(self) -> tuple[bool, int, datetime, list[str | int]]:
        """What tells the newest of several with the same time: "(2)" comes after "(1)", v10 after v2, a copy first."""
        number = re.search(r"\((\d+)\)", self.place.name)
        parts = [int(part) if i % 2 else part for i, part in enumerate(re.split(r"(\d+)", str(self.place)))]
        return (not COPY.search(self.place.name), int(number[1]) if number else 0, self.time, parts)


class Collector(FileNameCollectorPlugin):
    """Finds each student's newest notebook of the lesson; `skipped` has the other files, `looks` what to look at."""

    student_id = Unicode(names.FIVE, help="a pattern of the students' numbers").tag(config=True)

    def collect(self, submitted_file: str) -> dict[str, str] | None:
        """Return what nbgrader asks of a file, None where it is not to be graded."""
        if not hasattr(self, "_found"):
            self._plan()
        return self._found.get(submitted_file)

    @property
    def collected(self) -> set[str]:
        """Return the students whose notebook was found."""
        return {info["student_id"] for info in getattr(self, "_found", {}).values()}

    def _plan(self) -> None:
        """Read all extracted files and choose."""
        app = self.parent
        lesson, root = app.coursedir.assignment_id, Path(app.coursedir.root)
        made_of = {path.name for path in (root / "source" / lesson).glob("*.ipynb")}
        found = sorted((root / "release" / lesson).glob("*.ipynb"), key=lambda path: path.name not in made_of)
        released = found[0] if found else None  # not a copy that the teacher has made beside it
        known_texts = handed_out(released) if released else frozenset()
        notebook = released.stem if released else ""
        students = names.roster(root, self.student_id)[0]
        self.skipped: list[tuple[PurePath, str]] = []
        others: list[tuple[PurePath, str, str]] = []  # notebooks of other lessons: place, why, student or ""
        self.looks: dict[str, list[str]] = defaultdict(list)
        self._found: dict[str, dict[str, str]] = {}
        structure = str(root / app.collect_directory_structure)  # as nbgrader itself makes it of its public settings
        step = {"downloaded": app.downloaded_directory, "collect_step": app.extracted_directory}
        extracted = Path(structure.format(assignment_id=lesson, **step))
        taken: list[tuple[str, PurePath, frozenset[str]]] = []
        owners: dict[PurePath, set[str]] = defaultdict(set)  # folder or archive → whose notebooks lie in it
        unpacked = sorted(path for path in extracted.rglob("*.ipynb") if path.is_file())  # a folder may be called so
        places = [path.relative_to(extracted) for path in unpacked]
        inner = (names.numbers(names.plain(place.name), self.student_id) for place in places)
        crowd = frozenset(found[0] for found in inner if len(found) == 1)
        known = (self.student_id, students, date.today(), crowd)
        for place in places:
            nb = nbformat.read(extracted / place, as_version=4)
            exercises, number, look, why = submission.lessons(nb), "", "", ""
            try:
                number, look = names.student(place, *known)
            except ValueError as error:
                why = str(error)
            if exercises or len(_sources(nb) & known_texts) < KNOWN:
                another = _another(exercises, lesson, notebook, place)
                if another:
                    others.append((place, another, number))
                    continue
            if why:
                _skip(self, place, why)
                continue
            if look and look not in self.looks[number]:
                self.looks[number].append(look)
            if submission.is_unmerged(nb):
                self.looks[number].append(
                    f"{place.name}: 병합하다 남은 표시(<<<<<<<)가 있습니다. 답이 두 벌인지 보십시오."
                )
            taken.append((number, place, _sources(nb) - known_texts))
            for around in place.parents:
                owners[around].add(number)
        versions: dict[str, list[Version]] = defaultdict(list)
        for number, place, written in taken:
            time = datetime.fromtimestamp((extracted / place).stat().st_mtime)
            versions[number].append(Version(place, time, _day(place, number, owners) or time, written))
        as_long = Counter(map(len, versions))
        for number, many in [*versions.items()]:
            named = number in students or any(number in names.plain(version.place.name) for version in many)
            alike = not students and as_long[len(number)] > 1  # as long as another's: a folder of one's drafts
            if not (named or alike) and len({version.written for version in many}) > MANY:
                told = f"바깥의 이름에만 있는 수({number})이고, 그 안의 노트북은 한 학생의 것으로 보기에 너무 많습니다"
                for version in versions.pop(number):
                    _skip(self, version.place, f"{told}. 파일의 이름에 학번을 적으십시오")
        for place, why, number in others:
            if number not in versions:  # else it came with the right one
                _skip(self, place, why)
        folders = {number: {version.place.parent for version in those} for number, those in versions.items()}
        lengths = {*map(len, versions)}
        for place, why in getattr(app.extractor_plugin_inst, "beside", []):
            number = ""
            for named in (place.parent, place):  # in a student's own folder a number in a name is nobody's
                with suppress(ValueError):
                    number = number if number in versions else names.student(named, *known)[0]
            near = {number for number, own in folders.items() if place.parent in own}
            a_student = number in students if students else len(number) in lengths and not names.may_be_day(number)
            if number in versions:
                near &= {number}
            elif a_student or len(near) > 1:  # who handed in no notebook; not a day, nor 12345.png
                _skip(self, place, why)
                continue
            if len(near) == 1 and place.suffix.lower() in TEXTS | PICTURES:
                (number,) = near
                self.looks[number].append(f"노트북 곁에 낸 파일({place.name})에도 답이 있는지 보십시오.")
                self.log.warning("학번 %s: 노트북 곁의 파일 %s", number, place)
        for number, all_of_them in versions.items():
            chosen = self._newest(number, all_of_them)
            time = chosen.handed_in.astimezone(UTC).isoformat()  # nbgrader misreads an offset that stands apart
            info = {"student_id": number, "file_id": notebook, "timestamp": time}
            self._found[str(extracted / chosen.place)] = info

    def _newest(self, number: str, versions: list[Version]) -> Version:
        """Return the version to grade, and tell the others unless they say the same or nothing."""
        answered = [version for version in versions if version.written] or versions
        left = _latest(_latest(answered, "day"), "time")
        chosen = max(left, key=lambda version: version.order)
        others = [version for version in versions if version.written and version.written != chosen.written]
        if others:
            passed_over = ", ".join(str(other.place) for other in others)
            told = f"여러 판을 내어 새것({chosen.place})만 채점했습니다. 다른 것: {passed_over}"
            self.looks[number].append(told)
            self.log.warning("학번 %s: %s", number, told)
        return chosen


def _day(place: PurePath, number: str, owners: dict[PurePath, set[str]]) -> datetime | None:
    """Return the day that a name tells, the innermost first; None where none does.

    A day with its time around the notebooks of several students is when a teacher downloaded them.
    """
    for around in (place, *place.parents):
        day = names.day(names.plain(around.name).replace(number, ""))
        downloaded = len(owners.get(around, ())) > 1 and day and (day.hour, day.minute) != (0, 0)
        if day and not downloaded and abs(day - datetime.now()) < RECENT:
            return day
    return None


def _skip(plugin: "Extractor | Collector", place: PurePath, why: str) -> None:
    """Tell of a file that isn't collected."""
    plugin.skipped.append((place, why))
    plugin.log.warning("Skipped submission: %s (%s)", place, why)


def _latest(versions: list[Version], what: str) -> list[Version]:
    """Return those whose `what`, a time, is the last or hardly before it."""
    last = max(getattr(version, what) for version in versions)
    return [version for version in versions if (last - getattr(version, what)).total_seconds() <= SAME]


def _sources(nb: nbformat.NotebookNode) -> frozenset[str]:
    """Return the text of each cell."""
    return frozenset(map(submission.text, nb.cells))


def _another(found: set[str], lesson: str, notebook: str, place: PurePath) -> str:
    """Return why a notebook with the exercises of `found` is none of this lesson, "" where it is one."""
    if found and lesson not in found:
        return f"{lesson} 노트북이 아니라 {', '.join(sorted(found))} 노트북입니다"
    alike = re.sub(r"[\W_]", "", notebook).lower() in re.sub(r"[\W_]", "", names.plain(place.name)).lower()
    return "" if found or alike else f"{lesson}의 문제가 하나도 없는 노트북입니다"
