#!/usr/bin/env bash
# papermill -p makes the class 2026_03 the number 202603, and a YAML file makes the learning rate 1e-3 a text.
#
# What is given by -p is tried as an integer and as a float, as Python reads text: underscores between digits and
# leading zeros are no part of it, and "nan" and "infinity" are floats. The class 2026_03 becomes 202603, 3.10 becomes
# 3.1, and the notebook runs, with f"{course}" in its file names. Given by a file, -f or -y, the same words are read as
# YAML 1.1, to which 1e-3 without a point is text, no is False, 010 is 8 and 1:20 is 80. A learning rate that was right
# by -p is then "1e-3", and 2 * learning_rate is "1e-31e-3". -r takes each word as it is; in YAML write "2026_03" and
# 1.0e-3.
#
# Seen (papermill 2.7.0, PyYAML 6.0.3): of 2026_03, 1e-3, 010 and 3.10 a notebook gets 202603, 0.001, 10 and 3.1 by -p,
# 202603, "1e-3", 8 and 3.1 by -f, and the four words by -r.
set -euo pipefail
version=${1:-2.7.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q papermill=="$version" pyyaml==6.0.3 ipykernel==7.4.0
cd "$folder"
cat > given.yaml <<'YAML'
course: 2026_03
learning_rate: 1e-3
student: 010
release: 3.10
YAML
venv/bin/python - <<'PY'
import nbformat
from nbformat.v4 import new_code_cell, new_notebook

names = "course", "learning_rate", "student", "release"
cells = [
    new_code_cell("\n".join(f"{name} = None" for name in names), metadata={"tags": ["parameters"]}),
    new_code_cell(f"print([{', '.join(names)}])"),
]
spec = {"name": "python3", "language": "python", "display_name": "Python 3"}
nbformat.write(new_notebook(cells=cells, metadata={"kernelspec": spec}), "asked.ipynb")
PY
pairs=(course 2026_03 learning_rate 1e-3 student 010 release 3.10)
told() { # what the notebook prints when it is given these options
    IPYTHONDIR="$folder/ipython" venv/bin/papermill asked.ipynb out.ipynb --no-progress-bar --log-level ERROR "$@"
    venv/bin/python -c 'import nbformat; print(nbformat.read("out.ipynb", 4).cells[-1].outputs[0].text.strip())'
}
by() { # the same with this option before each pair
    local options=()
    for ((i = 0; i < ${#pairs[@]}; i += 2)); do
        options+=("$1" "${pairs[i]}" "${pairs[i + 1]}")
    done
    told "${options[@]}"
}
p=$(by -p)
r=$(by -r)
f=$(told -f given.yaml)
echo "-p: $p"
echo "-r: $r"
echo "-f: $f"
test "$p" = "[202603, 0.001, 10, 3.1]"
test "$r" = "['2026_03', '1e-3', '010', '3.10']"
test "$f" = "[202603, '1e-3', 8, 3.1]"
