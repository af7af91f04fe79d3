#!/usr/bin/env bash
# `jupyter server --port 80000` starts, shows an address with port 80000, and listens on port 14464.
#
# jupyter-server 2.20.0 takes any whole number for --port and hands it to tornado, which asks the C library's
# getaddrinfo for the addresses to bind. That keeps only 16 bits of a numeric port (80000 − 65536 = 14464), where
# Python's own socket.bind raises OverflowError. So nothing fails, and the address that is shown leads nowhere.
#
# Seen (Linux, glibc): the server's own answer comes from 14464; port 80000 does not exist.
set -euo pipefail
version=${1:-2.20.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q jupyter-server=="$version"
export HOME=$folder JUPYTER_TOKEN=finding
"$folder/venv/bin/python" - "$folder" <<'PY'
import re, subprocess, sys, time
from urllib.error import URLError
from urllib.request import urlopen

folder = sys.argv[1]
command = [f"{folder}/venv/bin/jupyter", "server", "--port", "80000", "--no-browser", "--allow-root"]
with open(f"{folder}/log", "w+") as log, subprocess.Popen(command, stderr=log, cwd=folder) as server:
    answer = None
    try:
        for _ in range(60):
            time.sleep(0.5)
            try:
                answer = urlopen(f"http://127.0.0.1:{80000 - 65536}/api?token=finding").read()
                break
            except URLError:
                pass
    finally:
        server.terminate()
        server.wait()
    log.seek(0)
    shown = set(re.findall(r"http://[\w.]+:(\d+)/", log.read()))
print("shown:", shown, "answered on 14464:", answer)
sys.exit(not (answer and b"version" in answer and shown == {"80000"}))
PY
