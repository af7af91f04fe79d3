"""What each kernel of the grading runs first: a cell's prints end after so many characters, and `exit()` ends nothing.

An endless loop that prints would otherwise fill the teacher's memory, in the kernel, in nbgrader and on the page. A
kernel that ends itself does so a little later, in a cell that is not to blame.
"""


def limit(most: int = 200_000) -> None:
    """Let each cell print `most` characters; leave out the rest."""
    import sys  # here, as the student's names are the student's
    from collections.abc import Callable

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

    for stream in (sys.stdout, sys.stderr):
        stream.write = limited(stream.write)
    get_ipython().events.register("pre_run_cell", start)
    get_ipython().ask_exit = lambda: None  # what IPython's own exit and quit call


limit()
del limit
