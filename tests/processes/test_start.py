"""Tests of processes.start, and of the script in several processes: slow, and few for that reason.

The notebook C_many_machines runs a restart; here are the run that ends and the two commands for two hosts.
"""

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

from mlp_tutorial.processes import start

REPORT = """\
  rank      : 0 (local_rank: 0)
  exitcode  : -15 (pid: 6)  (SIGTERM)
Root Cause (first observed failure):
  rank      : 1 (local_rank: 1)
  exitcode  : {code} (pid: 7) {name}
"""
# what holds for both of two hosts, as the notebook has it
HOSTS = ["--nnodes", "2", "--nproc-per-node", "1", "--rdzv-backend", "c10d", "--rdzv-id", "mlp"]
CELLS = [cell.source for cell in files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells]
not_windows = pytest.mark.skipif(sys.platform == "win32", reason="torchrun on Windows was not tried")


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
    head, *rest = start.explain("스텝 100\n스텝 200\n", err).splitlines()
    assert head.endswith(" 1 (신호 9, SIGKILL)")
    assert (rest[0], rest[2:]) == ("오류: 하나", ["스텝 100", "스텝 200"])
    assert " 1 (종료 코드 2)\n" in start.explain("", REPORT.format(code=2, name=""))
    assert start.explain("", "\n".join("abcdefg")).endswith(":\nc\nd\ne\nf\ng")


def test_the_environment_is_this_machines_own(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    plain = start.environment(restarts=False)
    assert plain["OMP_NUM_THREADS"] == "1"
    assert plain.get("GLOO_SOCKET_IFNAME") == start.LOOPBACK.get(sys.platform)
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    again = start.environment(restarts=True)
    assert again.items() - plain.items() == {("OMP_NUM_THREADS", "3"), ("TORCH_DISABLE_SHARE_RDZV_TCP_STORE", "1")}


def test_a_run_that_takes_too_long_is_ended(no_folder_stays: None, tmp_path: Path) -> None:
    began = time.monotonic()
    with pytest.raises(TimeoutError, match=r"0\.2초.*seconds"):
        start.Run("--folder", str(tmp_path / "run")).wait(seconds=0.2)
    assert time.monotonic() - began < 15


@not_windows
def test_who_heeds_no_request_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start, "GRACE", 0.2)
    stubborn = "import signal, time; signal.signal(15, signal.SIG_IGN); print('ready', flush=True); time.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", stubborn], stdout=subprocess.PIPE, encoding="utf-8")
    assert process.stdout.readline() == "ready\n"
    start.end(process, tempfile.TemporaryDirectory())
    assert process.returncode == -signal.SIGKILL


def test_a_run_ends_with_its_object(no_folder_stays: None, tmp_path: Path) -> None:
    run = start.Run("--folder", str(tmp_path))
    process = run.process
    assert process.poll() is None
    del run
    assert process.poll() is not None


@not_windows
def test_a_process_ends_soon_after_torchrun_is_gone() -> None:
    child = "import time; from mlp_tutorial.processes import training; training.heed_the_others(); "
    child += "print('ready', flush=True); time.sleep(60)"
    command = ["sh", "-c", f'"{sys.executable}" -c "{child}" & wait']
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as shell:
        assert shell.stdout.readline() == "ready\n"
        began = time.monotonic()
        shell.kill()
        assert shell.stdout.read() == ""  # comes to its end when the child, which holds it too, is gone
    assert time.monotonic() - began < 20


@not_windows
def test_without_a_restart_the_error_says_who_died_and_the_checkpoint_stays(
    no_folder_stays: None, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError) as raised:
        start.Run("--folder", str(tmp_path / "run"), "--die-at", "250").wait(seconds=100)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["checkpoint.pt"]
    assert len(torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["losses"]) == 200
    shown = f"```text\nRuntimeError: {raised.value}\n```"
    assert any(shown in cell for cell in CELLS), shown


@not_windows
def test_two_hosts_commands_give_the_posts_losses(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    started = []
    for node in ("0", "1"):
        command = [sys.executable, "-m", "torch.distributed.run", *HOSTS, "--node-rank", node, "--rdzv-endpoint"]
        command += [f"127.0.0.1:{port}", "--local-addr", "127.0.0.1", "--log-dir", str(tmp_path / "logs")]
        command += ["-m", "mlp_tutorial.distributed", "--folder", str(tmp_path), "--n-steps", "200"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
        started.append(subprocess.Popen(command, env=start.environment(restarts=False), **pipes))
    try:
        printed = [process.communicate(timeout=100) for process in started]
    finally:
        for process in started:
            start.end(process, tempfile.TemporaryDirectory())
    assert [process.returncode for process in started] == [0, 0], printed
    other, first = sorted(out for out, _ in printed)
    assert other == "", "only process 0 of the two prints"
    told = [line.partition(" (")[0] for line in first.splitlines()]
    assert told == ["프로세스 0: 32행", "프로세스 1: 32행", "스텝 100: 1.070939", "스텝 200: 1.057227"]


def test_the_notebook_has_the_commands_that_are_tried() -> None:
    (text,) = [cell.replace(" \\\n", " ") for cell in CELLS if "--nnodes 2 --node-rank" in cell]
    for node in (0, 1):
        (words,) = [line.split() for line in text.splitlines() if f"--node-rank {node} --n" in line]
        assert set(HOSTS) <= set(words)
        assert words[-4:] == ["-m", "mlp_tutorial.distributed", "--folder", "/shared/results"]
