"""Tests of `python -m mlp_tutorial`: its numbers beside the post's, its Korean, its exit statuses."""

import os
import re
import sys
from pathlib import Path

import pytest
import torch

import mlp_tutorial as mt
from mlp_tutorial.__main__ import main
from mlp_tutorial.commands import lab

POST = {100: 1.070939, 200: 1.057227, 300: 1.043858, 400: 1.030812, 500: 1.018066}
SMALL = ["--init", "pytorch", "--D-in", "5", "--H", "4", "--D-out", "2", "--batch-size", "6", "--n-steps", "3"]

POSITIVE = "0보다 큰 유한한 수여야 합니다 (받은 값: {}). 예를 들어 0.1이나 1e-4를 넣어 보십시오."
ASK_HELP = "(도움말: python -m mlp_tutorial --help)"
# arguments: the line that they end with, but for its quotes, which Python 3.11 puts around choices and later ones don't
BAD_OPTIONS = {
    "--H 0": "H는 1 이상의 정수여야 합니다 (받은 값: 0). 예를 들어 10을 넣어 보십시오.",
    "--D-in -5": "D_in은 1 이상의 정수여야 합니다 (받은 값: -5). 예를 들어 10을 넣어 보십시오.",
    "--D-out 2.5": f"--D-out: 정수가 아닙니다: 2.5 {ASK_HELP}",
    "--H -1e4": f"--H: 정수가 아닙니다: -1e4 {ASK_HELP}",
    "--batch-size many": f"--batch-size: 정수가 아닙니다: many {ASK_HELP}",
    "--n-steps -1": "n_steps는 0 이상의 정수여야 합니다 (받은 값: -1). 예를 들어 10을 넣어 보십시오.",
    "--seed -1": "seed는 0 이상의 정수여야 합니다 (받은 값: -1). 예를 들어 10을 넣어 보십시오.",
    "--learning-rate 0": f"learning_rate는 {POSITIVE.format('0.0')}",
    "--learning-rate inf": f"learning_rate는 {POSITIVE.format('inf')}",
    "--learning-rate -inf": f"learning_rate는 {POSITIVE.format('-inf')}",
    "--learning-rate nan": f"learning_rate는 {POSITIVE.format('nan')}",
    "--learning-rate -nan": f"learning_rate는 {POSITIVE.format('nan')}",
    "--learning-rate -1e-4": f"learning_rate는 {POSITIVE.format('-0.0001')}",
    "--learning-rate=-.5": f"learning_rate는 {POSITIVE.format('-0.5')}",
    "--learning-rate fast": f"--learning-rate: 수가 아닙니다: fast {ASK_HELP}",
    "--learning-rate --H 5": f"--learning-rate: 값을 하나 적어야 합니다 {ASK_HELP}",
    "--device gpu": "device는 cpu, cuda처럼 PyTorch가 아는 장치 이름이어야 합니다 (받은 값: gpu). "
    "GPU가 없으면 device=cpu로 두십시오.",
    "--init zero": f"--init: 고를 수 없는 값입니다: zero (다음에서 고르십시오: post, pytorch) {ASK_HELP}",
    "--dtype int64": f"--dtype: 고를 수 없는 값입니다: int64 (다음에서 고르십시오: float32, float64) {ASK_HELP}",
    "--H 50": "글의 가중치는 크기가 (1000, 100, 10)인 신경망에만 맞습니다 (받은 크기: (1000, 50, 10)). "
    "TwoLayerNet(1000, 100, 10)을 쓰거나, 크기를 바꾸려면 PyTorch의 처음 가중치를 그대로 두십시오 "
    "(터미널에서는 --init pytorch).",
    "--steps=5": f"모르는 옵션입니다: --steps=5 {ASK_HELP}",
    "--n 5": f"모르는 옵션입니다: --n 5 {ASK_HELP}",
    "--epochs 5": f"모르는 옵션입니다: --epochs 5 {ASK_HELP}",
    "--H 5 lab": f"모르는 옵션입니다: lab {ASK_HELP}",
    "--nosuch\nline": f"모르는 옵션입니다: --nosuch line {ASK_HELP}",
    "--H": f"--H: 값을 하나 적어야 합니다 {ASK_HELP}",
    "--help=5": f"-h/--help: 값을 받지 않습니다: 5 {ASK_HELP}",
    "labs": f"모르는 옵션입니다: labs {ASK_HELP}",
    "--plot no/such/folder/loss.png": "--plot의 폴더가 있어야 합니다 (받은 값: no/such/folder/loss.png). "
    "폴더를 먼저 만드십시오.",
    "--plot loss.jpg": "--plot의 파일 이름은 .png, .pdf, .svg 가운데 하나로 끝나야 합니다 (받은 값: loss.jpg). "
    "예: loss.png",
    "--plot loss": "--plot의 파일 이름은 .png, .pdf, .svg 가운데 하나로 끝나야 합니다 (받은 값: loss). 예: loss.png",
}
# what the two helps say, whatever the terminal's width
HELP = """\
사용법: python -m mlp_tutorial [옵션] 또는 python -m mlp_tutorial lab [주피터랩의 옵션] 또는
python -m mlp_tutorial handouts [옵션] [번호 ...]

글의 신경망을 글의 처음 가중치에서 학습하고, 손실을 글의 손실과 나란히 출력합니다.

옵션:
  -h, --help               이 도움말을 보여 줍니다
  --batch-size 정수        배치 크기: x와 y의 행의 수 (기본값: 64)
  --D-in 정수              입력층의 노드 수 (기본값: 1000)
  --H 정수                 은닉층의 노드 수 (기본값: 100)
  --D-out 정수             출력층의 노드 수 (기본값: 10)
  --n-steps 정수           스텝 수 (기본값: 500)
  --seed 정수              x와 y를 뽑는 시드 (처음 가중치가 pytorch이면 가중치의 시드도) (기본값: 123)
  --learning-rate 수       학습률 (기본값: 0.0001)
  --device 장치            cpu 또는 cuda (기본값: cpu)
  --init {post,pytorch}    처음 가중치: 글의 것(post) 또는 PyTorch의 것(pytorch) (기본값: post)
  --dtype {float32,float64}    자료형 (기본값: float32)
  --plot 파일              손실 곡선을 그림 파일로 저장합니다 (.png, .pdf, .svg)

노트북으로 배우려면: 'python -m mlp_tutorial lab' (주피터랩으로 첫 노트북을 엽니다)
수업 유인물을 만들려면: 'python -m mlp_tutorial handouts' (학생용과 교사용 HTML, PDF)
"""
LAB_HELP = """\
사용법: python -m mlp_tutorial lab [주피터랩의 옵션]

주피터랩으로 첫 노트북을 엽니다.

옵션:
  -h, --help  이 도움말을 보여 줍니다

그 밖의 옵션은 jupyter lab에 그대로 넘깁니다. 예: --port 9999, --ip 0.0.0.0
"""


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


def test_float32_is_within_one_unit(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    table = rows(capsys.readouterr().out)
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
def test_bad_options_are_one_korean_line_and_status_2(arguments: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert fails(arguments.split(" "), capsys).replace("'", "") == f"오류: {BAD_OPTIONS[arguments]}\n"


@pytest.mark.skipif(torch.cuda.is_available(), reason="this machine has a GPU")
def test_cuda_where_there_is_none(capsys: pytest.CaptureFixture[str]) -> None:
    assert "이 컴퓨터에서 쓸 수 있는 장치여야 하는데 'cuda'" in fails(["--device", "cuda"], capsys)


@pytest.mark.parametrize("arguments", [["--device", "meta"], ["--init", "pytorch", "--H", "100000000000"]])
def test_what_pytorch_can_not_compute(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    said = fails(arguments, capsys)
    assert re.fullmatch(
        r"오류: PyTorch가 계산하지 못했습니다 \(.+\)\. 크기를 줄이거나 --device cpu를 쓰십시오\.\n", said
    )


@pytest.mark.parametrize("error", [RuntimeError, MemoryError])
def test_of_pytorchs_reason_the_first_line_is_told(
    error: type[Exception], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def too_large(*_: object, **__: object) -> None:
        raise error("can't allocate memory\nframe #0\nframe #1")

    monkeypatch.setattr(mt, "fit", too_large)
    assert fails([], capsys) == (
        "오류: PyTorch가 계산하지 못했습니다 (can't allocate memory). 크기를 줄이거나 --device cpu를 쓰십시오.\n"
    )


@pytest.mark.parametrize("plot", [[], ["--plot", "loss.png"]], ids=["table", "plot"])
def test_a_reader_that_has_gone_is_no_error(
    plot: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    read_end, write_end = os.pipe()
    os.close(read_end)
    with open(write_end, "w", encoding="utf-8") as pipe:
        monkeypatch.setattr(sys, "stdout", pipe)
        assert main([*SMALL, *plot]) == 1
        pipe.flush()  # as Python does at its end
    assert capsys.readouterr().err == ""


def test_ctrl_c_ends_in_one_line(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(mt, "fit", interrupted)
    assert main([]) == 130
    assert capsys.readouterr() == ("", "오류: 학습을 멈췄습니다.\n")


@pytest.mark.parametrize(
    ("arguments", "text"), [("--help", HELP), ("-h", HELP), ("lab --help", LAB_HELP), ("lab --port 9 -h", LAB_HELP)]
)
def test_help_is_korean_and_tells_the_posts_values(
    arguments: str, text: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as end:
        main(arguments.split())
    assert end.value.code == 0
    assert capsys.readouterr().out.split() == text.split()


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

    def full_disk(figure: Figure, path: Path) -> None:
        assert [line.get_label() for line in figure.axes[0].lines] == ["손실", "글의 손실"]
        assert path.name == ".loss.part.png"  # hidden, and of the kind that the suffix tells matplotlib
        path.write_bytes(b"half a picture")
        raise OSError(28, "No space left on device")

    path = tmp_path / "loss.png"
    path.write_bytes(b"old")
    monkeypatch.setattr(Figure, "savefig", full_disk)
    assert main([*SMALL, "--plot", str(path)]) == 2
    message = f"오류: {path}에 쓸 수 없습니다 (No space left on device). --plot에 다른 파일을 적으십시오.\n"
    assert capsys.readouterr().err == message
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_bad_plot_is_told_before_training(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(mt, "fit", lambda *_, **__: pytest.fail("trained"))
    fails(["--plot", "loss.xyz"], capsys)
    folder = tmp_path / "folder.png"
    folder.mkdir()
    assert fails(["--plot", str(folder)], capsys) == (
        f"오류: --plot에는 파일을 적어야 하는데 폴더입니다 (받은 값: {folder}). 다른 이름을 적으십시오.\n"
    )


def test_lab_gets_all_that_follows_it(monkeypatch: pytest.MonkeyPatch) -> None:
    handed = []
    monkeypatch.setattr(lab, "open_lab", lambda rest: handed.append(rest) or 7)
    assert main(["lab", "--port", "9999", "--H=3", "-y"]) == 7
    assert main(["lab"]) == 7
    assert handed == [["--port", "9999", "--H=3", "-y"], []]
