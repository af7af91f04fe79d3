"""The script that torchrun starts in several processes at once: each trains on its own rows, all hold the same model.

    torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder results

DistributedDataParallel (DDP) averages the gradients, so the losses are those of one process that sees all rows.
"""

import os
import signal
import time
from datetime import timedelta
from pathlib import Path
from typing import NoReturn

import torch
import torch.distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel
from torch.utils.data import DistributedSampler

import mlp_tutorial as mt
from mlp_tutorial import reference
from mlp_tutorial.terminal import KoreanParser, as_path, check_folder, fail, use_utf8, whole, whole_file

COMMAND = "torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder 폴더"
WAITS = "torchrun이 시작하지 않고 멈추어 있으면 그 바로 뒤에 --standalone --local-addr 127.0.0.1을 적으십시오."
SET_BY_TORCHRUN = {"RANK", "WORLD_SIZE", "MASTER_ADDR", "MASTER_PORT"}
SAVE_EVERY, PATIENCE = 100, timedelta(seconds=60)  # steps; for another process, which may start late on a busy machine


def main(arguments: list[str] | None = None) -> int:
    """Train as one of torchrun's processes with the options in `arguments` (sys.argv's); return the exit status."""
    parser = KoreanParser("python -m mlp_tutorial.distributed", usage=f"{COMMAND} [옵션]", epilog=WAITS)
    parser.add_argument("--folder", type=as_path, required=True, metavar="폴더", help="체크포인트를 둘 폴더")
    parser.add_argument("--device", default="cpu", metavar="장치", help="cpu 또는 cuda (기본값: %(default)s)")
    parser.add_argument("--die-at", type=whole, metavar="정수", help="실험: 이 스텝에서 마지막 프로세스가 죽습니다")
    options = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, stop)  # torchrun's word that another one has failed
    try:
        hp = mt.Hyperparameters(device=options.device)
        device = join(hp)
        if os.environ["RANK"] == "0":  # who saves
            _make(options.folder)
        train(hp, device, options.folder / "checkpoint.pt", options.die_at)
    except (ValueError, OSError) as error:
        return fail(error)
    except RuntimeError as error:
        if "gloo" not in str(error) and not isinstance(error, dist.DistError):
            raise
        stop()
    return 0


def _make(folder: Path) -> None:
    """Make the folder, if there is none; raise ValueError where that or writing in it fails, before any training."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        how = f"체크포인트의 파일이라면 그것이 든 폴더({folder.absolute().parent})" if folder.is_file() else "다른 폴더"
        raise ValueError(
            f"--folder에는 폴더를 적어야 합니다 (받은 값: {folder}, 까닭: {error.strerror}). {how}를 적으십시오."
        ) from None
    check_folder("--folder", folder)


def run() -> NoReturn:
    """Run the command and end this process with its status."""
    use_utf8()
    # Not sys.exit: DDP keeps gloo's threads, and one that frees its last tensor while Python ends aborts the process,
    # once in 30 runs on a busy machine. Source: https://github.com/pytorch/pytorch/pull/179291
    os._exit(main())


def join(hp: mt.Hyperparameters) -> torch.device:
    """Meet the other processes and return this one's device: the CPU, or the GPU of its number on its own host.

    Raises:
        ValueError: not started by torchrun, rows that can't be divided equally, a restart that would fail, more
            processes than GPUs.
    """
    if not os.environ.keys() >= SET_BY_TORCHRUN:
        raise ValueError(f"이 스크립트는 torchrun이 여러 프로세스로 시작합니다. 터미널에서 실행하십시오: {COMMAND}")
    if hp.batch_size % int(os.environ["WORLD_SIZE"]):
        raise ValueError(
            f"프로세스의 수는 {hp.batch_size}행을 똑같이 나누는 수여야 합니다 (받은 값: {os.environ['WORLD_SIZE']}). "
            "--nproc-per-node에(Run이라면 n_processes에) 2나 4를 적으십시오."
        )
    # torchrun keeps its store over a restart, and gloo may find the addresses of the dead in it (torch 2.5 to 2.13).
    # Source: https://github.com/pytorch/pytorch/issues/135712
    kept = os.environ.get("TORCHELASTIC_USE_AGENT_STORE") == "True"
    if kept and os.environ["TORCHELASTIC_MAX_RESTARTS"] != "0":
        raise ValueError("--max-restarts를 쓰려면 torchrun 앞에 TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1을 적으십시오.")
    device, backend = hp.device, "gloo"
    if device.type == "cuda":
        number, n_gpus = int(os.environ["LOCAL_RANK"]), torch.cuda.device_count()
        if number >= n_gpus:
            raise ValueError(
                f"프로세스의 수는 그 컴퓨터의 GPU 수 이하여야 합니다 (받은 값: {number + 1}번째, GPU {n_gpus}개). "
                f"--nproc-per-node를(Run이라면 n_processes를) {n_gpus} 이하로 줄이거나 --device를 빼십시오."
            )
        device, backend = torch.device("cuda", number), "nccl"
        torch.cuda.set_device(device)
    dist.init_process_group(backend, timeout=PATIENCE)
    return device


def train(hp: mt.Hyperparameters, device: torch.device, path: Path, die_at: int | None = None) -> None:
    """Train to step hp.n_steps, from the checkpoint at `path` or from the post's weights."""
    place = {"device": device, "dtype": torch.float64}  # so that sums in another order print the same losses
    rank, n_processes = dist.get_rank(), dist.get_world_size()
    rows = list(DistributedSampler(range(hp.batch_size), shuffle=False))  # every n_processes-th
    x, y = (part[rows].to(**place) for part in mt.random_data(hp.batch_size, hp.D_in, hp.D_out, seed=hp.seed))
    torch.manual_seed(rank)  # so that each process draws weights of its own
    model = mt.TwoLayerNet(hp.D_in, hp.H, hp.D_out)
    if rank == 0:
        reference.load_post_weights(model)
    drawn = model.layer_01.weight[0, 0].item()
    model = model.to(**place)
    ddp = DistributedDataParallel(model)  # every process gets the weights of process 0
    optimizer = torch.optim.SGD(ddp.parameters(), lr=hp.learning_rate)
    given = model.layer_01.weight[0, 0].item()
    losses = load(path, model, optimizer)
    line = f"{len(rows)}행 ({', '.join(map(str, rows[:3]))}, …), 첫 가중치 {drawn:.6f} → {given:.6f}"
    introduce(line, len(losses), hp.n_steps)

    for step in range(len(losses) + 1, hp.n_steps + 1):
        if step == die_at and rank == n_processes - 1 and os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") == "0":
            kill = getattr(signal, "SIGKILL", signal.SIGTERM)  # Windows has the latter alone
            os.kill(os.getpid(), kill)  # as a machine that breaks does, but not again after a restart
        y_pred = ddp(x)  # of this process's rows
        loss = hp.loss_fn(y_pred, y)
        optimizer.zero_grad()
        loss.backward()  # DDP averages the gradients over the processes
        optimizer.step()
        dist.all_reduce(total := loss.detach())  # becomes the sum, in every process; AVG is documented for NCCL
        losses.append(total.item() / n_processes)  # that of all rows, as each process holds equally many
        if step % SAVE_EVERY == 0 and rank == 0:
            print(f"스텝 {step}: {losses[-1]:.6f}", flush=True)
            save(path, model, optimizer, losses)


def introduce(line: str, n_done: int, n_steps: int) -> None:
    """Print what each process says, or from where all go on, if anywhere; raise ValueError where their steps differ."""
    gathered = [(0, "")] * dist.get_world_size()
    dist.all_gather_object(gathered, (n_done, f"프로세스 {dist.get_rank()}: {line}"))
    done, lines = zip(*gathered, strict=True)
    if len(set(done)) > 1:
        raise ValueError(
            f"모든 프로세스가 같은 체크포인트를 읽어야 합니다 (프로세스마다 읽은 스텝: {list(done)}). "
            "--folder에 모든 컴퓨터가 함께 쓰고 다른 학습은 쓰지 않는 폴더를 적으십시오."
        )
    told = f"체크포인트를 읽고 스텝 {n_done + 1}부터 이어 갑니다." if n_done else "\n".join(lines)
    if n_done >= n_steps:
        told = f"스텝 {n_done}까지 학습한 체크포인트가 있습니다. 처음부터 하려면 --folder에 새 폴더를 적으십시오."
    if dist.get_rank() == 0:
        print(told, flush=True)


def save(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer, losses: list[float]) -> None:
    """Write a checkpoint; who is killed while it writes leaves the checkpoint before."""
    state = {"model": model.state_dict(), "optimizer": optimizer.state_dict()}
    with whole_file(path) as part:
        torch.save(state | {"losses": torch.tensor(losses, dtype=torch.float64)}, part)


def load(path: Path, model: nn.Module, optimizer: torch.optim.Optimizer) -> list[float]:
    """Fill model and optimizer from the checkpoint, if any; return its losses. No checkpoint of theirs: ValueError."""
    if not path.exists():
        return []
    try:
        state = torch.load(path, map_location=next(model.parameters()).device, weights_only=True)
        model.load_state_dict(state["model"])
        optimizer.load_state_dict(state["optimizer"])
        return state["losses"].tolist()
    except Exception as error:  # of whatever kind the bytes lead to
        raise ValueError(
            f"{path}은(는) 이 스크립트가 저장한 체크포인트여야 합니다 (까닭: {type(error).__name__}). "
            "--folder에 다른 폴더를 적으십시오."
        ) from None


def stop(*_: object) -> NoReturn:
    """Say that the others are gone and end, as nothing can be agreed with them any more."""
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # which may come just now, and would cut the message or double it
    said = "함께 학습하던 프로세스가 끝나 멈춥니다. 체크포인트까지의 학습은 남아 있습니다."
    print(f"프로세스 {os.environ['RANK']}: {said}", flush=True)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    time.sleep(1)  # for torchrun to see who was first
    os._exit(1)
