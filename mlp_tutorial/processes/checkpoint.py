"""Saving a training that several processes share, and going on from it: one writes, all read the same."""

from pathlib import Path

import torch
import torch.distributed as dist
from torch import nn

from mlp_tutorial.terminal import whole_file

NAME = "checkpoint.pt"


def save(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, losses: list[float]) -> None:
    """Write a checkpoint from process 0 alone; who is killed while it writes leaves the checkpoint before."""
    if dist.get_rank() == 0:
        path.parent.mkdir(parents=True, exist_ok=True)
        state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
        with whole_file(path) as part:
            torch.save(state | {"losses": torch.tensor(losses, dtype=torch.float64)}, part)


def load(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, n_steps: int) -> list[float]:
    """Fill model and optimizer from the checkpoint, where there is one, and return the losses of its steps.

    Raises:
        ValueError: the file is no checkpoint of this model, more steps than n_steps are done, or the processes found
            different checkpoints, as those of hosts that share no folder do.
    """
    losses = []
    if path.exists():
        try:
            state = torch.load(path, map_location=next(model.parameters()).device, weights_only=True)
            model.load_state_dict(state["model"])
            optimizer.load_state_dict(state["optimizer"])
            losses = state["losses"].tolist()
        except OSError:
            raise
        except Exception as error:  # of whatever kind the bytes lead to
            raise ValueError(
                f"{path}은(는) 이 스크립트가 저장한 체크포인트여야 합니다 (까닭: {type(error).__name__}). "
                "파일을 다른 곳으로 옮기고 처음부터 학습하거나, --folder에 다른 폴더를 적으십시오."
            ) from None
    found = [0] * dist.get_world_size()
    dist.all_gather_object(found, len(losses))
    if len(set(found)) > 1:
        raise ValueError(
            f"모든 프로세스가 같은 체크포인트를 읽어야 합니다 (프로세스마다 읽은 스텝: {found}). "
            "--folder에 모든 컴퓨터가 함께 쓰는 폴더를 적으십시오."
        )
    if len(losses) > n_steps:
        raise ValueError(
            f"n_steps는 체크포인트의 스텝 {len(losses)} 이상이어야 합니다 (받은 값: {n_steps}). "
            "--n-steps를 늘리거나 --folder에 다른 폴더를 적으십시오."
        )
    return losses
