#!/usr/bin/env bash
# nbgrader whose nbgrader_config.py does not compile goes on with its defaults and ends with status 0.
#
# traitlets logs what goes wrong in a configuration file, traceback and all, and carries on without the whole file:
# Application.raise_config_file_errors is off by default, and neither the file nor an option can set it. A typo in one
# line of a course's settings, such as 60s for 60, therefore changes the course's folders, plugins, time limits and
# preprocessors in one go. One would expect a command on marks to stop.
#
# Seen (nbgrader 0.9.6, traitlets 5.16.1): `nbgrader db assignment list` ends with 0 after a SyntaxError in its log, and
# with 1 where the environment has TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR=1.
set -euo pipefail
version=${1:-0.9.6}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q nbgrader=="$version" traitlets==5.16.1
export PATH="$folder/venv/bin:$PATH" HOME="$folder" # nbgrader calls alembic by its name alone
mkdir -p "$folder/course/source/one"
cd "$folder/course"
printf 'c = get_config()\nc.CourseDirectory.source_directory = "elsewhere"\nc.Execute.timeout = 60s\n' >nbgrader_config.py
said=0
nbgrader db assignment list >"$folder/log" 2>&1 || said=$?
grep -q SyntaxError "$folder/log" && echo "logged: $(grep SyntaxError "$folder/log" | tail -1)"
echo "status by default: $said"
strict=0
TRAITLETS_APPLICATION_RAISE_CONFIG_FILE_ERROR=1 nbgrader db assignment list >"$folder/strict" 2>&1 || strict=$?
echo "status when told to raise: $strict; $(tail -1 "$folder/strict")"
[[ $said == 0 && $strict != 0 ]] && grep -q SyntaxError "$folder/log"
