"""What each kernel of the grading runs first: prints have an end, `exit()` ends nothing, `input()` says why it fails.

An endless loop that prints would otherwise fill the teacher's memory, in the kernel, in nbgrader and on the page. A
kernel that ends itself does so a little later, in a cell that is not to blame.
"""


def limit(most: int = 200_000) -> None:
    """Let each cell print `most` characters; leave out the rest."""
    import sys  # here, as the student's names are the student's
    from collections.abc import Callable
    from typing import NoReturn

    from IPython import get_ipython

    left = most

    def start(*_: object) -> None:
        nonlocal left
        left = most

    def limited(write: Callable[[str], object]) -> Callable[[str], int]:
        def write_some(text: str) -> int:
            nonlocal left
            if left > 0:
                write(text[:left] + "\n… (출력이 너무 길어 나머지는 버렸습니다)\n" * (len(text) > left))
                left -= len(text)
            return len(text)

        return write_some

    def answer_nothing(*_: object) -> NoReturn:
        raise RuntimeError("채점할 때에는 input()에 답할 사람이 없습니다. 값을 직접 적으십시오.")

    for stream in (sys.stdout, sys.stderr):
        stream.write = limited(stream.write)
    get_ipython().events.register("pre_run_cell", start)
    get_ipython().ask_exit = lambda: None  # what IPython's own exit and quit call
    get_ipython().kernel.raw_input = answer_nothing  # what the kernel makes of `input` in each cell


limit()
del limit
