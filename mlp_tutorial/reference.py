"""The post's printed numbers, and the initial weights behind them.

Notebooks and tests hold their own results against these: the data in 04, the losses in 07.

R torch 0.1.0 drew an nn_linear's weights from a generator that torch_manual_seed() did not reach. It was seeded when
the package loaded with abs(.Random.seed[1]), the code of R's generator kinds: 10403 in R 3.6 and later.
Source: R/generator.R and R/package.R of the R package torch at tag v0.1.0.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from mlp_tutorial import checks

POST_X = ((0.3374, -0.1778, -0.3035), (0.2573, 0.6937, 0.4207), (2.5754, -1.3320, 0.2282))  # x[:3, :3]; used in 04
POST_LOSSES = {100: 1.070939, 200: 1.057227, 300: 1.043858, 400: 1.030812, 500: 1.018066}  # step → loss; taught in 07
POST_SIZES = (1000, 100, 10)  # D_in, H, D_out; taught in 05
R_GENERATOR_KINDS = 10403  # R's .Random.seed[1]: Mersenne-Twister, Inversion, Rejection; taught in 07


@torch.no_grad()
def load_post_weights(model: nn.Module) -> None:
    """Overwrite the parameters of `model` with those that the post's network started from.

    Taught in 07. They are the second set of U(−1/√n_in, 1/√n_in) draws: the post's losses are those of the second model
    made in its R session (inferred from the match of all five losses; the first set gives 1.021194 at step 100).

    Raises:
        ValueError: a model of other sizes than 1000 → 100 → 10, or one made under torch.inference_mode().
        TypeError: no network.
    """
    checks.network(model)
    layers = [layer for layer in model.modules() if isinstance(layer, nn.Linear)]
    sizes = tuple(layer.in_features for layer in layers) + tuple(layer.out_features for layer in layers[-1:])
    if sizes != POST_SIZES or any(layer.bias is None for layer in layers):
        raise ValueError(
            f"글의 가중치는 크기가 {POST_SIZES}이고 층마다 편향이 있는 신경망에만 맞습니다 (받은 크기: {sizes}). "
            "TwoLayerNet(1000, 100, 10)을 쓰거나, 크기를 바꾸려면 PyTorch의 처음 가중치를 그대로 두십시오 "
            "(터미널에서는 --init pytorch)."
        )
    checks.trainable(model=[*model.parameters()])
    generator = torch.Generator("cpu").manual_seed(R_GENERATOR_KINDS)
    for _ in range(2):  # the second round overwrites the first
        for layer in layers:
            limit = 1 / math.sqrt(layer.in_features)
            for parameter in (layer.weight, layer.bias):
                drawn = torch.empty(parameter.shape, dtype=torch.float32, device="cpu")  # R's, and no default's
                parameter.copy_(drawn.uniform_(-limit, limit, generator=generator))


def comparison(losses: Tensor | Sequence[float]) -> str:
    """Return a table of losses (n_steps,), or a History's, at each multiple of 100 and the last, beside the post's.

    Taught in 07.

    Raises:
        ValueError: what is no sequence of numbers.
    """
    given = getattr(losses, "losses", losses)
    try:
        losses = [float(given[i]) for i in range(len(given))]
    except (TypeError, ValueError, KeyError):  # the last of a dictionary, whose keys are no losses
        raise ValueError(
            f"losses에는 스텝마다의 손실이 차례로 있어야 합니다 (받은 값의 형: {type(given).__name__}). "
            "history.losses나, 스텝마다 loss.item()을 담은 목록을 넣으십시오."
        ) from None
    rows = ["스텝      손실  글의 손실        차이"]
    for step in sorted({*range(100, len(losses), 100), len(losses)} - {0}):
        loss = losses[step - 1]
        row = f"{step:4d}  {loss:.6f}" if abs(loss) < 1e6 else f"{step:4d}  {loss:.2e}"
        if step in POST_LOSSES:
            difference = round(loss - POST_LOSSES[step], 6) + 0.0  # + 0.0 turns −0.0 into 0.0
            row += f"   {POST_LOSSES[step]:.6f}  {difference:{'+.6f' if abs(difference) < 1e6 else '+.2e'}}"
        rows.append(row)
    return "\n".join(rows)
