"""Tests of `python -m mlp_tutorial`: its numbers beside the post's, its Korean, its exit statuses."""

import re
import sys
import tempfile
from pathlib import Path
from unittest.mock import Mock

import pytest
import torch

import mlp_tutorial as mt
from mlp_tutorial.__main__ import main
from mlp_tutorial.commands import train
from mlp_tutorial.reference import POST_LOSSES

SMALL = ["--init", "pytorch", "--D-in", "5", "--H", "4", "--D-out", "2", "--batch-size", "6", "--n-steps", "3"]

# arguments: what their line has to say
BAD_OPTIONS = {
    "--H 0": "H는 1 이상의 정수 … 받은 값: 0",
    "--D-in -5": "D_in은 1 이상의 정수 … 받은 값: -5",
    "--D-out 2.5": "--D-out: 정수가 … 2.5",
    "--H -1e4": "--H: 정수가 … -1e4",
    "--learning-rate -inf": "learning_rate는 0보다 큰 … 받은 값: -inf",
    "--learning-rate -nan": "learning_rate는 0보다 큰 … 받은 값: nan",
    "--learning-rate -1e-4": "받은 값: -0.0001",
    "--learning-rate=-.5": "받은 값: -0.5",
    "--learning-rate fast": "--learning-rate: 수가 … fast",
    "--learning-rate --H 5": "--learning-rate: 값을",
    "--device gpu": "device는 PyTorch … 받은 값: gpu",
    "--init zero": "post, pytorch … zero",
    "--dtype int64": "float32, float64 … int64",
    "--H 50": "(1000, 100, 10) … --init pytorch",
    "--steps=5": "모르는 옵션 … --steps=5",
    "--n 5": "모르는 옵션 … --n 5",
    "--H 5 lab": "모르는 옵션 … lab",
    "--nosuch\nline": "--nosuch line",
    "--H": "--H: 값을",
    "--help=5": "--help: 값을 … 5",
    "labs": "모르는 옵션 … labs … --help",
    "--plot no/such/folder/loss.png": "--plot의 폴더 … no/such/folder/loss.png",
    "--plot tests.png": "폴더입니다 … tests.png",
    "--plot loss.jpg": ".png, .pdf, .svg … loss.jpg",
    "--plot loss": ".png, .pdf, .svg … 받은 값: loss",
    "--device meta": "PyTorch가 계산하지",
    "--init pytorch --H 100000000000": "PyTorch가 계산하지",
}


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
    post = {step: f"{loss:.6f}" for step, loss in POST_LOSSES.items()}
    assert rows(printed) == {step: [loss, loss, "+0.000000"] for step, loss in post.items()}


def test_every_option_reaches_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    before = torch.get_rng_state()
    assert main([*SMALL, "--learning-rate", "0.5", "--seed", "9", "--dtype", "float64"]) == 0
    assert torch.equal(before, torch.get_rng_state())
    x, y = mt.random_data(6, 5, 2, seed=9)
    with torch.random.fork_rng():
        torch.manual_seed(9)
        model = mt.TwoLayerNet(5, 4, 2).double()
    history = mt.fit(model, x.double(), y.double(), loss_fn=torch.nn.functional.mse_loss, learning_rate=0.5, n_steps=3)
    assert rows(capsys.readouterr().out) == {3: [f"{history.losses[-1]:.6f}"]}


def test_no_steps_print_the_heading_alone(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["python -m mlp_tutorial", "--n-steps", "0"])
    assert main() == 0
    assert capsys.readouterr().out.count("\n") == 1


def test_divergence_ends_with_status_1_and_what_to_try(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*SMALL, "--learning-rate", "1e9", "--n-steps", "100"]) == 1
    out, err = capsys.readouterr()
    assert re.match(r"스텝 \d+에서 학습이 발산했습니다 .*10분의 1로", out)
    assert err == ""


@pytest.mark.parametrize("arguments", BAD_OPTIONS, ids=lambda arguments: arguments.replace("\n", " "))
def test_bad_options_are_one_korean_line_and_status_2(
    arguments: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("tests.png").mkdir()
    if "--plot" in arguments:  # told before any training
        monkeypatch.setattr(mt, "fit", lambda *_, **__: pytest.fail("trained"))
    said = fails(arguments.split(" "), capsys).replace("'", "")  # Python 3.11 puts them around choices
    assert [part for part in BAD_OPTIONS[arguments].split(" … ") if part not in said] == [], said


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_where_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert "이 컴퓨터에서 쓸 수 있어야 합니다 (받은 값: 'cuda')" in fails(["--device", "cuda"], capsys)


@pytest.mark.parametrize("error", [RuntimeError, MemoryError])
def test_of_pytorchs_reason_the_first_line_is_told(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large(*_: object, **__: object) -> None:
        raise error("can't allocate memory\nframe #0\nframe #1")

    monkeypatch.setattr(mt, "fit", too_large)
    said = fails([], capsys)
    assert "(can't allocate memory)" in said
    assert "frame" not in said


def test_ctrl_c_ends_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mt, "fit", interrupted)
    assert main([]) == 130
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "멈췄" in err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ("--help", "--batch-size:64 --D-in:1000 --H:100 --D-out:10 --n-steps:500 --seed:123 --learning-rate:0.0001 "
         "--device:cpu --init:post --dtype:float32 --plot:"),
        ("-h", "--H:100"),
        ("handouts -h", "--edition:both --format:ipynb,html,pdf,worksheet,slides --out:handouts"),
        ("lab --port 9 -h", ""),
    ],
)  # fmt: skip
def test_help_is_korean_and_tells_each_option_with_its_default(
    arguments: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    assert end.value.code == 0
    text = " ".join(capsys.readouterr().out.split())
    assert text.startswith("사용법: python -m mlp_tutorial")
    assert not re.search(r"usage|options|arguments|show|default", text)
    for option, default in (each.split(":") for each in told.split()):
        explained = text.split(f" {option} ")[-1].split(" --")[0]
        assert f"(기본값: {default})" in explained or not default, option


@pytest.mark.parametrize(("suffix", "magic"), [("png", b"\x89PNG"), ("pdf", b"%PDF"), ("SVG", b"<?xml")])
def test_plot_writes_one_file(suffix: str, magic: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / f"손실.{suffix}"
    assert main([*SMALL, "--plot", str(path)]) == 0
    assert path.read_bytes().startswith(magic)
    assert list(tmp_path.iterdir()) == [path]
    assert f"손실 곡선을 {path}에 저장했습니다." in capsys.readouterr().out


def test_a_plot_that_could_not_be_written_is_told_before_any_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(tempfile, "TemporaryFile", Mock(side_effect=OSError(30, "Read-only file system")))
    monkeypatch.setattr(mt, "fit", lambda *_, **__: pytest.fail("trained"))
    said = fails(["--plot", str(tmp_path / "loss.png")], capsys)
    assert f"{tmp_path}에 쓸 수 없습니다 (Read-only file system)" in said


@pytest.mark.parametrize(
    ("arguments", "own", "expected"), [([], None, 1), ([], "2", 2), (["--D-in", "1000000"], None, 2)]
)
def test_a_small_step_takes_one_thread_unless_told_how_many(
    arguments: list[str], own: str | None, expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = []
    monkeypatch.setattr(train, "_fit", lambda *_: seen.append(torch.get_num_threads()) or mt.History(torch.empty(0)))
    monkeypatch.delenv("OMP_NUM_THREADS", raising=False)
    if own:
        monkeypatch.setenv("OMP_NUM_THREADS", own)
    before = torch.get_num_threads()
    torch.set_num_threads(2)
    try:
        main(arguments)
        assert (seen, torch.get_num_threads()) == ([expected], 2)
    finally:
        torch.set_num_threads(before)


def test_a_plot_that_breaks_off_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from matplotlib.figure import Figure

    def full_disk(figure: Figure, path: Path) -> None:
        assert [line.get_label() for line in figure.axes[0].lines] == ["손실", "글의 손실"]
        assert (path.name[0], path.suffix) == (".", ".png")  # hidden, and of the kind that the suffix tells matplotlib
        path.write_bytes(b"half a picture")
        raise OSError(28, "No space left on device")

    path = tmp_path / "loss.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(Figure, "savefig", full_disk)
    assert main([*SMALL, "--plot", str(path)]) == 2
    assert f"디스크가 가득 차 {path}에 쓸 수 없습니다" in capsys.readouterr().err
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
