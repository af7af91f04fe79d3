#!/usr/bin/env bash
# nbgrader takes the offset of "2026-03-02 23:59:00 +0900" for 900 seconds, and the zone KST, which it writes, for UTC.
#
# A due date is given as its documentation does it, "2015-02-02 17:00:00 UTC". Of the third word parse_utc makes an
# int, and dateutil takes ints for seconds: the deadline lies 8 h 45 min later than meant, and who is late is in time.
# A name goes to dateutil's gettz, which knows Asia/Seoul and, unless the computer's own clock has it, no KST; what it
# does not know is UTC then, without a word. nbgrader's exchange writes such names itself: with its setting
# Exchange.timezone = "Asia/Seoul" each submission on a server that keeps UTC is read back as nine hours late. An
# offset that is glued to the time, as ISO 8601 has it, is read rightly.
#
# Seen (nbgrader 0.9.6, python-dateutil 2.9.0.post0, TZ=UTC): 23:44 UTC for 14:59; 9.0 hours late for none.
set -euo pipefail
version=${1:-0.9.6}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q nbgrader=="$version" python-dateutil==2.9.0.post0
export PATH="$work/venv/bin:$PATH" TZ=UTC # nbgrader looks there for alembic
mkdir "$work/course"
cd "$work/course"
for due in "glued 2026-03-02T23:59:00+09:00" "zone 2026-03-02 23:59:00 Asia/Seoul" "apart 2026-03-02 23:59:00 +0900"; do
    nbgrader db assignment add "${due%% *}" --duedate "${due#* }" --log-level=ERROR
done
python -W ignore - <<'PY'
import sys
from datetime import UTC, datetime

from nbgrader.api import Gradebook
from nbgrader.exchange.default import Exchange
from nbgrader.utils import parse_utc
from traitlets.config import Config

with Gradebook("sqlite:///gradebook.db") as book:
    due = {assignment.name: f"{assignment.duedate:%d %H:%M}" for assignment in book.assignments}
config = Config()
config.Exchange.timezone = "Asia/Seoul"
exchange = Exchange(config=config)
exchange.set_timestamp()  # what the student's timestamp.txt holds
late = (parse_utc(exchange.timestamp) - datetime.now(UTC).replace(tzinfo=None)).total_seconds() / 3600
print("stored as UTC:", due, "| now is written", exchange.timestamp, f"and read back {late:.1f} hours later")
sys.exit(due != {"glued": "02 14:59", "zone": "02 14:59", "apart": "02 23:44"} or round(late, 1) != 9)
PY
