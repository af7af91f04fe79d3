"""Explorers: controls above a picture that follows them.

In a running notebook an explorer is a widget. Its output also holds the picture by itself, which is all that the stored
notebooks keep (tools/rerun.py), for paper and for GitHub.
"""

from mlp_tutorial.explore.losses import Losses
from mlp_tutorial.explore.structure import Structure
from mlp_tutorial.explore.training import Training

__all__ = ["Losses", "Structure", "Training"]
