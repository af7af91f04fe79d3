#!/usr/bin/env bash
# websocket-client 1.9.2 checks the UTF-8 of every text frame byte by byte in Python, before the message is decoded in C.
#
# A browser's DevTools answer in JSON, so that a page printed to PDF comes as one text frame of millions of letters.
# Receiving it then costs more processor time than anything else that the client does. The check has a switch, which is
# off by default: create_connection(…, skip_utf8_validation=True); json.loads still refuses what is no UTF-8.
#
# Seen (Python 3.11): a frame of 4 MB takes 0.6 s of processor time with the check, 0.01 s without.
set -euo pipefail
version=${1:-1.9.2}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install -q websocket-client=="$version"
"$work/venv/bin/python" - <<'PY'
import socket, sys, threading, time

from websocket import ABNF, WebSocket

LETTERS = b"A" * 4_000_000


def seconds(skip: bool) -> float:
    """Return the processor time of receiving one text frame from a socket pair, all of it sent before."""
    ours, theirs = socket.socketpair()
    frame = ABNF(fin=1, opcode=ABNF.OPCODE_TEXT, mask_value=0, data=LETTERS).format()
    sender = threading.Thread(target=theirs.sendall, args=(frame,))
    client = WebSocket(skip_utf8_validation=skip)
    client.sock, client.connected = ours, True
    start = time.process_time()
    sender.start()
    assert len(client.recv()) == len(LETTERS)
    sender.join()
    return time.process_time() - start


checked, unchecked = (min(seconds(skip) for _ in range(3)) for skip in (False, True))
print(f"with the check {checked:.2f} s, without {unchecked:.2f} s")
sys.exit(not checked > 10 * unchecked)
PY
