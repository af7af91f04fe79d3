"""Change each model answer in one place at a time and see whether its check refuses the change.

mutmut changes calls, names, strings and numbers, Cosmic Ray operators, comparisons, numbers and loops. The check that
learners see must refuse every changed answer that is no longer right. Prints those it takes and the share that it
refuses; a changed line that means the same stands in the exercise's `equivalent` in answers/NN.toml.
Needs the package's extra `mutation` and, for answers that never end, a system with SIGALRM (not Windows).
"""

import argparse
import signal
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from difflib import ndiff
from io import StringIO

import torch
from cosmic_ray.mutating import mutate_code
from cosmic_ray.plugins import get_operator, operator_names
from mutmut.mutation.file_mutation import create_mutations, deep_replace
from nbcheck.exercises import NOTEBOOKS, Exercise, exercises

from mlp_tutorial.terminal import run

LIMIT = 10  # seconds for one changed answer
SHARE = 0.98  # of the changed answers, at least, must be refused


class TooLong(BaseException):
    """A changed answer didn't end; no `except Exception` stops it."""


def mutants(source: str) -> set[str]:
    """Return the source with one change each."""
    module, mutations, *_ = create_mutations("answer.py", source)
    by_mutmut = {deep_replace(module, one.original_node, one.mutated_node).code for one in mutations}
    return (by_mutmut | {*by_cosmic_ray(source)}) - {source}


def by_cosmic_ray(source: str) -> Iterator[str]:
    """Yield Cosmic Ray's; its operators for variables, decorators and exceptions need arguments of their own."""
    for name in operator_names():
        if not name.startswith(("core/Replace", "core/AddNot", "core/Number", "core/Zero")):
            continue
        occurrence = 0
        while (found := mutate_code(source.encode(), get_operator(name)(), occurrence)) is not None:
            yield found if isinstance(found, str) else found.decode()
            occurrence += 1


def stop(*_: object) -> None:
    """Raise TooLong, as a signal's handler."""
    raise TooLong


def refused(one: Exercise, source: str) -> bool:
    """Return whether the visible check takes the answer cell `source` for wrong, or waits for an answer."""
    dtype = torch.get_default_dtype()
    signal.alarm(LIMIT)
    try:
        with redirect_stdout(StringIO()), redirect_stderr(StringIO()):
            return "맞았습니다" not in one.visible(one.run(source))
    except (Exception, SystemExit, TooLong):
        return True
    finally:
        signal.alarm(0)
        torch.set_default_dtype(dtype)


def changed(before: str, after: str) -> str:
    """Return the changed lines of `after`."""
    return "; ".join(line[2:].strip() for line in ndiff(before.splitlines(), after.splitlines()) if line[0] == "+")


def main() -> int:
    """Try the exercises of the notebooks that the command line names, all if it names none; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("numbers", nargs="*", help="notebooks, such as 01 (all if none is given)")
    numbers = parser.parse_args().numbers or [*NOTEBOOKS]
    torch.set_num_threads(1)
    signal.signal(signal.SIGALRM, stop)
    tried = taken = same = 0
    for one in (one for number in numbers for one in exercises(NOTEBOOKS[number]) if one.check):
        answer = one.filled(one.solutions)
        for source in sorted(mutants(answer)):
            if changed(answer, source) in one.table.get("equivalent", ()):
                same += 1
                continue
            tried += 1
            if not refused(one, source):
                taken += 1
                print(f"{one.name}: {changed(answer, source)}")
    share = 1 - taken / max(tried, 1)
    print(f"{tried} changed answers, {taken} of them taken: {share:.1%} refused; {same} more mean the same")
    return int(share < SHARE)


if __name__ == "__main__":
    run(main)
