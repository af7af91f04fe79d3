"""The data that the notebooks learn from, and their split into parts.

Random numbers are drawn on the CPU in float32, from a generator of their own, whatever surrounds the call: every device
sees the same, and the caller's random state stays. The last bits of PyTorch's own draws, which the post's data are,
differ between kinds of CPU; ours are the same on all.
"""

import math
from collections.abc import Iterable, Sequence
from itertools import accumulate, pairwise

import torch
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial import checks

Data = tuple[Tensor, Tensor]
TEACHER_SEED, LOADINGS_SEED = 0, 1  # fix the rule of learnable_data; its rows come from another generator
N_FACTORS = 5  # numbers that stand behind the columns of learnable_data's x
TEACHER_HIDDEN = 20  # hidden nodes of the teacher network
NOISE = 0.1  # standard deviation of what no network can predict
FLOAT32 = {"dtype": torch.float32, "device": "cpu"}  # another default dtype would draw other numbers


@checks.called_as("mt.random_data(64, 1000, 10, seed=123)")
@torch.inference_mode(False)  # so that what is made there can still be trained on
def random_data(batch_size: int, D_in: int, D_out: int, *, seed: int = 123, device: str | torch.device = "cpu") -> Data:
    """Return the post's kind of data: x (batch_size, D_in) and y (batch_size, D_out), independent N(0, 1) noise.

    Taught in 04. The numbers are those of `torch.manual_seed(seed)` followed by two calls of `torch.randn`.

    Raises:
        ValueError: a size that is no whole number of at least 1, a negative seed, a device that this machine lacks.
    """
    rows, columns, outputs = checks.whole_numbers(batch_size=batch_size, D_in=D_in, D_out=D_out)
    generator, device = new_generator(seed), checks.usable_device(device)
    return tuple(torch.randn(rows, n, generator=generator, **FLOAT32).to(device) for n in (columns, outputs))


@checks.called_as("mt.learnable_data(64, 1000, 10, seed=123)")
@torch.inference_mode(False)
def learnable_data(
    batch_size: int, D_in: int, D_out: int, *, seed: int = 123, device: str | torch.device = "cpu"
) -> Data:
    """Return data of the post's shape in which y does follow from x: x (batch_size, D_in), y (batch_size, D_out).

    Taught in 04. Behind each row of x stand N_FACTORS numbers z ~ N(0, 1), spread over the D_in columns by fixed
    loadings (the factor model of statistics). y is what a fixed teacher network makes of z, plus noise. Another `seed`
    gives new rows under the same rule. Every column of x and y has variance near 1.

    Raises:
        ValueError: as random_data.
    """
    rows, columns, outputs = checks.whole_numbers(batch_size=batch_size, D_in=D_in, D_out=D_out)
    generator, device = new_generator(seed), checks.usable_device(device)
    z = normal(rows, N_FACTORS, generator=generator)
    y = teach(z, outputs) + NOISE * normal(rows, outputs, generator=generator)
    return (z @ loadings(columns)).float().to(device), y.float().to(device)


def normal(*shape: int, generator: torch.Generator) -> Tensor:
    """Return the N(0, 1) of torch.randn in float32, computed in float64, so that rounding to float32 hides the CPU.

    As torch.randn does (2.13.0), Box and Muller's way makes 16 of 16 uniform numbers; the last 16 overlap the others.
    """
    if (n := math.prod(shape)) < 16:
        return torch.randn(shape, generator=generator, **FLOAT32).double()
    u = torch.rand(n + 16 * (n % 16 > 0), generator=generator, **FLOAT32).double()
    u = torch.cat([u[: n // 16 * 16], u[n:]]).view(-1, 2, 8)
    radius, angle = (-2 * torch.log1p(-u[:, :1])).sqrt(), 2 * math.pi * u[:, 1:]
    z = (radius * torch.cat([angle.cos(), angle.sin()], dim=1)).flatten()
    return torch.cat([z[: n - 16], z[-16:]]).view(shape)


def loadings(D_in: int) -> Tensor:
    """Return the fixed loadings (N_FACTORS, D_in) of learnable_data: unit columns, so that x has variance 1."""
    return F.normalize(normal(N_FACTORS, D_in, generator=new_generator(LOADINGS_SEED)), dim=0)


def teach(z: Tensor, D_out: int) -> Tensor:
    """Return what the fixed teacher network of learnable_data makes of z (N, N_FACTORS): (N, D_out), without noise."""
    generator = new_generator(TEACHER_SEED)
    W_1 = normal(N_FACTORS, TEACHER_HIDDEN, generator=generator)
    W_2 = normal(TEACHER_HIDDEN, D_out, generator=generator)
    many = F.relu(normal(10_000, N_FACTORS, generator=generator) @ W_1) @ W_2
    return (F.relu(z @ W_1) @ W_2 - many.mean(dim=0)) / many.std(dim=0)  # mean 0, variance 1


@checks.called_as("mt.xor()")
@torch.inference_mode(False)
def xor() -> Data:
    """Return the four cases of exclusive or: x (4, 2) of 0 and 1, y (4, 1), 1 where the two differ.

    First used in 02; 01 writes the same x by hand.
    """
    x = torch.tensor([[0, 0], [0, 1], [1, 0], [1, 1]], dtype=torch.float32, device="cpu")
    return x, (x.sum(dim=1, keepdim=True) == 1).float()


@checks.called_as("mt.two_moons(600, noise=0.3)")
@torch.inference_mode(False)
def two_moons(n: int, *, noise: float = 0.2, seed: int = 123) -> Data:
    """Return two interlocking half circles (scikit-learn's make_moons): x (n, 2), class labels y (n,) of 0 and 1.

    Taught in 02.

    Args:
        n: rows, half of them in each class.
        noise: standard deviation of what is added to each coordinate; the half circles have radius 1.
        seed: of the points.

    Raises:
        ValueError: n below 1, a negative seed, noise that is not above 0.
    """
    from sklearn.datasets import make_moons  # loads scikit-learn only for those who use it

    n, seed, noise = checks.whole_number("n", n), checks.random_seed(seed), checks.positive_number("noise", noise)
    points, labels = make_moons(n, noise=noise, random_state=seed)
    return torch.from_numpy(points).float(), torch.from_numpy(labels)


@checks.called_as("mt.digits()")
@torch.inference_mode(False)
def digits() -> Data:
    """Return scikit-learn's handwritten digits: x (1797, 64), 8×8 pixels from 0 to 1 row by row, labels y (1797,).

    First used in 03; taught in A.
    """
    from sklearn.datasets import load_digits

    images, labels = load_digits(return_X_y=True)
    return torch.from_numpy(images / 16).float(), torch.from_numpy(labels)


@checks.called_as("mt.split(x, y, fractions=(0.8, 0.2), seed=1)")
@torch.inference_mode(False)
def split(x: Tensor, y: Tensor, *, fractions: Sequence[float] = (0.6, 0.2, 0.2), seed: int = 123) -> tuple[Data, ...]:
    """Shuffle the rows and share them out: one (x, y) for each fraction, train, validation and test by default.

    First used in 02; taught in 04. Rounding goes to the first part, unless it would lose all rows so. No row is in
    two parts and none is lost.

    Raises:
        ValueError: x and y of different length, fractions that are not above 0 or don't add up to 1, a part without
            rows, a negative seed, x without columns.
        TypeError: x or y that is no tensor.
    """
    checks.tensors(x, y)
    several = isinstance(fractions, Iterable) and not isinstance(fractions, str)
    fractions = tuple(fractions) if several else (fractions,)
    shares = [checks.positive_number("fractions", fraction) for fraction in fractions]
    sizes = [round(share * len(x)) for share in shares[1:]]
    sizes = [len(x) - sum(sizes), *sizes]
    if min(sizes) < 1:  # many parts that were all rounded up leave the first none
        ends = [round(share * len(x)) for share in accumulate(shares)]
        sizes = [end - start for start, end in pairwise([0, *ends])]
    if round(sum(shares), 6) != 1 or min(sizes) < 1:
        raise ValueError(
            f"fractions는 더해서 1이 되고 조각마다 한 행 이상이어야 합니다 (받은 값: {fractions}, 행 {len(x)}개). "
            "예를 들어 fractions=(0.6, 0.2, 0.2)처럼 적어 보십시오."
        )
    order = torch.randperm(len(x), generator=new_generator(seed), device="cpu")
    return tuple((x[rows], y[rows]) for rows in order.split(sizes))


def new_generator(seed: int) -> torch.Generator:
    """Return a seeded CPU generator of its own: drawing from it leaves the global random state alone."""
    return torch.Generator("cpu").manual_seed(checks.random_seed(seed))
