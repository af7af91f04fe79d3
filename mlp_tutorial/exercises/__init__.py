"""The checks of the exercises: `check` judges an answer; checks_NN.py says what each exercise of notebook NN asks."""

from mlp_tutorial.exercises.checking import check

__all__ = ["check"]
