"""Tests of mlp_tutorial.distributed in this process, which is all of its group; test_torchrun.py starts several."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from nbcheck import ROOT, files
from torch.nn import functional as F
from torch.utils.data import DistributedSampler

import mlp_tutorial as mt
from mlp_tutorial import reference
from mlp_tutorial.processes import training as distributed

ALONE = {"RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}
TORCHRUN = {"TORCHELASTIC_RESTART_COUNT": "0", "TORCHELASTIC_MAX_RESTARTS": "0"}
ROWS = "프로세스 0: 64행 (0, 1, 2, …), 첫 가중치 -0.002386 → -0.002386"


@pytest.fixture(autouse=True)
def as_under_torchrun(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what torchrun sets, and put back the signal's handler, the seed and the threads."""
    for name, value in (ALONE | TORCHRUN).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TORCHELASTIC_USE_AGENT_STORE", raising=False)
    handler, n_threads = signal.getsignal(signal.SIGTERM), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        yield
    if dist.is_initialized():
        dist.destroy_process_group()
    signal.signal(signal.SIGTERM, handler)
    torch.set_num_threads(n_threads)


def single(n_steps: int) -> torch.Tensor:
    """Return the losses of the post's run without any group."""
    x, y = (part.double() for part in mt.random_data(64, 1000, 10))
    net = mt.TwoLayerNet(1000, 100, 10)
    reference.load_post_weights(net)
    return mt.fit(net.double(), x, y, loss_fn=F.mse_loss, learning_rate=1e-4, n_steps=n_steps).losses


def saved(folder: Path) -> dict:
    """Return what the checkpoint holds."""
    return torch.load(folder / "checkpoint.pt", weights_only=True)


def test_a_run_that_goes_on_is_that_which_never_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "new" / "folder"
    assert distributed.main(["--folder", str(folder), "--n-steps", "70", "--save-every", "50"]) == 0
    losses = single(100)
    assert capsys.readouterr() == (f"{ROWS}\n스텝 50: {losses[49]:.6f}\n스텝 70: {losses[69]:.6f}\n", "")
    assert distributed.main(["--folder", str(folder), "--n-steps", "100"]) == 0
    assert capsys.readouterr().out == "체크포인트를 읽고 스텝 71부터 이어 갑니다.\n스텝 100: 1.070939\n"
    assert [path.name for path in folder.iterdir()] == ["checkpoint.pt"]
    assert torch.allclose(saved(folder)["losses"], losses, rtol=0, atol=1e-12)
    straight = tmp_path / "straight"
    distributed.main(["--folder", str(straight), "--n-steps", "100"])
    assert torch.equal(saved(folder)["losses"], saved(straight)["losses"])
    for name, parameter in saved(straight)["model"].items():
        assert torch.equal(parameter, saved(folder)["model"][name])
    assert not dist.is_initialized()


@pytest.mark.parametrize(("rank", "printed"), [(0, "안녕\n"), (1, "")])
def test_only_process_0_prints(
    rank: int, printed: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(dist, "get_rank", lambda: rank)
    distributed.tell("안녕")
    assert capsys.readouterr().out == printed


@pytest.mark.parametrize(("n_rows", "n_processes"), [(64, 1), (64, 2), (64, 4), (6, 3)])
def test_each_row_is_seen_by_one_process(n_rows: int, n_processes: int) -> None:
    rows = [distributed.rows_of(n_rows, n_processes, rank) for rank in range(n_processes)]
    assert sorted(chain(*rows)) == list(range(n_rows))
    assert rows[-1] == list(range(n_rows))[n_processes - 1 :: n_processes]
    shuffled = DistributedSampler(range(n_rows), n_processes, 0)
    assert rows[0] != list(shuffled)


def test_only_process_0_starts_from_the_posts_weights(group: None, monkeypatch: pytest.MonkeyPatch) -> None:
    hp, post = mt.Hyperparameters(), mt.TwoLayerNet(1000, 100, 10)
    reference.load_post_weights(post)
    assert torch.equal(distributed.starting_model(hp).layer_02.weight, post.layer_02.weight)
    monkeypatch.setattr(dist, "get_rank", lambda: 1)
    torch.manual_seed(1)
    expected = mt.TwoLayerNet(1000, 100, 10)
    assert torch.equal(distributed.starting_model(hp).layer_02.weight, expected.layer_02.weight)
    assert distributed.first_weight(expected) == expected.layer_01.weight[0, 0].item()


def test_the_loss_is_the_mean_over_the_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dist, "get_world_size", lambda: 4)
    monkeypatch.setattr(dist, "all_reduce", lambda total: total.add_(10.0))  # the others' losses
    loss = torch.tensor(2.0, requires_grad=True)
    assert distributed.mean_over_processes(loss) == 3.0
    assert loss.item() == 2.0


@pytest.mark.parametrize(
    ("arguments", "environment", "said"),
    [
        ([], {}, "n_steps는 0 이상의 정수여야 합니다"),
        (["--n-steps", "5", "--save-every", "0"], {}, "save_every는 1 이상의 정수여야 합니다"),
        (
            ["--n-steps", "5"],
            {"WORLD_SIZE": "3"},
            "64행을 똑같이 나누는 수여야 합니다 (받은 값: 3). --nproc-per-node에 2",
        ),
        (["--n-steps", "5"], {"RANK": None}, "torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder 폴더"),
        (
            ["--n-steps", "5"],
            {"TORCHELASTIC_MAX_RESTARTS": "1", "TORCHELASTIC_USE_AGENT_STORE": "True"},
            "TORCH_DISABLE_SHARE_RDZV_TCP_STORE=1을 적으십시오",
        ),
    ],
    ids=["steps", "save", "processes", "alone", "restart"],
)
def test_what_can_not_be_is_told_in_korean(
    arguments: list[str],
    environment: dict[str, str | None],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        if value is None:
            monkeypatch.delenv(name)
        else:
            monkeypatch.setenv(name, value)
    assert distributed.main(["--folder", str(tmp_path), "--n-steps", "-1", *arguments]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("오류: ")
    assert said in err
    assert err.count("\n") == 1


def test_a_restart_is_allowed_where_the_store_is_new(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TORCHELASTIC_MAX_RESTARTS", "1")
    monkeypatch.setenv("TORCHELASTIC_USE_AGENT_STORE", "False")
    assert distributed.join(mt.Hyperparameters()) == torch.device("cpu")
    assert dist.get_backend() == "gloo"


def test_a_gpu_is_that_of_the_number_on_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    hp = mt.Hyperparameters()
    object.__setattr__(hp, "device", torch.device("cuda"))  # as checked where there is a GPU
    monkeypatch.setenv("RANK", "5")
    monkeypatch.setenv("LOCAL_RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "8")
    asked = []
    monkeypatch.setattr(torch.cuda, "set_device", asked.append)
    monkeypatch.setattr(dist, "init_process_group", lambda backend, timeout: asked.append(backend))
    assert distributed.join(hp) == torch.device("cuda", 1)
    assert asked == [torch.device("cuda", 1), "nccl"]


@pytest.mark.parametrize("restarts", [0, 1])
def test_the_process_dies_in_its_first_life_alone(
    restarts: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    killed = []
    monkeypatch.setattr(os, "kill", lambda *how: killed.append(how))
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", str(restarts))
    distributed.main(["--folder", str(tmp_path), "--n-steps", "4", "--die-at", "3"])
    assert killed == ([] if restarts else [(os.getpid(), getattr(signal, "SIGKILL", signal.SIGTERM))])


def test_who_loses_the_others_says_so_once_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def lost(*_: object) -> None:
        raise RuntimeError("[third_party/gloo/gloo/transport/tcp/pair.cc:537] Connection closed by peer")

    ended = []
    monkeypatch.setattr(distributed, "train", lost)
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr(distributed.time, "sleep", lambda _: None)
    distributed.main(["--folder", str(tmp_path)])
    line = "프로세스 0: 함께 학습하던 프로세스가 끝나 멈춥니다. 체크포인트까지의 학습은 남아 있습니다.\n"
    out, err = capsys.readouterr()
    assert out == line
    assert err == "[third_party/gloo/gloo/transport/tcp/pair.cc:537] Connection closed by peer\n"
    assert ended == [1]
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL

    distributed._heed_the_others()
    signal.raise_signal(signal.SIGTERM)
    assert capsys.readouterr().out == line
    assert ended == [1, 1]


def test_any_other_error_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("out of memory")

    monkeypatch.setattr(distributed, "train", broken)
    with pytest.raises(RuntimeError, match="out of memory"):
        distributed.main(["--folder", str(tmp_path)])


def test_the_script_says_all_and_ends_before_python_would(tmp_path: Path) -> None:
    """For gloo's threads can abort the process while Python ends."""
    script = "import atexit, runpy; atexit.register(print, 'Python ends')\n"
    script += "runpy.run_module('mlp_tutorial.distributed', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", script, "--folder", str(tmp_path), "--n-steps", "3"]
    environment = os.environ | {"MASTER_PORT": "0"}
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"{ROWS}\n스텝 3: {single(3)[-1]:.6f}\n"
    done = subprocess.run(
        [*command, "--save-every", "0"], env=environment, capture_output=True, timeout=100, check=False
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"save_every" in done.stderr


def test_help_is_korean(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        distributed.main(["--help"])
    said = capsys.readouterr().out
    assert end.value.code == 0
    for part in ("사용법: torchrun --nproc-per-node", "체크포인트를 둘 폴더", "(기본값: 500)", "(기본값: 100)"):
        assert part in " ".join(said.split())


def test_the_notebook_shows_lines_of_the_script() -> None:
    cells = files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells
    shown = [
        re.findall(r"```python\n(.*?)```", cell.source, re.DOTALL) for cell in cells if cell.cell_type == "markdown"
    ]
    code = [line.split("  #")[0].strip() for line in Path(distributed.__file__).read_text("utf-8").splitlines()]
    lines = [line.split("  #")[0].strip() for blocks in shown for block in blocks for line in block.splitlines()]
    assert len(lines) == 7
    at = [code.index(line) for line in lines]
    assert at == sorted(at)
