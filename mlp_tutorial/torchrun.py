"""The address by which notebook C knows `processes.start`."""

from mlp_tutorial.processes.start import Run

__all__ = ["Run"]
