"""Notebook C's script, as torchrun starts it: `torchrun … -m mlp_tutorial.distributed --folder results`."""

from mlp_tutorial.processes.training import join, run

__all__ = ["join", "run"]

if __name__ == "__main__":
    run()
