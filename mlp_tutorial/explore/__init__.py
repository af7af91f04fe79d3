"""Explorers: controls above a picture that follows them.

In a running notebook an explorer is a widget. Its output also holds the picture by itself, which is all that the stored
notebooks keep (tools/rerun.py), for paper and for GitHub.
"""

from importlib.util import find_spec

if find_spec("ipywidgets") is None:  # an extra's, as the rest of the package needs no notebook
    raise ImportError("탐색기에는 ipywidgets가 필요합니다. 셀에서 %pip install ipywidgets를 실행하고 다시 해 보십시오.")

from mlp_tutorial.explore.losses import Losses
from mlp_tutorial.explore.structure import Structure
from mlp_tutorial.explore.training import Training

__all__ = ["Losses", "Structure", "Training"]
