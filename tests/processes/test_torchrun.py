"""Tests of mlp_tutorial.torchrun, and of the script in several processes: slow, and few for that reason.

The notebook C_many_machines runs a restart; here are the run that ends and the two commands for two hosts.
"""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from nbcheck import ROOT, files
from torch.nn import functional as F

import mlp_tutorial as mt
from mlp_tutorial import reference
from mlp_tutorial.processes import start as torchrun

REPORT = """\
E1124 api.py:1002] failed (exitcode: {code}) local_rank: 1 (pid: 7) of binary: python
Failures:
[1]:
  rank      : 0 (local_rank: 0)
  exitcode  : -15 (pid: 6)  (SIGTERM)
------
Root Cause (first observed failure):
[0]:
  time      : 2026-01-01_00:00:00
  host      : localhost
  rank      : 1 (local_rank: 1)
  exitcode  : {code} (pid: 7) {name}
  error_file: <N/A>
"""
LOST = "프로세스 0: 함께 학습하던 프로세스가 끝나 멈춥니다. 체크포인트까지의 학습은 남아 있습니다."
# what holds for both of two hosts, as the notebook has it
HOSTS = ["--nnodes", "2", "--nproc-per-node", "1", "--rdzv-backend", "c10d", "--rdzv-id", "mlp"]


@pytest.fixture
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture
def no_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test a folder for temporary files, which must be empty in the end."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield
    assert not list((tmp_path / "temporary").iterdir())


def test_the_cause_is_told_in_korean() -> None:
    err = "오류: 하나\n오류: 하나\nnoise\n" + REPORT.format(code=-9, name=" (SIGKILL)")
    said = "실패한 프로세스: 1 (신호 9, SIGKILL)\n오류: 하나\n그때까지의 출력:\n스텝 100\n스텝 200"
    assert torchrun.explain("스텝 100\n스텝 200\n", err) == said
    failed = torchrun.explain("", REPORT.format(code=2, name=""))
    assert failed == "실패한 프로세스: 1 (종료 코드 2)\n그때까지의 출력:"
    unknown = torchrun.explain("", "\n".join("abcdefg"))
    assert unknown == "torchrun이 시작하지 못했습니다. 그 끝말:\nc\nd\ne\nf\ng"


def test_the_environment_is_this_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    plain = torchrun.environment(restarts=False)
    assert plain["OMP_NUM_THREADS"] == "1"
    assert plain["PATH"] == os.environ["PATH"]
    assert plain.get("GLOO_SOCKET_IFNAME") == torchrun.LOOPBACK.get(sys.platform)
    assert "TORCH_DISABLE_SHARE_RDZV_TCP_STORE" not in plain
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    again = torchrun.environment(restarts=True)
    assert again["OMP_NUM_THREADS"] == "3"
    assert again["TORCH_DISABLE_SHARE_RDZV_TCP_STORE"] == "1"


def test_a_run_that_takes_too_long_is_ended(no_folder_stays: None, tmp_path: Path) -> None:
    start = time.monotonic()
    with pytest.raises(TimeoutError, match=r"0\.2초를 더 기다려도 끝나지 않아 멈췄습니다.*seconds를 늘려"):
        torchrun.Run("--folder", str(tmp_path / "run")).wait(seconds=0.2)
    assert time.monotonic() - start < 15


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun on Windows was not tried")
def test_who_heeds_no_request_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torchrun, "GRACE", 0.2)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout.readline() == "ready\n"
    torchrun._end(process, tempfile.TemporaryDirectory())
    assert process.returncode == -signal.SIGKILL


def test_a_run_ends_with_its_object(tmp_path: Path) -> None:
    run = torchrun.Run("--folder", str(tmp_path))
    process, logs = run._process, run._logs
    assert process.poll() is None
    del run
    assert process.poll() is not None
    assert not Path(logs.name).exists()


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun on Windows was not tried")
def test_a_process_ends_soon_after_torchrun_is_gone() -> None:
    child = (
        "import time; from mlp_tutorial.processes import training as d; d._heed_the_others(); "
        "print('ready', flush=True); time.sleep(60)"
    )
    command = ["sh", "-c", f'"{sys.executable}" -c "{child}" & wait']
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as shell:
        assert shell.stdout.readline() == "ready\n"
        start = time.monotonic()
        shell.kill()
        assert shell.stdout.read() == ""  # comes to its end when the child, which holds it too, is gone
    assert time.monotonic() - start < 20


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun on Windows was not tried")
def test_without_a_restart_the_error_says_who_died_and_the_checkpoint_stays(
    no_folder_stays: None, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError) as raised:
        torchrun.Run("--folder", str(tmp_path / "run"), "--die-at", "250").wait(seconds=100)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["checkpoint.pt"]
    assert len(torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["losses"]) == 200
    message = str(raised.value)
    assert message.startswith("실패한 프로세스: 1 (신호 9, SIGKILL)\n")
    assert message.endswith(f"\n스텝 200: 1.057227\n{LOST}")
    cells = files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells
    assert any(f"```text\nRuntimeError: {message}\n```" in cell.source for cell in cells), message


@pytest.mark.skipif(sys.platform == "win32", reason="torchrun on Windows was not tried")
def test_two_hosts_commands_give_the_losses_of_one_process(free_port: int, tmp_path: Path) -> None:
    started = []
    for node in ("0", "1"):
        command = [sys.executable, "-m", "torch.distributed.run", *HOSTS, "--node-rank", node, "--rdzv-endpoint"]
        command += [f"127.0.0.1:{free_port}", "--local-addr", "127.0.0.1", "--log-dir", str(tmp_path / "logs")]
        command += ["-m", "mlp_tutorial.distributed", "--folder", str(tmp_path), "--n-steps", "200"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        started.append(subprocess.Popen(command, env=torchrun.environment(restarts=False), **pipes))
    try:
        printed = [process.communicate(timeout=100) for process in started]
    finally:
        for process in started:
            torchrun._end(process, tempfile.TemporaryDirectory())
    assert [process.returncode for process in started] == [0, 0], printed
    out = sorted(out for out, _ in printed)
    assert out[0] == "", "only process 0 of the two prints"
    assert [line.split(": ")[0] for line in out[1].splitlines()] == ["프로세스 0", "프로세스 1", "스텝 100", "스텝 200"]

    x, y = (part.double() for part in mt.random_data(64, 1000, 10))
    net = mt.TwoLayerNet(1000, 100, 10)
    reference.load_post_weights(net)
    losses = mt.fit(net.double(), x, y, loss_fn=F.mse_loss, learning_rate=1e-4, n_steps=200).losses
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert torch.allclose(saved["losses"], losses, rtol=0, atol=1e-12)
    for name, parameter in net.state_dict().items():
        assert torch.allclose(saved["model"][name], parameter, rtol=0, atol=1e-12), name


def test_the_notebook_has_the_commands_that_are_tried() -> None:
    cells = files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells
    (text,) = [cell.source for cell in cells if "--nnodes 2 --node-rank" in cell.source]
    for node in (0, 1):
        (command,) = [part for part in text.replace(" \\\n", " ").splitlines() if f"--node-rank {node} --n" in part]
        words = command.split()
        assert set(HOSTS) <= set(words)
        assert words[-4:] == ["-m", "mlp_tutorial.distributed", "--folder", "/shared/results"]
