"""Tests of `python -m mlp_tutorial`: its numbers beside the post's, its Korean, its exit statuses."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

import mlp_tutorial as mt
from mlp_tutorial import __main__ as command_line
from mlp_tutorial.__main__ import main

POST = {100: 1.070939, 200: 1.057227, 300: 1.043858, 400: 1.030812, 500: 1.018066}
SMALL = ["--init", "pytorch", "--D-in", "5", "--H", "4", "--D-out", "2", "--batch-size", "6", "--n-steps", "3"]


def rows(printed: str) -> dict[int, list[str]]:
    """Return step → the other columns of the table that was printed."""
    cells = [line.split() for line in printed.splitlines()[1:]]
    return {int(step): others for step, *others in cells}


def fails(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Assert that the command prints one line on stderr alone and ends with status 2; return that line."""
    try:
        status = main(arguments)
    except SystemExit as end:
        status = end.code
    out, err = capsys.readouterr()
    assert (status, out) == (2, "")
    assert err.startswith("오류: ")
    assert (err.count("\n"), err[-1]) == (1, "\n")
    return err


def test_float64_prints_the_posts_losses_exactly(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--dtype", "float64"]) == 0
    printed = capsys.readouterr().out
    assert printed.startswith("스텝      손실  글의 손실        차이\n")
    assert rows(printed) == {step: [f"{loss:.6f}", f"{loss:.6f}", "+0.000000"] for step, loss in POST.items()}


def test_the_command_itself_in_float32_is_within_one_unit() -> None:
    command, windows = [sys.executable, "-m", "mlp_tutorial"], os.environ | {"PYTHONIOENCODING": "cp1252"}
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=windows, timeout=120)
    assert (done.returncode, done.stderr) == (0, "")
    table = rows(done.stdout)
    assert list(table) == list(POST)
    for step, (loss, post, difference) in table.items():
        assert post == f"{POST[step]:.6f}"
        assert abs(round(float(loss) * 1e6) - round(POST[step] * 1e6)) <= 1
        assert float(difference) == pytest.approx(float(loss) - POST[step], abs=1e-9)


def test_pytorchs_own_weights(capsys: pytest.CaptureFixture[str]) -> None:
    before = torch.get_rng_state()
    assert main(["--init", "pytorch"]) == 0
    losses = [float(row[0]) for row in rows(capsys.readouterr().out).values()]
    assert losses == pytest.approx([1.0358603, 1.0240382, 1.0124987, 1.0012176, 0.9901667], abs=1.01e-6)
    assert torch.equal(before, torch.get_rng_state())


def test_every_option_reaches_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--learning-rate", "0.5", "--seed", "9", "--dtype", "float64"]) == 0
    x, y = mt.random_data(6, 5, 2, seed=9)
    with torch.random.fork_rng():
        torch.manual_seed(9)
        model = mt.TwoLayerNet(5, 4, 2).double()
    history = mt.fit(model, x.double(), y.double(), loss_fn=torch.nn.functional.mse_loss, learning_rate=0.5, n_steps=3)
    assert rows(capsys.readouterr().out) == {3: [f"{history.losses[-1]:.6f}"]}


def test_no_steps_print_the_heading_alone(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--n-steps", "0"]) == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_divergence_ends_with_status_1_and_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--learning-rate", "1e9", "--n-steps", "100"]) == 1
    out, err = capsys.readouterr()
    assert re.match(r"스텝 \d+에서 학습이 발산했습니다 .*10분의 1로", out)
    assert err == ""


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--H", "0"], ["H는 1 이상의 정수", "0"]),
        (["--D-in", "-5"], ["D_in은 1 이상의 정수", "-5"]),
        (["--D-out", "2.5"], ["--D-out", "정수가 아닙니다", "'2.5'"]),
        (["--batch-size", "많이"], ["--batch-size", "정수가 아닙니다", "'많이'"]),
        (["--n-steps", "-1"], ["n_steps는 0 이상의 정수", "-1"]),
        (["--seed", "-1"], ["seed는 0 이상의 정수", "-1"]),
        (["--learning-rate", "0"], ["learning_rate는 0보다 큰 유한한", "0.0"]),
        (["--learning-rate", "inf"], ["learning_rate는 0보다 큰 유한한", "inf"]),
        (["--learning-rate", "nan"], ["learning_rate는 0보다 큰 유한한", "nan"]),
        (["--learning-rate", "fast"], ["--learning-rate", "수가 아닙니다", "'fast'"]),
        (["--device", "gpu"], ["PyTorch가 아는 장치", "'gpu'", "device='cpu'"]),
        (["--device", "meta"], ["PyTorch가 계산하지 못했습니다", "--device cpu"]),
        (["--init", "zero"], ["--init", "고를 수 없는 값입니다", "'zero'", "post", "pytorch"]),
        (["--dtype", "int64"], ["--dtype", "고를 수 없는 값입니다", "'int64'", "float32", "float64"]),
        (["--H", "50"], ["(1000, 100, 10)", "(1000, 50, 10)", "--init pytorch"]),
        (["--steps=5"], ["모르는 옵션입니다: --steps=5", "--help"]),
        (["--n", "5"], ["모르는 옵션입니다: --n 5"]),
        (["--epochs", "5"], ["모르는 옵션입니다: --epochs 5", "--help"]),
        (["--H", "5", "lab"], ["모르는 옵션입니다: lab", "--help"]),
        (["--nosuch\nline"], ["모르는 옵션입니다: --nosuch line"]),
        (["--H"], ["--H", "값을 하나 적어야 합니다", "--help"]),
        (["--help=5"], ["--help", "값을 받지 않습니다", "'5'"]),
        (["labs"], ["모르는 옵션입니다: labs", "--help"]),
        (["--plot", "no/such/folder/loss.png"], ["폴더가 있어야", "no/such/folder/loss.png", "만드십시오"]),
        (["--plot", "loss.jpg"], [".png, .pdf, .svg 가운데", "loss.jpg", "loss.png"]),
        (["--plot", "loss"], [".png, .pdf, .svg 가운데", "loss", "loss.png"]),
        (["--init", "pytorch", "--H", "100000000000"], ["PyTorch가 계산하지 못했습니다", "크기를 줄이거나"]),
    ],
    ids=lambda value: " ".join(value) if "--" in str(value) else "",
)
def test_bad_options_are_one_korean_line_and_status_2(
    arguments: list[str], parts: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert re.search(".*".join(re.escape(part) for part in parts), fails(arguments, capsys))


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_where_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert "이 컴퓨터에서 쓸 수 있는 장치여야 하는데 'cuda'" in fails(["--device", "cuda"], capsys)


def test_a_bad_option_of_the_command_itself() -> None:
    command = [sys.executable, "-m", "mlp_tutorial", "--H", "0"]
    windows = os.environ | {"PYTHONIOENCODING": "cp1252"}  # which has no Korean
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=windows, timeout=120)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "오류: H는 1 이상의 정수여야 합니다 (받은 값: 0). 예를 들어 10을 넣어 보십시오.\n"


def test_ctrl_c_ends_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mt, "fit", interrupted)
    assert main([]) == 130
    assert capsys.readouterr() == ("", "오류: 학습을 멈췄습니다.\n")


@pytest.mark.parametrize("arguments", [["--help"], ["-h"], ["lab", "--help"]])
def test_help_is_korean(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments)
    printed = capsys.readouterr().out
    assert end.value.code == 0
    assert printed.startswith("사용법: python -m mlp_tutorial")
    assert "옵션:" in printed
    for english in ("usage", "option", "show", "help message", "exit", "positional", "argument", "default", "command"):
        assert english not in printed.replace("--help", ""), english


def test_help_tells_every_option_and_the_posts_values(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    printed = re.sub(r"\s+", " ", capsys.readouterr().out)
    told = {
        "--batch-size 정수 배치 크기": 64,
        "--D-in 정수 입력층의 노드 수": 1000,
        "--H 정수 은닉층의 노드 수": 100,
        "--D-out 정수 출력층의 노드 수": 10,
        "--n-steps 정수 스텝 수": 500,
        "--seed 정수": 123,
        "--learning-rate 수 학습률": 0.0001,
        "--device 장치 cpu 또는 cuda": "cpu",
        "--init {post,pytorch} 처음 가중치": "post",
        "--dtype {float32,float64} 자료형": "float32",
    }
    for option, default in told.items():
        assert f"(기본값: {default})" in printed.partition(option)[2].partition(" --")[0], option
    assert "--plot" in printed
    assert "'python -m mlp_tutorial lab'" in printed


@pytest.mark.parametrize(("suffix", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<?xml")])
def test_plot_writes_one_file(suffix: str, magic: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"손실.{suffix}"
    assert main([*SMALL, "--plot", str(path)]) == 0
    assert path.read_bytes().startswith(magic)
    assert list(tmp_path.iterdir()) == [path]
    assert f"손실 곡선을 {path}에 저장했습니다." in capsys.readouterr().out


def test_a_plot_that_breaks_off_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from matplotlib.figure import Figure

    def full_disk(_: Figure, path: Path) -> None:
        path.write_bytes(b"half a picture")
        raise OSError(28, "No space left on device")

    path = tmp_path / "loss.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(Figure, "savefig", full_disk)
    assert main([*SMALL, "--plot", str(path)]) == 2
    assert "loss.png에 쓸 수 없습니다 (No space left on device)" in capsys.readouterr().err
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_bad_plot_is_told_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mt, "fit", lambda *_, **__: pytest.fail("trained"))
    fails(["--plot", "loss.xyz"], capsys)
    folder = tmp_path / "folder.png"
    folder.mkdir()
    assert "폴더입니다" in fails(["--plot", str(folder)], capsys)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
@pytest.mark.parametrize("arguments", [[], ["--plot", "loss.png"]])
def test_a_reader_that_has_gone_is_no_error(arguments: list[str], tmp_path: Path) -> None:
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "mlp_tutorial", *SMALL, *arguments]
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, encoding="utf-8", cwd=tmp_path, timeout=120)
    os.close(write)
    assert (done.returncode, done.stderr) == (1, "")


def test_figures_load_only_for_a_plot() -> None:
    script = (
        "import sys; from mlp_tutorial.__main__ import main; main(['--n-steps', '1'])\n"
        "print(sorted({'matplotlib', 'sklearn', 'ipywidgets', 'IPython', 'jupyterlab', 'nbconvert'} & {*sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, encoding="utf-8", timeout=120)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr


def test_lab_gets_all_that_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = []
    monkeypatch.setattr(command_line.lab, "open_lab", lambda rest: handed.append(rest) or 7)
    assert main(["lab", "--port", "9999", "--H=3", "-y"]) == 7
    assert main(["lab"]) == 7
    assert handed == [["--port", "9999", "--H=3", "-y"], []]
