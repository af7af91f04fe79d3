"""Who handed in a file, and when: read from its name, the folders and archives around it, and the class's roster.

A number is never guessed: where a name could mean two students, or a date, the file is told and left out.
"""

import csv
import math
import re
import unicodedata
from datetime import date, datetime
from pathlib import Path, PurePath

ROSTER = "roster.csv"
FIVE = r"\d{5,}"  # digits of a student's number, unless the class's settings say otherwise
ROUNDED = (
    "2.0E+09처럼 되었으면 CSV에는 끝자리가 없으니, 처음의 엑셀 파일에서 그 열의 서식을 ‘숫자’로 바꾸어 CSV로 다시 "
    "저장하십시오."
)
LIKE_ROSTER = re.compile(r"(?![.~])(?:roster\W|.*(?:명단|명부|출석부).*\.)", re.IGNORECASE)
HYPHEN = re.compile(r"(?<![\d-])(\d{4})-(\d{4,6})(?![\d-])")  # 2026-64013, but neither 2026-11-24 nor 010-1234-5678
DAY = re.compile(r"(?<!\d)(20\d\d)[-._]?(\d\d)[-._]?(\d\d)(?:[-._ T]?(\d\d)[-:._]?(\d\d)(?:[-:._]?(\d\d))?)?(?!\d)")
MOODLE = re.compile(r"_\d+_assignsubmission_(?:file|onlinetext)_?")  # its own number of a participant, no student's
GOOGLE = re.compile(r"(?<!\d)\d{8}T\d{6}Z(?!\d)")  # when a teacher downloaded from its drive
# Its own numbers of a user and an assignment before a name and a day; 2026-64013 may be a student's.
BRIGHTSPACE = re.compile(r"^(?!\d{4}-\d{4,6} )\d{3,}-\d{3,} - (?=.+ - .*20\d\d)")
CANVAS = re.compile(r"(\D+)_(\d{4,})_(?:question_\d+_)?(\d{4,})_(?=.)")  # its own numbers of a user and a hand-in
BARE = re.compile(r"(?<=[가-힣])[A-Za-z\d]+$")  # what tells 홍길동A from 홍길동B in a roster alone
FORMULA = re.compile(r'^="(.*)"$')  # as some programs write a text, so that Excel makes no number of it
NAMED = {"이름", "성명", "학생명"}
NAME = re.compile("이름|성명|학생명")  # in 한글성명 and 성명(한글), too
NEAR, FAR = 14, 200  # days: a file was most likely handed in so long ago, and hardly before the other
CROWD = 6  # numbers within a hundred: a class whose numbers look like days, such as 20261001 to 20261030


def plain(text: str) -> str:
    """Return the text with full-width digits and letters, and macOS's parts of a syllable, as one knows them.

    What nobody sees, as a zero-width space from a web page, is gone.
    """
    seen = "".join(letter for letter in text if unicodedata.category(letter) != "Cf")
    own = BRIGHTSPACE.sub("", unicodedata.normalize("NFKC", seen))
    return HYPHEN.sub(r"\1\2", MOODLE.sub("_", GOOGLE.sub("", own)))


def day(text: str) -> datetime | None:
    """Return the last day, with its time if it has one, that a plain text names; None without any."""
    found = None
    for match in DAY.finditer(text):
        try:
            found = datetime(*(int(part) for part in match.groups(default="0")))
        except ValueError:  # month 13
            continue
    return found


def roster(folder: Path, pattern: str = FIVE) -> tuple[dict[str, str], list[str]]:
    """Return number → name of the class's students, as roster.csv lists them, and what is wrong with some of its lines.

    Any columns and any of Excel's encodings will do; both are empty where there is no such file. Number and name stand
    in the columns that a line above calls 학번 and 이름 or 성명. Else the number is the first field with what the
    pattern tells and no letters around it, as in the files' names; the name is the first of letters alone.

    Raises:
        ValueError: the file is no text, its quotes do not enclose fields, or it has no number.
    """
    file = folder / ROSTER
    if not file.exists():
        plain_names = (unicodedata.normalize("NFC", path.name) for path in sorted(folder.iterdir()))
        near = ", ".join(name for name in plain_names if LIKE_ROSTER.match(name))  # Windows hides .txt behind .csv
        told = f"명단({ROSTER})이 없습니다. {near}이(가) 명단이면 CSV로 저장하고 이름을 {ROSTER}로 고치십시오."
        return {}, [told] if near else []
    raw = file.read_bytes()
    try:
        text = decoded(raw)
    except ValueError:
        text = None
    if text is None or text.lstrip()[:1] == "<":  # many a school's system calls a web page .xls
        got = "엑셀 파일" if raw[:2] == b"PK" else "웹 페이지(HTML)" if text else "읽지 못할 글자"
        raise ValueError(
            f"{ROSTER}는 글자로 된 CSV 파일이어야 합니다 (받은 값: {got}). "
            "엑셀에서 열어 ‘다른 이름으로 저장’으로 CSV를 골라 다시 저장하십시오."
        )
    students, notes, rows = {}, [], []
    delimiter = max(",;\t", key=re.sub('"[^"]*"', "", text).count)
    try:
        for row in csv.reader(text.splitlines(), delimiter=delimiter, strict=True):
            rows.append([FORMULA.sub(r"\1", plain(field).strip()) for field in row])
    except csv.Error:  # a reader that is less strict takes all below for one field
        raise ValueError(
            f'{ROSTER}의 따옴표(")는 칸 하나를 앞뒤로 감싸야 합니다 (받은 값: {len(rows) + 1}째 줄부터 맞지 않음). '
            "그 줄의 따옴표를 고치거나 지우십시오."
        ) from None
    headers = [["".join(field.split()) for field in row] for row in rows]
    numbered = [i for i, row in enumerate(headers) if any("학번" in field for field in row)]
    first = 0 if 0 in numbered and sum(map(bool, headers[0])) > 1 else -1
    named = (i for i in numbered if any("학번" not in field and NAME.search(field) for field in headers[i]))
    top = next(named, first)  # a title may stand above, a remark below
    header = headers[top] if top >= 0 else []
    number_at = next((i for i, field in enumerate(header) if "학번" in field), None)
    named_so = [i for i, field in enumerate(header) if "학번" not in field and NAME.search(field)]
    name_at = next((i for i in named_so if header[i] in NAMED), next(iter(named_so), None))
    numbered_so = rf"\D*?({pattern})(?:\.0|\D)?"
    for line, fields in enumerate(rows[top + 1 :], start=top + 2):
        own = fields if number_at is None else fields[number_at : number_at + 1]
        number = next((found[1] for field in own if (found := re.fullmatch(numbered_so, field))), None)
        names = fields if name_at is None else fields[name_at : name_at + 1]
        name = next((field for field in names if name_at is not None or re.fullmatch(r"[^\W\d_][^\d]*", field)), "")
        if number in students:
            first = students[number] or "없음"
            notes.append(f"{ROSTER}의 {line}째 줄: 같은 학번({number})이 앞에도 있습니다. 앞의 이름({first})을 씁니다.")
        elif number:
            students[number] = name
        elif line > 1 and any(fields):
            notes.append(
                f"{ROSTER}의 {line}째 줄: 학번이 없어 뺐습니다({', '.join(filter(None, fields))[:60]}). "
                f"학생이 아닌 줄이면 그대로 두십시오. {ROUNDED}"
            )
    if not students:
        how = f" {ROUNDED}" if re.search(r"\dE\+\d", text) else ""
        raise ValueError(
            f"{ROSTER}에는 한 줄에 한 명, 학번과 이름이 있어야 합니다 (받은 값: 줄 {len(text.splitlines())}개, "
            f"학번 0개). 예: 20261234,홍길동.{how}"
        )
    return students, notes


def decoded(raw: bytes) -> str:
    """Return text as UTF-8 (with or without a byte-order mark), UTF-16 or Korean Windows's own encoding has it."""
    for encoding in ("utf-16",) if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp949"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise ValueError("글자를 읽지 못합니다")


def student(
    path: PurePath, pattern: str, students: dict[str, str], today: date, crowd: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Return the number of the student whose file this is, and what a teacher should know of it ("" for nothing).

    Args:
        path: the file's place among those handed in.
        pattern: a regular expression of numbers.
        students: number → name, of the `roster`.
        today: a number that may be a day shortly before is no student's unless the roster or the crowd has it.
        crowd: what may be a number in all files.

    Raises:
        ValueError: nobody, or more than one, is meant; it says who.
    """
    inner = [*reversed(path.parts)]
    moodle = next((at for at, part in enumerate(inner) if MOODLE.search(part)), len(inner))
    parts = [plain(part) for part in inner[: moodle + 1]]  # around it Moodle writes the course's and its own numbers
    parts[0] = _without_canvas(parts[0], pattern, students)
    every, stamps = [numbers(part, pattern) for part in parts], [*map(_stamp, parts)]
    found = [[number for number in inside if number not in stamp] for inside, stamp in zip(every, stamps, strict=True)]
    found[0] = found[0] or every[0]  # only in the file's own name may a day with its time be a number
    words = set().union(*map(_words, parts))
    called = {number: BARE.sub("", name) for number, name in students.items()}
    named = [number for number, name in called.items() if name and name in words]
    for inside in found:
        listed = [number for number in inside if number in students]
        if len(listed) > 1:
            raise ValueError(f"명단에 있는 학번이 여럿입니다({', '.join(listed)})")
        if listed and named and listed[0] not in named and students[listed[0]]:
            whose = f"학번 {listed[0]}의 이름은 {students[listed[0]]}인데, 파일의 이름은 {called[named[0]]}입니다"
            raise ValueError(f"{whose}. 누구의 것인지 보고 파일의 이름을 고치십시오")
        if listed:
            return listed[0], ""
    found[0] = [number for number in found[0] if number not in stamps[0][1:] or _in_crowd(number, crowd)]
    if len(named) == 1:  # days, of birth too, and the numbers of what lies around it say nothing against a name
        at = next(i for i, part in enumerate(parts) if called[named[0]] in _words(part))
        others = [number for inside in found[: at + 1] for number in inside if not may_be_day(number)]
        if others:
            raise ValueError(f"명단에 없는 학번({others[0]})인데, 이름은 명단에 있습니다(학번 {named[0]})")
        return named[0], f"파일 이름에 학번이 없어 명단의 이름({students[named[0]]})으로 찾았습니다."
    number = _likeliest(found, today, crowd)
    if number and named:
        raise ValueError(f"명단에 없는 학번({number})인데, 이름은 명단에 있습니다(학번 {named[0]})")
    begun = next((known for known in students if number.startswith(known)), "")
    if begun:
        raise ValueError(f"{number}: 명단에 있는 학번({begun}) 뒤에 다른 수가 붙은 것 같습니다. 사이를 띄우십시오")
    if number:
        return number, "명단에 없는 학번입니다." if students else ""
    days = [number for inside in every for number in inside]
    if days:
        raise ValueError(f"학번인지 날짜인지 알 수 없습니다({', '.join(days)})")
    several = "같은 이름이 명단에" if len({called[number] for number in named}) == 1 else "명단의 이름이"
    raise ValueError(f"이름에 학번이 없습니다{f'({several} 여럿입니다)' * bool(named)}")


def _without_canvas(name: str, pattern: str, students: dict[str, str]) -> str:
    """Return a file's plain name without the numbers before it, where these can only be Canvas's own.

    They are no days and of other lengths than the class's numbers; without a roster shorter than a number that follows.
    """
    found = CANVAS.match(name)
    if not found or any(map(may_be_day, found.groups()[1:])):
        return name
    rest = name[found.end() :]
    lengths = {*map(len, students or (number for number in numbers(rest, pattern) if not may_be_day(number)))}
    own = [len(number) for number in found.groups()[1:]]
    unlike = lengths.isdisjoint(own) and (students or max(own) < min(lengths, default=0))
    return f"{found[1]}_{rest}" if unlike else name


def _words(part: str) -> set[str]:
    """Return what may be a name in one plain name."""
    return {*re.findall(r"[가-힣]+|[A-Za-z]+(?: [A-Za-z]+)+", part)}


def _stamp(part: str) -> list[str]:
    """Return the numbers of a day and its time in one plain name, as in Syncthing's 20261128-153012."""
    return [
        number for match in DAY.finditer(part) if match[4] and day(match[0]) for number in re.findall(r"\d+", match[0])
    ]


def may_be_day(number: str) -> bool:
    """Return whether the number may be a day, with or without its century, or a day and a time."""
    digits = f"20{number[-6:]}" if len(number) == 6 or number[:2] == "19" else number
    return len(number) in (6, 8, 12, 14) and day(digits) is not None


def _likeliest(found: list[list[str]], today: date, crowd: frozenset[str]) -> str:
    """Return the innermost number that is hardly a day, "" where there is none; raise ValueError as `student`."""
    for i, inside in enumerate(found):
        for least in (FAR, NEAR):
            likely = [number for number in inside if _days_ago(number, today) > least or _in_crowd(number, crowd)]
            if len(likely) > 1:
                raise ValueError(f"학번일 수 있는 수가 여럿입니다({', '.join(likely)})")
            sure = likely and (least == FAR or not _likeliest(found[i + 1 :], today, crowd))
            if likely and not sure:
                raise ValueError(f"학번인지 날짜인지 알 수 없습니다({likely[0]})")
            if likely:
                return likely[0]
    return ""


def numbers(part: str, pattern: str) -> list[str]:
    """Return what may be a number in one plain name, each once."""
    return list(dict.fromkeys(match[0] for match in re.finditer(rf"(?<!\d)(?:{pattern})(?!\d)", part)))


def _days_ago(number: str, today: date) -> float:
    """Return how long ago the day was that the number may be; infinity where it is none, or one to come."""
    digits = f"20{number}" if len(number) == 6 else number
    found = day(digits) if len(digits) in (8, 12, 14) else None
    ago = (today - found.date()).days if found else math.inf
    return ago if ago >= -2 else math.inf


def _in_crowd(number: str, crowd: frozenset[str]) -> bool:
    """Return whether enough others have a number close by."""
    return sum(len(other) == len(number) and abs(int(other) - int(number)) <= 100 for other in crowd) >= CROWD
