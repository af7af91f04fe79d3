"""The post's training by well-known trainers, each told to make the same steps as the raw loop of `ways`.

scikit-learn is there anyway; the others come with requirements-speed.txt, and count only where they are installed.
"""

import logging
import os
import warnings
from collections.abc import Sequence
from importlib.util import find_spec

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from mlp_tutorial.speed.ways import Run, Way, arrays, network, parameters_of, tensors


def scikit_learn(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """MLPRegressor, whose loss is half the MSE and whose gradient is that of half the squares' sum over a row.

    The post's gradient divides the same sum by D_out / 2 more, so scikit-learn's rate is 2 / D_out of the post's.
    """
    from sklearn.neural_network import MLPRegressor

    x, y, W_1, b_1, W_2, b_2 = arrays(x, y, *start)
    settings = {"solver": "sgd", "learning_rate_init": learning_rate * 2 / len(b_2), "momentum": 0, "alpha": 0}
    settings |= {"batch_size": len(x), "shuffle": False, "max_iter": n_steps, "n_iter_no_change": n_steps + 2}
    settings |= {"warm_start": True}  # `fit` goes on from the weights that are there
    model = MLPRegressor(hidden_layer_sizes=(len(b_1),), **settings)
    model.partial_fit(x, y)  # one step, which makes the weights that are now replaced
    model.coefs_, model.intercepts_ = [W_1.T.copy(), W_2.T.copy()], [b_1, b_2]
    with warnings.catch_warnings(action="ignore"):  # that it has not converged is what we want
        model.fit(x, y)
    (V_1, V_2), (c_1, c_2) = model.coefs_, model.intercepts_
    return Run([2 * loss for loss in model.loss_curve_[1:]], tensors(V_1.T, c_1, V_2.T, c_2))


def lightning(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Lightning's Trainer without its logger, checkpoints and progress bar."""
    import lightning

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)

    class Module(lightning.LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model, self.losses = network(start), []

        def training_step(self, batch: list[Tensor], _: int) -> Tensor:
            loss = F.mse_loss(self.model(batch[0]), batch[1])
            self.losses.append(loss.item())
            return loss

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=learning_rate)

    off = ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary")
    settings = {"accelerator": "cpu", "devices": 1, "max_steps": n_steps, "max_epochs": -1}
    module, one_batch = Module(), torch.utils.data.DataLoader([(x, y)], batch_size=None)
    with warnings.catch_warnings(action="ignore"):  # advice about workers for the one batch
        lightning.Trainer(**settings, **dict.fromkeys(off, False)).fit(module, one_batch)
    return Run(module.losses, parameters_of(module))


def skorch(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The NeuralNetRegressor of skorch without callbacks and without a validation split."""
    from skorch import NeuralNetRegressor

    settings = {"criterion": nn.MSELoss, "optimizer": torch.optim.SGD, "lr": learning_rate, "max_epochs": n_steps}
    settings |= {"batch_size": -1, "train_split": None, "callbacks": "disable", "verbose": 0}  # -1: all rows
    net = NeuralNetRegressor(network(start), **settings)
    net.fit(x, y)
    losses = [epoch[0]["train_loss"] for epoch in net.history[:, "batches"]]
    return Run(losses, parameters_of(net.module_))


def keras(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Keras on torch: a Sequential of two Dense layers, compiled and fitted."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    import keras

    x, y, W_1, b_1, W_2, b_2 = arrays(x, y, *start)
    layers = [keras.layers.Dense(len(b_1), activation="relu"), keras.layers.Dense(len(b_2))]
    model = keras.Sequential([keras.Input((x.shape[1],)), *layers])
    model.set_weights([W_1.T, b_1, W_2.T, b_2])
    model.compile(optimizer=keras.optimizers.SGD(learning_rate), loss="mse")
    history = model.fit(x, y, batch_size=len(x), epochs=n_steps, shuffle=False, verbose=0)
    with warnings.catch_warnings(action="ignore"):  # Keras's own, of its way to NumPy 2
        V_1, c_1, V_2, c_2 = model.get_weights()
    return Run(history.history["loss"], tensors(V_1.T, c_1, V_2.T, c_2))


PACKAGES = {"scikit-learn": "sklearn", "Lightning": "lightning", "skorch": "skorch", "Keras": "keras"}  # to import
TRAINERS: dict[str, Way] = {"scikit-learn": scikit_learn, "Lightning": lightning, "skorch": skorch, "Keras": keras}


def installed() -> dict[str, Way]:
    """Return those of TRAINERS whose package is here."""
    return {name: way for name, way in TRAINERS.items() if find_spec(PACKAGES[name])}
