"""Explorers: controls above a picture that follows them, in a notebook by a widget and in a page without any Python.

What moves is plain JavaScript (web/). An output also holds a picture by itself, which is all that the stored notebooks
keep (tools/rerun.py), for paper and for GitHub.
"""

from importlib.util import find_spec

if find_spec("anywidget") is None:  # the extra `lab` brings it
    raise ImportError("탐색기에는 anywidget이 필요합니다. 셀에서 %pip install anywidget을 실행하고 다시 해 보십시오.")

from mlp_tutorial.explore.losses import Losses
from mlp_tutorial.explore.structure import Structure
from mlp_tutorial.explore.training import Training
from mlp_tutorial.explore.weights import Descent, Hinges, Perceptron

__all__ = ["Descent", "Hinges", "Losses", "Perceptron", "Structure", "Training"]
