"""The line on stderr that tells how far a long run is."""

import sys
import time
from collections.abc import Iterator

TELL_AFTER = 10.0  # seconds of this thread's work before it tells how far it is: no notebook's run has as many


def steps(n_steps: int) -> Iterator[int]:
    """Yield 1 … n_steps; from TELL_AFTER seconds of work on, a line on stderr tells how far it is, until the end."""
    start = told = time.thread_time()
    try:
        for step in range(1, n_steps + 1):
            yield step
            now = time.thread_time()
            if now - start > TELL_AFTER and now - told > 0.5:
                told = now
                print(f"\r학습: {step:,d} / {n_steps:,d} 스텝", end="", file=sys.stderr, flush=True)
    finally:
        if told > start:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)  # wipes the line
