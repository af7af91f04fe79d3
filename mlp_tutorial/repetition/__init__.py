"""Repetition as an instrument: the same training from many seeds on many splits, and how sure a mean of runs is.

One run proves little: its seed, its split or the step where it stopped may have been lucky.
"""

from mlp_tutorial.repetition.estimates import Estimate, estimate
from mlp_tutorial.repetition.runs import Runs, repeat

__all__ = ["Estimate", "Runs", "estimate", "repeat"]
