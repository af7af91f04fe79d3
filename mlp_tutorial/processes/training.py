"""The script that torchrun starts in several processes at once: each trains on its own rows, all hold the same model.

    torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder results

It trains the post's network on the post's data, prints from process 0 alone, saves checkpoints and goes on from them.
DistributedDataParallel (DDP) averages the gradients, so the losses are those of one process that sees all rows.
"""

import argparse
import os
import signal
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import torch
import torch.distributed as dist
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DistributedSampler

import mlp_tutorial as mt
from mlp_tutorial import checks, reference
from mlp_tutorial.processes import checkpoint
from mlp_tutorial.terminal import KoreanParser, fail, use_utf8, whole

PATIENCE = timedelta(seconds=60)  # to wait for another process: on a busy machine one starts seconds later


def main(arguments: list[str] | None = None) -> int:
    """Train as one of torchrun's processes with the options in `arguments` (sys.argv's); return the exit status."""
    options = _parser().parse_args(arguments)
    try:
        hp = mt.Hyperparameters(device=options.device, n_steps=options.n_steps)
        options.save_every = checks.whole_number("save_every", options.save_every)
        heed_the_others()
        train(hp, join(hp), options)
        dist.destroy_process_group()
        return 0
    except (ValueError, OSError) as error:
        return fail(error)
    except RuntimeError as error:
        if "gloo" not in str(error) and not isinstance(error, dist.DistError):
            raise
        print(str(error).partition("\n")[0], file=sys.stderr)
        _stop()


def run() -> NoReturn:
    """Run the command as one of torchrun's processes and end it with its status; all that is printed is flushed."""
    use_utf8()
    # Not sys.exit: DDP keeps gloo's threads past destroy_process_group, and one that frees its last tensor while Python
    # ends aborts the process, once in 30 runs on a busy machine. Source: https://github.com/pytorch/pytorch/pull/179291
    os._exit(main())


def join(hp: mt.Hyperparameters) -> torch.device:
    """Meet the other processes and return this one's device: the CPU, or the GPU of its number on its own host.

    Raises:
        ValueError: not started by torchrun, rows that can't be divided equally, a restart that would fail.
    """
    if "RANK" not in os.environ:
        raise ValueError(
            "이 스크립트는 torchrun이 여러 프로세스로 시작합니다. 터미널에서 실행하십시오: "
            "torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder 폴더"
        )
    n_processes = int(os.environ["WORLD_SIZE"])
    if hp.batch_size % n_processes:
        raise ValueError(
            f"프로세스의 수는 {hp.batch_size}행을 똑같이 나누는 수여야 합니다 (받은 값: {n_processes}). "
            "--nproc-per-node에 2나 4를 적으십시오."
        )
    # torchrun keeps its store over a restart, and gloo may find the addresses of the dead in it (torch 2.5 to 2.13).
    # Source: https://github.com/pytorch/pytorch/issues/135712
    restarts = os.environ.get("TORCHELASTIC_MAX_RESTARTS", "0") != "0"
    if restarts and os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True":
        raise ValueError(
            "--max-restarts를 쓰려면 환경 변수 TORCH_DISABLE_SHARE_RDZV_TCP_STORE가 1이어야 합니다. "
            "torchrun 앞에 TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1을 적으십시오."
        )
    device, backend = hp.device, "gloo"
    if device.type == "cuda":
        device, backend = torch.device("cuda", int(os.environ["LOCAL_RANK"])), "nccl"
        torch.cuda.set_device(device)
    try:
        dist.init_process_group(backend, timeout=PATIENCE)
    except dist.DistError as error:
        raise ValueError(
            f"다른 프로세스와 만나지 못했습니다 (까닭: {str(error).partition(chr(10))[0]}). "
            "모든 컴퓨터에서 실행했는지 보고, --rdzv-endpoint의 포트를 바꾸어 보십시오."
        ) from None
    return device


def train(hp: mt.Hyperparameters, device: torch.device, options: argparse.Namespace) -> None:
    """Train to step hp.n_steps, from the checkpoint in options.folder or from the post's weights."""
    place = {"device": device, "dtype": torch.float64}  # so that sums in another order print the same losses
    rows = list(DistributedSampler(range(hp.batch_size), shuffle=False))  # every n_processes-th
    x, y = (part[rows].to(**place) for part in mt.random_data(hp.batch_size, hp.D_in, hp.D_out, seed=hp.seed))
    torch.manual_seed(dist.get_rank())  # so that each process draws weights of its own
    model = mt.TwoLayerNet(hp.D_in, hp.H, hp.D_out)
    if dist.get_rank() == 0:
        reference.load_post_weights(model)
    drawn = model.layer_01.weight[0, 0].item()
    model = model.to(**place)
    ddp = DistributedDataParallel(model)  # every process gets the weights of process 0
    optimizer = torch.optim.SGD(ddp.parameters(), lr=hp.learning_rate)
    path = options.folder / checkpoint.NAME
    losses = checkpoint.load(path, model, optimizer, hp.n_steps)
    if losses:
        tell(f"체크포인트를 읽고 스텝 {len(losses) + 1}부터 이어 갑니다.")
    else:
        few, given = ", ".join(map(str, rows[:3])), model.layer_01.weight[0, 0].item()
        tell_each(f"{len(rows)}행 ({few}, …), 첫 가중치 {drawn:.6f} → {given:.6f}")

    for step in range(len(losses) + 1, hp.n_steps + 1):
        if step == options.die_at:
            _die_once()
        y_pred = ddp(x)  # of this process's rows
        loss = hp.loss_fn(y_pred, y)
        optimizer.zero_grad()
        loss.backward()  # DDP averages the gradients over the processes
        optimizer.step()
        dist.all_reduce(total := loss.detach())  # becomes the sum, in every process; gloo has no mean
        losses.append(total.item() / dist.get_world_size())  # that of all rows, as each process holds equally many
        if step % options.save_every == 0 or step == hp.n_steps:
            tell(f"스텝 {step}: {losses[-1]:.6f}")
            checkpoint.save(path, model, optimizer, losses)


def tell(line: str) -> None:
    """Print a line from process 0 alone, at once."""
    if dist.get_rank() == 0:
        print(line, flush=True)


def tell_each(line: str) -> None:
    """Print what each process says of itself, a line each, in order."""
    lines = [""] * dist.get_world_size()
    dist.all_gather_object(lines, f"프로세스 {dist.get_rank()}: {line}")
    tell("\n".join(lines))


def heed_the_others() -> None:
    """End with a message when torchrun says so, and without one soon after torchrun itself is gone."""
    signal.signal(signal.SIGTERM, lambda *_: _stop())
    parent = os.getppid()

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(0.5)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()


def _stop() -> NoReturn:
    """Say that the others are gone and end, as nothing can be agreed with them any more."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # which may come just now, and would cut the message or double it
    said = "함께 학습하던 프로세스가 끝나 멈춥니다. 체크포인트까지의 학습은 남아 있습니다."
    print(f"프로세스 {os.environ['RANK']}: {said}", flush=True)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    time.sleep(1)  # for torchrun to see who was first
    os._exit(1)


def _die_once() -> None:
    """Kill the last process as a machine that breaks does, but not again after a restart."""
    if dist.get_rank() == dist.get_world_size() - 1 and os.environ["TORCHELASTIC_RESTART_COUNT"] == "0":
        os.kill(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))  # Windows has the latter alone


def _parser() -> KoreanParser:
    """Return the parser of the options."""
    parser = KoreanParser(
        "python -m mlp_tutorial.distributed",
        usage="torchrun --nproc-per-node 수 -m mlp_tutorial.distributed --folder 폴더 [옵션]",
        description="글의 신경망을 여러 프로세스에서 함께 학습합니다. torchrun이 시작합니다.",
    )
    number = {"type": whole, "metavar": "정수"}
    parser.add_argument("--folder", type=Path, required=True, metavar="폴더", help="체크포인트를 둘 폴더")
    parser.add_argument("--n-steps", default=500, help="스텝 수 (기본값: %(default)s)", **number)
    parser.add_argument("--save-every", default=100, help="몇 스텝마다 저장할지 (기본값: %(default)s)", **number)
    parser.add_argument("--device", default="cpu", metavar="장치", help="cpu 또는 cuda (기본값: %(default)s)")
    parser.add_argument("--die-at", help="실험: 이 스텝에서 마지막 프로세스가 죽습니다", **number)
    return parser
