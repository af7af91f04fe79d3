"""The command line: each command has a module of its own in `commands`."""

import sys

from mlp_tutorial import terminal


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (sys.argv without the program) ask for; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    match arguments:
        case ["lab", *rest]:
            from mlp_tutorial.commands import lab as command
        case ["handouts", *rest]:
            from mlp_tutorial.commands import handouts as command
        case ["classroom", *rest]:
            from mlp_tutorial.commands import classroom as command
        case rest:
            from mlp_tutorial.commands import train as command
    return command.main(rest)


if __name__ == "__main__":
    terminal.run(main)
