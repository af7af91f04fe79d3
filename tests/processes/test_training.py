"""Tests of processes.training in this process, which is all of its group; test_start.py starts several."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import torch
import torch.distributed as dist
from nbcheck import ROOT, files

import mlp_tutorial as mt
from mlp_tutorial.processes import training

ALONE = {"RANK": "0", "LOCAL_RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}
TORCHRUN = {"TORCHELASTIC_RESTART_COUNT": "0", "TORCHELASTIC_MAX_RESTARTS": "0"}
CLOSED = "[third_party/gloo/gloo/transport/tcp/pair.cc:537] Connection closed by peer"


@pytest.fixture(autouse=True)
def as_under_torchrun(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what torchrun sets, and put back the signal's handler, the seed and the threads."""
    for name, value in (ALONE | TORCHRUN).items():
        monkeypatch.setenv(name, value)
    monkeypatch.delenv("TORCHELASTIC_USE_AGENT_STORE", raising=False)
    handler, n_threads = signal.signal(signal.SIGTERM, lambda *_: None), torch.get_num_threads()
    torch.set_num_threads(1)
    with torch.random.fork_rng(devices=[]):
        yield
    if dist.is_initialized():
        dist.destroy_process_group()
    signal.signal(signal.SIGTERM, handler)
    torch.set_num_threads(n_threads)


def raises(error: Exception) -> Callable[..., None]:
    """Return a function that raises the error."""

    def broken(*_: object) -> None:
        raise error

    return broken


def test_a_run_that_goes_on_is_that_which_never_stopped(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder, straight = tmp_path / "new" / "folder", tmp_path / "straight"
    assert training.main(["--folder", str(folder), "--n-steps", "70", "--save-every", "50"]) == 0
    introduced, *steps = capsys.readouterr().out.splitlines()
    assert introduced == "프로세스 0: 64행 (0, 1, 2, …), 첫 가중치 -0.002386 → -0.002386"
    assert [line.split(":")[0] for line in steps] == ["스텝 50", "스텝 70"]
    assert training.main(["--folder", str(folder), "--n-steps", "100"]) == 0
    assert capsys.readouterr() == ("체크포인트를 읽고 스텝 71부터 이어 갑니다.\n스텝 100: 1.070939\n", "")
    training.main(["--folder", str(straight), "--n-steps", "100"])
    again, once = (torch.load(path / "checkpoint.pt", weights_only=True) for path in (folder, straight))
    assert torch.equal(again["losses"], once["losses"])
    assert len(once["losses"]) == 100
    assert all(torch.equal(parameter, again["model"][name]) for name, parameter in once["model"].items())
    assert not dist.is_initialized()


@pytest.mark.parametrize(
    ("options", "environment", "said"),
    [
        (["--n-steps", "-1"], {}, "n_steps"),
        (["--save-every", "0"], {}, "save_every"),
        ([], {"WORLD_SIZE": "3"}, "(받은 값: 3)"),
        ([], {"RANK": None}, "torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder"),
        ([], {"TORCHELASTIC_MAX_RESTARTS": "1", "TORCHELASTIC_USE_AGENT_STORE": "True"}, "SHARE_RDZV_TCP_STORE=1"),
    ],
    ids=["steps", "save", "processes", "alone", "restart"],
)
def test_what_can_not_be_is_told(
    options: list[str],
    environment: dict[str, str | None],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in environment.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    assert training.main(["--folder", str(tmp_path), *options]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert re.fullmatch(f"오류: .*{re.escape(said)}.*\n", err)


def test_a_gpu_is_that_of_the_number_on_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    hp = mt.Hyperparameters()
    object.__setattr__(hp, "device", torch.device("cuda"))  # as checked where there is a GPU
    for name, value in {"RANK": "5", "LOCAL_RANK": "1", "WORLD_SIZE": "8"}.items():
        monkeypatch.setenv(name, value)
    asked = []
    monkeypatch.setattr(torch.cuda, "set_device", asked.append)
    monkeypatch.setattr(dist, "init_process_group", lambda backend, timeout: asked.append(backend))
    assert training.join(hp) == torch.device("cuda", 1)
    assert asked == [torch.device("cuda", 1), "nccl"]


@pytest.mark.parametrize(
    ("end", "said"),
    [(raises(RuntimeError(CLOSED)), f"{CLOSED}\n"), (lambda *_: signal.raise_signal(signal.SIGTERM), "")],
    ids=["lost", "asked"],
)
def test_who_loses_the_others_says_so_once_and_ends(
    end: Callable[..., None],
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    ended = []
    monkeypatch.setattr(training, "train", end)
    monkeypatch.setattr(os, "_exit", ended.append)
    monkeypatch.setattr(training.time, "sleep", lambda _: None)
    training.main(["--folder", str(tmp_path)])
    out, err = capsys.readouterr()
    assert re.fullmatch(r"프로세스 0: .*체크포인트.*\n", out)
    assert (err, ended) == (said, [1])
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_any_other_error_is_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(training, "train", raises(RuntimeError("out of memory")))
    with pytest.raises(RuntimeError, match="out of memory"):
        training.main(["--folder", str(tmp_path)])


def test_the_script_says_all_and_ends_before_python_would(tmp_path: Path) -> None:
    """For gloo's threads can abort the process while Python ends."""
    script = "import atexit, runpy; atexit.register(print, 'Python ends')\n"
    script += "runpy.run_module('mlp_tutorial.distributed', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", script, "--folder", str(tmp_path), "--device", "none"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"오류: device.*\n", done.stderr)


def test_help_is_korean(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        training.main(["--help"])
    assert "몇 스텝마다 저장할지 (기본값: 100)" in " ".join(capsys.readouterr().out.split())


def test_the_notebook_shows_lines_of_the_script() -> None:
    cells = files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells
    shown = re.findall(r"```python\n(.*?)```", "\n".join(cell.source for cell in cells), re.DOTALL)
    code = [line.split("  #")[0].strip() for line in Path(training.__file__).read_text("utf-8").splitlines()]
    lines = [line.split("  #")[0].strip() for line in "".join(shown).splitlines()]
    assert len(lines) == 7
    at = [code.index(line) for line in lines]
    assert at == sorted(at)
