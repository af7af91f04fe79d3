"""The post's training in six ways that end at the same losses: only what is left to PyTorch differs.

Every way is a function of (x, y, start, learning_rate, n_steps), full batch and MSE, that leaves what it is given as
it was. x is (N, D_in), y (N, D_out), start the parameters W_1 (H, D_in), b_1 (H,), W_2 (D_out, H), b_2 (D_out,).
"""

from collections.abc import Callable, Sequence
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
    parameters: list[Tensor]


Array = Tensor | np.ndarray
Setting = tuple[Tensor, Tensor, list[Tensor]]  # x, y, start
Way = Callable[[Tensor, Tensor, Sequence[Tensor], float, int], Run]


@torch.inference_mode(False)  # else nothing could train from what it returns
def post(H: int = 100) -> Setting:
    """Return the post's x (64, 1000), y (64, 10) and the parameters that its network started from, in float32.

    The post's network has 100 hidden nodes; one of another width starts from PyTorch's own draws under seed 123.
    """
    D_in, post_H, D_out = reference.POST_SIZES
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(123)
        layers = [nn.Linear(*sizes, device="cpu", dtype=torch.float32) for sizes in ((D_in, H), (H, D_out))]
    model = nn.Sequential(*layers)
    if post_H == H:
        reference.load_post_weights(model)
    return *mt.random_data(64, D_in, D_out), parameters_of(model)


def network(start: Sequence[Tensor]) -> mt.TwoLayerNet:
    """Return a network that starts from these parameters, of their dtype and on their device."""
    (H, D_in), D_out = start[0].shape, len(start[3])
    model = mt.TwoLayerNet(D_in, H, D_out).to(start[0])
    model.load_state_dict(dict(zip(model.state_dict(), start, strict=True)))
    return model


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


def numpy_by_hand(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Forward and backward by hand, in NumPy."""
    x, y, *parameters = arrays(x, y, *start)
    return Run(_by_hand(x, y, parameters, learning_rate, n_steps), tensors(*parameters))


@torch.no_grad()
def tensors_by_hand(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """Forward and backward by hand, in torch without autograd."""
    parameters = [values.clone() for values in start]
    return Run(_by_hand(x, y, parameters, learning_rate, n_steps), parameters)


def _by_hand(x: Array, y: Array, parameters: Sequence[Array], learning_rate: float, n_steps: int) -> list[float]:
    """Train the parameters where they are and return the losses, in words that tensors and arrays both know."""
    W_1, b_1, W_2, b_2 = parameters
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
    return losses


def carried(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The hidden sums z carried from step to step, in NumPy: every result goes into an array made beforehand (out=).

    One product serves W_2 and b_2, as the last column of h stays 1.
    """
    x, y, W_1, b_1, W_2, b_2 = arrays(x, y, *start)
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
    return Run(losses, tensors(W_1, b_1, V[:, :H], V[:, H]))


@torch.no_grad()
def carried_tensors(x: Tensor, y: Tensor, start: Sequence[Tensor], learning_rate: float, n_steps: int) -> Run:
    """The hidden sums z carried from step to step, in torch without autograd."""
    W_1, b_1, W_2, b_2 = (values.clone() for values in start)
    rate = learning_rate * 2 / y.numel()
    K = rate * (x @ x.T + 1)  # (N, N)
    z = x @ W_1.T + b_1  # (N, H)
    V = torch.column_stack([W_2, b_2])  # (D_out, H + 1)
    h = torch.ones(len(x), len(b_1) + 1, dtype=x.dtype, device=x.device)
    d_y, d_z, total, active = torch.empty_like(y), torch.empty_like(z), torch.zeros_like(z), torch.empty_like(z)
    hidden, V_T, W_2, d_y_T, row = h[:, :-1], V.T, V[:, :-1], d_y.T, d_y.view(-1)  # views: they follow their arrays
    losses = []
    for _ in range(n_steps):
        torch.clamp_min(z, 0, out=hidden)
        torch.mm(h, V_T, out=d_y).sub_(y)
        losses.append(row.dot(row).item() / y.numel())
        torch.mm(d_y, W_2, out=d_z).mul_(torch.sign(hidden, out=active))
        total.add_(d_z)
        z.addmm_(K, d_z, alpha=-1)
        V.addmm_(d_y_T, h, alpha=-rate)
    W_1 -= rate * total.T @ x
    b_1 -= rate * total.sum(dim=0)
    return Run(losses, [W_1, b_1, W_2, V[:, -1]])


def arrays(*values: Tensor) -> list[np.ndarray]:
    """Return copies of the tensors as NumPy arrays."""
    return [value.detach().cpu().numpy().copy() for value in values]


def tensors(*values: np.ndarray) -> list[Tensor]:
    """Return the arrays as tensors."""
    return [torch.from_numpy(value) for value in values]


def parameters_of(model: nn.Module) -> list[Tensor]:
    """Return the model's parameters without their record of gradients."""
    return [parameter.detach() for parameter in model.parameters()]


WAYS: dict[str, Way] = {
    "손으로 쓴 반복문": raw_loop,
    "mt.fit": fit,
    "텐서로 손으로": tensors_by_hand,
    "NumPy로 손으로": numpy_by_hand,
    "z 이어 쓰기 (텐서)": carried_tensors,
    "z 이어 쓰기 (NumPy)": carried,
}
