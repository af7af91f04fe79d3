#!/usr/bin/env bash
# What a widget's JavaScript gets for NaN depends on whether orjson happens to be installed beside the kernel.
#
# JSON has no NaN. Without orjson jupyter_client warns once and sends the text "nan"; with orjson, which it takes by
# itself where it can be imported, NaN and both infinities are null, without a word. A diverged loss in a traitlet of
# anywidget or ipywidgets is then drawn as 0, the best of all: Number(null) is 0, while Number("nan") is NaN, which
# plots leave out. math.inf can no more be told from NaN.
#
# Seen (jupyter_client 8.10.0, anywidget 0.11.0, ipykernel 7.4.0, orjson 3.13.0): a kernel sends [1.0, nan, inf] as
# [1.0, "nan", "inf"] and a UserWarning; after `pip install orjson` as [1.0, null, null] and nothing else.
set -euo pipefail
version=${1:-8.10.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
export IPYTHONDIR=$folder/ipython JUPYTER_RUNTIME_DIR=$folder/runtime
"$folder/venv/bin/pip" install -q jupyter_client=="$version" anywidget==0.11.0 ipykernel==7.4.0 ipython==9.18.1
cat > "$folder/ask.py" <<'PY'
import sys

from jupyter_client.manager import start_new_kernel

CELL = """
import math

import anywidget
from traitlets import List


class Curve(anywidget.AnyWidget):
    _esm = "export default { render() {} }"
    losses = List().tag(sync=True)


Curve().losses = [1.0, math.nan, math.inf]
"""

manager, client = start_new_kernel(kernel_name="python3", stderr=open(sys.argv[1], "w"))
try:
    asked, sent, warned, idle = client.execute(CELL), None, False, False
    while not idle:
        message = client.get_iopub_msg(timeout=60)
        kind, content = message["msg_type"], message["content"]
        if kind == "error":
            sys.exit(content["evalue"])
        if kind == "comm_msg":
            sent = content["data"]["state"]["losses"]
        warned |= kind == "stream" and "not JSON compliant" in content["text"]
        idle = kind == "status" and content["execution_state"] == "idle" and message["parent_header"]["msg_id"] == asked
finally:
    client.stop_channels()
    manager.shutdown_kernel(now=True)
print(sent, "warned" if warned else "silent")
PY
plain=$("$folder/venv/bin/python" "$folder/ask.py" "$folder/log")
"$folder/venv/bin/pip" install -q orjson==3.13.0
fast=$("$folder/venv/bin/python" "$folder/ask.py" "$folder/log")
echo "without orjson: $plain"
echo "with orjson:    $fast"
[[ $plain == "[1.0, 'nan', 'inf'] warned" && $fast == "[1.0, None, None] silent" ]]
