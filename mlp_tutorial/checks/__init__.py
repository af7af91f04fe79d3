"""Checks of what a learner hands in, before torch: each message names the value, the expectation and the remedy."""

from mlp_tutorial.checks.losses import LossFunction, labels, scalar_loss, targets
from mlp_tutorial.checks.networks import (
    answered,
    layer_inputs,
    network,
    prediction,
    reached,
    sized,
    stopped,
    training_setup,
)
from mlp_tutorial.checks.rows import data, tensors, trainable
from mlp_tutorial.checks.values import (
    ACTIVATION_FORMS,
    LOSS_FORMS,
    MAX_SEED,
    finite,
    function,
    layer_widths,
    plain,
    positive_number,
    random_seed,
    usable_device,
    whole_number,
    whole_numbers,
)

__all__ = [
    "ACTIVATION_FORMS",
    "LOSS_FORMS",
    "MAX_SEED",
    "LossFunction",
    "answered",
    "data",
    "finite",
    "function",
    "labels",
    "layer_inputs",
    "layer_widths",
    "network",
    "plain",
    "positive_number",
    "prediction",
    "random_seed",
    "reached",
    "scalar_loss",
    "sized",
    "stopped",
    "targets",
    "tensors",
    "trainable",
    "training_setup",
    "usable_device",
    "whole_number",
    "whole_numbers",
]
