"""Tests of processes.start, and of the script in several processes: slow, and few for that reason.

The notebook C_many_machines runs a restart; here are the run that ends and the notebook's two commands for two hosts.
"""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from nbcheck import ROOT, files

from mlp_tutorial import reference
from mlp_tutorial.processes import start

NOTEBOOK = "\n".join(cell.source for cell in files.read(ROOT / "notebooks" / "extra" / "C_many_machines.ipynb").cells)
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="torchrun on Windows was not tried")


@pytest.fixture
def no_folder_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Give the test a folder for temporary files, which must be empty in the end."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "temporary"))
    monkeypatch.setattr("tempfile.tempdir", None)
    yield
    assert not list((tmp_path / "temporary").iterdir())


def test_the_cause_is_told_in_korean() -> None:
    report = "오류: 하나\n오류: 하나\nRoot Cause:\n  rank      : 1 (local_rank: 1)\n  exitcode  : 2 (pid: 7)"
    assert start.explain("스텝", report) == "실패한 프로세스: 1 (종료 코드 2)\n오류: 하나\n그때까지의 출력:\n스텝"
    assert start.explain("", "\n".join("abcdefg")).endswith(":\nc\nd\ne\nf\ng")


def test_a_run_that_takes_too_long_and_one_that_is_forgotten_end(no_folder_stays: None, tmp_path: Path) -> None:
    late = start.Run("--folder", str(tmp_path))
    with pytest.raises(TimeoutError, match=r"0\.2초.*seconds"):
        late.wait(seconds=0.2)
    with pytest.raises(RuntimeError, match=r"앞의 wait\(\)에서 멈춘"):
        late.wait()
    run = start.Run("--folder", str(tmp_path))
    process = run.process
    assert process.poll() is None
    del run
    assert process.poll(), "ended, and not waited for"


def test_without_a_restart_the_error_says_who_died_and_the_checkpoint_stays(
    no_folder_stays: None, tmp_path: Path
) -> None:
    with pytest.raises(RuntimeError) as raised:
        start.Run("--folder", str(tmp_path / "run"), "--die-at", "250").wait(seconds=100)
    assert [path.name for path in (tmp_path / "run").iterdir()] == ["checkpoint.pt"]
    assert len(torch.load(tmp_path / "run" / "checkpoint.pt", weights_only=True)["losses"]) == 200
    assert f"```text\nRuntimeError: {raised.value}\n```" in NOTEBOOK


def test_the_notebooks_command_on_two_hosts_gives_the_posts_losses_and_process_0_saves(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    (command,) = re.findall(r"^torchrun (--nnodes .*)$", NOTEBOOK.replace("\\\n", " "), re.MULTILINE)
    folders = [tmp_path / "host0", tmp_path / "host1"]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "encoding": "utf-8"}
    env, torchrun = os.environ | start.FIXED | {"OMP_NUM_THREADS": "1"}, [sys.executable, "-m", "torch.distributed.run"]
    started = []
    for folder in folders:
        here = command.replace("host0:29500", f"127.0.0.1:{port}").replace("/shared/results", str(folder))
        words = [*torchrun, "--local-addr", "127.0.0.1", "--log-dir", str(tmp_path / "logs"), *here.split()]
        started.append(subprocess.Popen(words, env=env, **pipes))
    try:
        printed = [process.communicate(timeout=100) for process in started]
    finally:
        for process in started:
            process.kill()
    assert [process.returncode for process in started] == [0, 0], printed
    assert not any("ignored" in errors for _, errors in printed), "each option means something to torchrun"
    other, first = sorted(out for out, _ in printed)
    assert other == "", "only process 0 of the two prints"
    told = [line.partition(" (")[0] for line in first.splitlines()]
    losses = [f"스텝 {step}: {loss:.6f}" for step, loss in reference.POST_LOSSES.items()]
    assert told == ["프로세스 0: 32행", "프로세스 1: 32행", *losses]
    assert len([folder for folder in folders if folder.exists()]) == 1, "and only it saves"
