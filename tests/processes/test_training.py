"""Tests of processes.training in this process, which is all of its group; test_start.py starts several."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import pytest
import torch
import torch.distributed as dist
from nbcheck import ROOT, files

import mlp_tutorial as mt
from mlp_tutorial.processes import training

TORCHRUN = {"RANK": "0", "WORLD_SIZE": "1", "MASTER_ADDR": "127.0.0.1", "MASTER_PORT": "0"}
TORCHRUN |= {"TORCHELASTIC_RESTART_COUNT": "0", "TORCHELASTIC_MAX_RESTARTS": "0"}


@pytest.fixture(autouse=True)
def as_under_torchrun(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Set what torchrun sets, and put back the signal's handler and the threads."""
    for name, value in TORCHRUN.items():
        monkeypatch.setenv(name, value)
    handler, n_threads = signal.getsignal(signal.SIGTERM), torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    signal.signal(signal.SIGTERM, handler)
    torch.set_num_threads(n_threads)


def test_a_run_that_goes_on_is_that_which_never_stopped(
    tmp_path: Path, group: None, capsys: pytest.CaptureFixture[str]
) -> None:
    for path, n_steps in (("apart.pt", 100), ("apart.pt", 200), ("straight.pt", 200)):
        training.train(mt.Hyperparameters(n_steps=n_steps), torch.device("cpu"), tmp_path / path)
    introduced = "프로세스 0: 64행 (0, 1, 2, …), 첫 가중치 -0.002386 → -0.002386"
    first, second = "스텝 100: 1.070939", "스텝 200: 1.057227"
    told = [introduced, first, "체크포인트를 읽고 스텝 101부터 이어 갑니다.", second, introduced, first, second]
    assert capsys.readouterr().out.splitlines() == told
    again, once = (torch.load(tmp_path / name, weights_only=True) for name in ("apart.pt", "straight.pt"))
    assert torch.equal(again["losses"], once["losses"])
    assert len(once["losses"]) == 200
    assert all(torch.equal(parameter, again["model"][name]) for name, parameter in once["model"].items())


def test_a_checkpoint_keeps_what_the_optimizer_remembers_though_a_later_write_breaks_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, model, twin = tmp_path / "checkpoint.pt", mt.TwoLayerNet(3, 2, 1), mt.TwoLayerNet(3, 2, 1)
    adam, twin_adam = (torch.optim.Adam(net.parameters()) for net in (model, twin))  # which remembers, unlike SGD
    model(torch.ones(4, 3)).sum().backward()
    adam.step()
    training.save(path, model, adam, [0.1, 0.7])
    monkeypatch.setattr(torch, "save", lambda _, part: part.write_bytes(b"half") / 0)
    with pytest.raises(ZeroDivisionError):
        training.save(path, model, adam, [0.1, 0.7, 0.9])
    assert [*tmp_path.iterdir()] == [path]
    assert training.load(path, twin, twin_adam) == [0.1, 0.7]
    assert torch.equal(model.layer_01.weight, twin.layer_01.weight)
    assert torch.equal(adam.state_dict()["state"][0]["exp_avg"], twin_adam.state_dict()["state"][0]["exp_avg"])
    path.write_bytes(path.read_bytes()[:100])
    with pytest.raises(ValueError, match=r"checkpoint\.pt.*\(까닭: \w+\).*--folder"):
        training.load(path, twin, twin_adam)


def test_different_checkpoints_are_told(group: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dist, "all_gather_object", lambda told, own: told.__setitem__(slice(None), [own, (0, "")]))
    with pytest.raises(ValueError, match=r"\[200, 0\].*--folder"):
        training.introduce("", 200, 500)


REFUSED = {
    "device": ({}, ["--device", "none"]),
    "(받은 값: 3)": ({"WORLD_SIZE": "3"}, []),
    "torchrun --nproc-per-node 2 -m mlp_tutorial.distributed --folder": ({"RANK": None}, []),
    "터미널에서 실행하십시오": ({"WORLD_SIZE": None}, []),  # one set by hand alone
    "터미널에서": ({"MASTER_ADDR": None}, []),
    "SHARE_RDZV_TCP_STORE=1": ({"TORCHELASTIC_MAX_RESTARTS": "1", "TORCHELASTIC_USE_AGENT_STORE": "True"}, []),
}


@pytest.mark.parametrize("said", REFUSED)
def test_what_can_not_be_is_told(
    said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    environment, options = REFUSED[said]
    for name, value in environment.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    assert training.main(["--folder", "unused", *options]) == 2
    assert re.fullmatch(f"오류: .*{re.escape(said)}.*\n", capsys.readouterr().err)


def test_a_gpu_is_that_of_the_number_on_its_own_host(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"RANK": "5", "LOCAL_RANK": "1", "WORLD_SIZE": "8"}.items():
        monkeypatch.setenv(name, value)
    two = mock.patch.object(torch.cuda, "device_count", return_value=2)
    with (
        two,
        mock.patch.object(torch.cuda, "set_device") as chosen,
        mock.patch.object(dist, "init_process_group") as met,
    ):
        assert training.join(mock.Mock(device=torch.device("cuda"), batch_size=64)) == torch.device("cuda", 1)
    assert (chosen.call_args.args, met.call_args.args) == ((torch.device("cuda", 1),), ("nccl",))
    monkeypatch.setenv("LOCAL_RANK", "2")
    with two, pytest.raises(ValueError, match=r"받은 값: 3번째, GPU 2개.* 2 이하로 줄이거나"):
        training.join(mock.Mock(device=torch.device("cuda"), batch_size=64))


@pytest.mark.parametrize(("name", "told"), [("checkpoint.pt", "그것이 든 폴더"), ("checkpoint.pt/new", "다른 폴더")])
def test_a_file_is_no_folder_for_checkpoints(
    name: str, told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "checkpoint.pt").write_bytes(b"kept")
    with mock.patch.multiple(training, join=mock.DEFAULT, train=mock.DEFAULT) as faked:
        assert training.main(["--folder", str(tmp_path / name)]) == 2
    assert not faked["train"].called
    assert re.fullmatch(
        rf"오류: --folder에는 폴더를 적어야 합니다 \(받은 값: .*\)\. .*{told}.*십시오\.\n", capsys.readouterr().err
    )


def test_a_finished_run_says_that_nothing_is_left(group: None, capsys: pytest.CaptureFixture[str]) -> None:
    training.introduce("", 500, 500)
    assert re.fullmatch(
        r"스텝 500까지 학습한 체크포인트가 있습니다\. .*--folder에 새 폴더.*\n", capsys.readouterr().out
    )


@pytest.mark.parametrize("error", ["Connection closed [gloo/pair.cc]", None])
def test_who_loses_the_others_says_so_and_ends(
    error: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = RuntimeError(error) if error else lambda *_: signal.raise_signal(signal.SIGTERM)  # the latter is torchrun's
    fakes = {"join": mock.Mock(), "train": mock.Mock(side_effect=lost), "time": mock.Mock()}
    with mock.patch.multiple(training, **fakes), mock.patch.object(os, "_exit") as ended:
        training.main(["--folder", str(tmp_path)])
    assert re.fullmatch(r"프로세스 0: .*체크포인트.*\n", capsys.readouterr().out)
    ended.assert_called_once_with(1)


def test_any_other_error_is_its_own() -> None:
    with (
        mock.patch.object(training, "join", side_effect=RuntimeError("no memory")),
        pytest.raises(RuntimeError, match="no"),
    ):
        training.main(["--folder", "unused"])


def test_the_script_says_all_and_ends_before_python_would() -> None:
    """For gloo's threads can abort the process while Python ends."""
    script = "import atexit, runpy; atexit.register(print, 'Python ends')\n"
    script += "runpy.run_module('mlp_tutorial.distributed', run_name='__main__', alter_sys=True)"
    command = [sys.executable, "-c", script, "--folder", "unused", "--device", "none"]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", timeout=100, check=False)
    assert (done.returncode, done.stdout, done.stderr[:10]) == (2, "", "오류: device")


def test_the_notebook_shows_lines_of_the_script() -> None:
    cells = files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells
    shown = re.findall(r"```python\n(.*?)```", "\n".join(cell.source for cell in cells), re.DOTALL)
    code = [line.split("  #")[0].strip() for line in Path(training.__file__).read_text("utf-8").splitlines()]
    lines = [line.split("  #")[0].strip() for line in "".join(shown).splitlines()]
    at = [code.index(line) for line in lines]
    assert (len(lines), at) == (7, sorted(at))


def test_the_help_says_what_to_do_where_torchrun_does_not_start(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        training.main(["--help"])
    assert "--local-addr 127.0.0.1" in " ".join(capsys.readouterr().out.split())
