"""The command line: each command has a module of its own in `commands`, which is loaded when it is asked for."""

import sys
from importlib import import_module

from mlp_tutorial import terminal

NAMED = ("lab", "handouts", "classroom")  # by their first word; all else trains


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (sys.argv without the program) ask for; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    name, *rest = arguments if arguments and arguments[0] in NAMED else ["train", *arguments]
    return import_module(f"mlp_tutorial.commands.{name}").main(rest)


if __name__ == "__main__":
    terminal.run(main)
