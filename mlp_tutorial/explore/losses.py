"""The still picture of 03_loss_functions' explorer: a prediction and what two loss functions say of it, by autograd."""

import torch
from matplotlib.figure import Figure
from torch import Tensor
from torch.nn import functional as F

from mlp_tutorial import figures
from mlp_tutorial.explore.explorer import Explorer, blank_axes


class Losses(Explorer):
    """A prediction between two classes and the right answer → MSE, CEE and their gradients."""

    def draw(self) -> tuple[Figure, str]:
        """Return both losses and both gradients against the logit, with the present prediction marked."""
        label, logit = self.values.values()
        exact = {"dtype": torch.float64, "device": "cpu"}
        logits = torch.linspace(-6, 6, 121, **exact)
        curves, here = (_two_losses(label, at) for at in (logits, torch.tensor([logit], **exact)))
        figure, axes = blank_axes(2)
        said = []
        for ax, what in zip(axes, ("손실", "기울기"), strict=True):
            series = {name: (logits, curves[name, what]) for name in ("MSE", "CEE")}
            figures.curves(series, xlabel="클래스 1의 로짓", ylabel=what, ax=ax)
            numbers = [here[name, what].item() for name in series]
            for line, number in zip(list(ax.lines), numbers, strict=True):
                ax.plot(logit, number, "o", color=line.get_color())
            mse, cee = (f"{number:z.3f}".replace("-", "−") for number in numbers)  # z: no −0.000
            said.append(f"{what} MSE {mse}, CEE {cee}")
            ax.set_title(said[-1])
        where = f"정답이 클래스 {label}이고 클래스 1의 로짓이 {logit:g}일 때".replace("-", "−")
        return figure, f"{where} 두 손실과 그 기울기의 곡선. {said[0]}. {said[1]}."


@torch.inference_mode(False)  # this and the next: wherever the cell stands
@torch.enable_grad()
def _two_losses(label: int, of_class_1: Tensor) -> dict[tuple[str, str], Tensor]:
    """Return (name, 손실 or 기울기) → (n,) for two classes whose logits are 0 and `of_class_1` (n,)."""
    z = of_class_1.clone().requires_grad_()
    logits = torch.stack([torch.zeros_like(z), z], dim=1)  # (n, 2)
    labels = torch.full_like(z, label, dtype=torch.int64)
    squared_errors = (torch.softmax(logits, dim=1) - F.one_hot(labels, 2)) ** 2
    both = {"MSE": squared_errors.mean(dim=1), "CEE": F.cross_entropy(logits, labels, reduction="none")}
    gradients = {name: torch.autograd.grad(loss.sum(), z, retain_graph=True)[0] for name, loss in both.items()}
    return {(name, "손실"): loss.detach() for name, loss in both.items()} | {
        (name, "기울기"): gradient for name, gradient in gradients.items()
    }
