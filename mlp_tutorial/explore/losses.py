"""The still picture of 03_loss_functions' explorer: a prediction and what two loss functions say of it."""

import numpy as np
from matplotlib.figure import Figure

from mlp_tutorial import figures
from mlp_tutorial.explore.explorer import Explorer, blank_axes


class Losses(Explorer):
    """A prediction between two classes and the right answer → MSE, CEE and their gradients."""

    def draw(self) -> tuple[Figure, str]:
        """Return both losses and both gradients against the logit, with the present prediction marked."""
        label, logit = self.values.values()
        logits = np.linspace(-6, 6, 121)
        curves, here = two_losses(label, logits), two_losses(label, logit)
        figure, axes = blank_axes(2)
        said = []
        for ax, what in zip(axes, curves, strict=True):
            series = {name: (logits, values) for name, values in curves[what].items()}
            figures.curves(series, xlabel="클래스 1의 로짓", ylabel=what, ax=ax)
            for line, number in zip(list(ax.lines), here[what].values(), strict=True):
                ax.plot(logit, number, "o", color=line.get_color())
            numbers = (f"{name} {number:z.3f}".replace("-", "−") for name, number in here[what].items())  # z: no −0.000
            said.append(f"{what} {', '.join(numbers)}")
            ax.set_title(said[-1])
        where = f"정답이 클래스 {label}이고 클래스 1의 로짓이 {logit:g}일 때".replace("-", "−")
        return figure, f"{where} 두 손실과 그 기울기의 곡선. {said[0]}. {said[1]}."


def two_losses(label: int, logit: np.ndarray) -> dict[str, dict[str, np.ndarray]]:
    """Return the losses, and their gradients to the logit of class 1, (n,) as it; that of class 0 is 0."""
    p = 1 / (1 + np.exp(-logit))  # of class 1
    return {
        "손실": {"MSE": (p - label) ** 2, "CEE": np.log1p(np.exp(-logit if label else logit))},
        "기울기": {"MSE": 2 * (p - label) * p * (1 - p), "CEE": p - label},
    }
