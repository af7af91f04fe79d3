"""Checks of what a learner hands in, before torch: each message names the value, the expectation and the remedy."""

from mlp_tutorial.checks.losses import LossFunction, labels, left_out, no_sigmoid, scalar_loss, takes_logits, targets
from mlp_tutorial.checks.networks import (
    answered,
    layer_inputs,
    moved,
    network,
    prediction,
    reached,
    settled,
    sized,
    stopped,
    training_setup,
)
from mlp_tutorial.checks.rows import data, kept, tensors, trainable
from mlp_tutorial.checks.values import (
    ACTIVATION_FORMS,
    LOSS_FORMS,
    MAX_SEED,
    called_as,
    finite,
    function,
    layer_widths,
    plain,
    positive_number,
    random_seed,
    real_number,
    usable_device,
    whole_number,
    whole_numbers,
    within_steps,
)
