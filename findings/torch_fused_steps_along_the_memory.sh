#!/usr/bin/env bash
# torch's optimizers with fused=True take a gradient as it lies in memory: a transposed one moves the wrong weights.
#
# On the CPU the fused SGD, Adam, AdamW and Adagrad walk through the memory of parameter and gradient side by side, and
# never ask how either is laid out. backward() lays a gradient out as its parameter. One that was computed by hand and
# set as .grad may lie otherwise: (x.T @ delta).T is the gradient of nn.Linear's weight, a view whose memory goes by
# columns. Each weight then takes a step by the gradient of another, the loss stays higher, and not one warning is
# given. The loop (the default on the CPU) and foreach=True go by the indices. For a weight that is contiguous itself
# .contiguous() of its gradient is right.
#
# Seen (torch 2.13.0, CPU): one hidden layer, 50 steps of Adam: the loss is 0.271 by backward(), fused or not, and by
# hand with the loop, with foreach and with the fused one after .contiguous(); fused without it, 0.626. With SGD, AdamW
# and Adagrad it is the same: 0.465 for 0.364, 0.621 for 0.271 and 0.499 for 0.384.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
"$folder/venv/bin/python" - <<'PY'
import sys
import warnings

import torch
from torch import nn
from torch.nn import functional as F

warnings.simplefilter("error")
torch.set_num_threads(1)
torch.manual_seed(0)
x = torch.randn(64, 6)
y = torch.sin(x @ torch.randn(6, 4))


def trained(name: str, by_hand: bool, contiguous: bool = False, **kind: bool) -> float:
    """Return the last loss of one network, whose gradients backward() computes or the lines below."""
    torch.manual_seed(1)
    first, second = nn.Linear(6, 8), nn.Linear(8, 4)
    parameters = [first.weight, first.bias, second.weight, second.bias]
    optimizer = getattr(torch.optim, name)(parameters, lr=0.1 if name == "SGD" else 0.01, **kind)
    for _ in range(50):
        a = first(x)
        h = F.relu(a)
        loss = F.mse_loss(second(h), y)
        optimizer.zero_grad()
        if by_hand:
            with torch.no_grad():
                delta_2 = 2 * (second(h) - y) / y.numel()
                delta_1 = (delta_2 @ second.weight) * (a > 0)
                gradients = (x.T @ delta_1).T, delta_1.sum(0), (h.T @ delta_2).T, delta_2.sum(0)
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.grad = gradient.contiguous() if contiguous else gradient
        else:
            loss.backward()
        optimizer.step()
    return loss.item()


agree, apart = [], []
for name in ("SGD", "Adam", "AdamW", "Adagrad"):
    true = trained(name, by_hand=False)
    same = [
        trained(name, by_hand=False, fused=True),
        trained(name, by_hand=True, foreach=False),
        trained(name, by_hand=True, foreach=True),
        trained(name, by_hand=True, contiguous=True, fused=True),
    ]
    fused = trained(name, by_hand=True, fused=True)
    print(f"{name}: loss {true:.4f}; by hand {same[1]:.4f}, foreach {same[2]:.4f}, fused {fused:.4f}", end="")
    print(f", fused with contiguous() {same[3]:.4f}")
    agree += [abs(loss / true - 1) < 1e-4 for loss in same]
    apart.append(fused > 1.05 * true)
sys.exit(not (all(agree) and all(apart)))
PY
