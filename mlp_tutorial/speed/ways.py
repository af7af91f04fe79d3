"""The post's training in many ways that take the same steps: only what is left to PyTorch or to a tool differs.

Each is a function of (x, y, start, learning_rate, n_steps), full batch and MSE, that leaves what it is given as it
was. x is (N, D_in), y (N, D_out), start the parameters W_1 (H, D_in), b_1 (H,), W_2 (D_out, H), b_2 (D_out,).
"""

import logging
import os
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from importlib.util import find_spec
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import reference


class Run(NamedTuple):
    """What a way returns: each step's loss before its update, and the parameters in the order of `start`."""

    losses: list[float]
    parameters: Sequence[Tensor] = ()  # a tool keeps its own


Setting = tuple[Tensor, Tensor, list[Tensor]]  # x, y, start
Way = Callable[[Tensor, Tensor, Sequence[Tensor], float, int], Run]


def post(H: int = 100) -> Setting:
    """Return the post's x (64, 1000), y (64, 10) and first parameters; those of another width are PyTorch's draws."""
    D_in, post_H, D_out = reference.POST_SIZES
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(123)
        model = mt.TwoLayerNet(D_in, H, D_out)
    if post_H == H:
        reference.load_post_weights(model)
    return *mt.random_data(64, D_in, D_out), parameters_of(model)


def network(start: Sequence[Tensor]) -> mt.TwoLayerNet:
    """Return a network that starts from these parameters, of their dtype and on their device."""
    (H, D_in), D_out = start[0].shape, len(start[3])
    model = mt.TwoLayerNet(D_in, H, D_out).to(start[0])
    model.load_state_dict(dict(zip(model.state_dict(), start, strict=True)))
    return model


def parameters_of(model: nn.Module) -> list[Tensor]:
    """Return the model's parameters without their record of gradients."""
    return [parameter.detach() for parameter in model.parameters()]


def array(values: Tensor) -> np.ndarray:
    """Return a copy of the tensor as a NumPy array."""
    return values.cpu().numpy().copy()


def raw_loop(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The five lines of 07, in a loop."""
    model = network(start)
    optimizer = torch.optim.SGD(model.parameters(), lr=learning_rate)
    losses = []
    for _ in range(n_steps):
        y_pred = model(x)
        loss = F.mse_loss(y_pred, y)
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return Run(losses, parameters_of(model))


def fit(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The same loop as `mt.fit` has it."""
    model = network(start)
    history = mt.fit(model, x, y, loss_fn=F.mse_loss, learning_rate=learning_rate, n_steps=n_steps)
    return Run(history.losses.tolist(), parameters_of(model))


def by_hand(copy: Callable, x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Forward and backward by hand on what `copy` makes of the tensors, in words that torch and NumPy both know."""
    x, y, W_1, b_1, W_2, b_2 = map(copy, (x, y, *start))
    losses = []
    for _ in range(n_steps):
        z = x @ W_1.T + b_1  # (N, H)
        h = z.clip(min=0)
        difference = h @ W_2.T + b_2 - y  # (N, D_out)
        losses.append(float((difference**2).mean()))
        d_y_pred = 2 * difference / (len(y) * len(b_2))
        d_z = (d_y_pred @ W_2) * (z > 0)
        W_2 -= learning_rate * d_y_pred.T @ h
        b_2 -= learning_rate * d_y_pred.sum(axis=0)
        W_1 -= learning_rate * d_z.T @ x
        b_1 -= learning_rate * d_z.sum(axis=0)
    return Run(losses, [torch.as_tensor(values) for values in (W_1, b_1, W_2, b_2)])


def carried(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The hidden sums z carried from step to step, in NumPy: every result goes into an array made beforehand (out=).

    One product serves W_2 and b_2, as the last column of h stays 1.
    """
    x, y, W_1, b_1, W_2, b_2 = map(array, (x, y, *start))
    H, rate = len(b_1), learning_rate * 2 / y.size
    K = rate * (x @ x.T + 1)  # (N, N)
    z = x @ W_1.T + b_1  # (N, H)
    V = np.column_stack([W_2, b_2])  # (D_out, H + 1)
    h = np.ones((len(x), H + 1), x.dtype)
    d_y, d_V, d_z, update = np.empty_like(y), np.empty_like(V), np.empty_like(z), np.empty_like(z)
    total, active = np.zeros_like(z), np.empty(z.shape, bool)
    losses = []
    for _ in range(n_steps):
        np.maximum(z, 0, out=h[:, :H])
        np.matmul(h, V.T, out=d_y)
        d_y -= y
        losses.append(float(np.vdot(d_y, d_y)) / y.size)
        np.matmul(d_y, V[:, :H], out=d_z)
        d_z *= np.greater(z, 0, out=active)
        total += d_z
        z -= np.matmul(K, d_z, out=update)
        V -= np.multiply(np.matmul(d_y.T, h, out=d_V), rate, out=d_V)
    W_1 -= rate * total.T @ x
    b_1 -= rate * total.sum(axis=0)
    return Run(losses, [torch.as_tensor(values) for values in (W_1, b_1, V[:, :H], V[:, H])])


def scikit_learn(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """MLPRegressor, whose loss is half the MSE and whose gradient is that of half the squares' sum over a row.

    The post's gradient divides the same sum by D_out / 2 more, so scikit-learn's rate is 2 / D_out of the post's.
    """
    from sklearn.neural_network import MLPRegressor

    x, y, W_1, b_1, W_2, b_2 = map(array, (x, y, *start))
    settings = {"solver": "sgd", "learning_rate_init": learning_rate * 2 / len(b_2), "momentum": 0, "alpha": 0}
    settings |= {"batch_size": len(x), "shuffle": False, "max_iter": n_steps, "n_iter_no_change": n_steps + 2}
    model = MLPRegressor(hidden_layer_sizes=(len(b_1),), warm_start=True, **settings)  # `fit` goes on from its weights
    model.partial_fit(x, y)  # one step, which makes the weights that are now replaced
    model.coefs_, model.intercepts_ = [W_1.T.copy(), W_2.T.copy()], [b_1, b_2]
    with warnings.catch_warnings(action="ignore"):  # that it has not converged is what we want
        model.fit(x, y)
    return Run([2 * loss for loss in model.loss_curve_[1:]])


def skorch(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The NeuralNetRegressor of skorch without callbacks and without a validation split."""
    from skorch import NeuralNetRegressor

    settings = {"criterion": nn.MSELoss, "optimizer": torch.optim.SGD, "lr": learning_rate, "max_epochs": n_steps}
    settings |= {"batch_size": -1, "train_split": None, "callbacks": "disable", "verbose": 0}  # -1: all rows
    net = NeuralNetRegressor(network(start), **settings).fit(x, y)
    return Run([epoch[0]["train_loss"] for epoch in net.history[:, "batches"]])


def lightning(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Lightning's Trainer without its logger, checkpoints, bar and summary."""
    from lightning import LightningModule, Trainer

    logging.getLogger("lightning.pytorch").setLevel(logging.ERROR)  # it names the devices at each start
    losses: list[float] = []

    class Module(LightningModule):
        def __init__(self) -> None:
            super().__init__()
            self.model = network(start)

        def training_step(self, batch: list[Tensor], _: int) -> Tensor:
            loss = F.mse_loss(self.model(batch[0]), batch[1])
            losses.append(loss.item())
            return loss

        def configure_optimizers(self) -> torch.optim.Optimizer:
            return torch.optim.SGD(self.parameters(), lr=learning_rate)

    off = ("logger", "enable_checkpointing", "enable_progress_bar", "enable_model_summary")
    settings = {"accelerator": "cpu", "devices": 1, "max_steps": n_steps, "max_epochs": -1}  # -1: steps alone end it
    with warnings.catch_warnings(action="ignore"):  # advice about workers for the one batch
        trainer = Trainer(**settings, **dict.fromkeys(off, False))
        trainer.fit(Module(), torch.utils.data.DataLoader([(x, y)], batch_size=None))
    return Run(losses)


def keras(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Keras on PyTorch, in Keras's own float32: a Sequential of two Dense layers, compiled and fitted."""
    os.environ.setdefault("KERAS_BACKEND", "torch")
    from keras import Input, Sequential, layers, optimizers

    x, y, W_1, b_1, W_2, b_2 = map(array, (x, y, *start))
    model = Sequential([Input((x.shape[1],)), layers.Dense(len(b_1), activation="relu"), layers.Dense(len(b_2))])
    model.set_weights([W_1.T, b_1, W_2.T, b_2])
    model.compile(optimizer=optimizers.SGD(learning_rate), loss="mse")
    with warnings.catch_warnings(action="ignore"):  # Keras's own, of its way to NumPy 2
        history = model.fit(x, y, batch_size=len(x), epochs=n_steps, shuffle=False, verbose=0)
    return Run(history.history["loss"])


WAYS: dict[str, Way] = {
    "손으로 쓴 반복문": raw_loop,
    "mt.fit": fit,
    "텐서로 손으로": partial(by_hand, Tensor.clone),
    "NumPy로 손으로": partial(by_hand, array),
    "z 이어 쓰기": carried,
    "scikit-learn": scikit_learn,
}
OPTIONAL: dict[str, Way] = {"skorch": skorch, "Lightning": lightning, "Keras": keras}  # of requirements-speed.txt


def installed() -> dict[str, Way]:
    """Return those of OPTIONAL whose package is here."""
    return {name: way for name, way in OPTIONAL.items() if find_spec(name.lower())}
