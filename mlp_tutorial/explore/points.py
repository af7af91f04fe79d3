"""The clouds of points that the explorer of training offers, for its still picture and for its PyTorch program.

web/points.js makes the same; this text goes into the program that the explorer writes.
"""

import numpy as np
from sklearn.datasets import make_circles, make_moons


def points(data: str, noise: float, seed: int, n: int = 600) -> tuple[np.ndarray, np.ndarray]:
    """Return x (n, 2) and the classes y (n,), 0 or 1, of the cloud of this name."""
    if data == "moons":
        return make_moons(n, noise=noise, random_state=seed)
    if data == "rings":
        return make_circles(n, noise=noise / 2, factor=0.4, random_state=seed)
    rng, y = np.random.RandomState(seed), np.arange(n) % 2
    t, s = rng.random_sample(n), rng.random_sample(n)
    if data == "clusters":
        x, spread = np.outer(2 * y - 1, [0.5, 0.5]), noise
    elif data == "spiral":
        x, spread = np.column_stack([t * np.sin(5 * t + np.pi * y), t * np.cos(5 * t + np.pi * y)]), noise / 8
    else:  # "xor", and "noise", whose classes have nothing to do with x
        x, spread = np.column_stack([2 * t - 1, 2 * s - 1]), noise / 3 * (data == "xor")
        y = (x[:, 0] * x[:, 1] < 0).astype(int) if data == "xor" else y
    return x + spread * rng.normal(size=(n, 2)), y
