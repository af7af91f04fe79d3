"""The command line: train the post's network, open JupyterLab at the first notebook, or make handouts.

All that is printed is Korean; a wrong option ends with one line and exit status 2.
"""

import argparse
import os
import re
import sys
from pathlib import Path
from typing import NoReturn

import torch

import mlp_tutorial as mt
from mlp_tutorial import lab, reference

DTYPES = {"float32": torch.float32, "float64": torch.float64}
SAID_BY_ARGPARSE = {  # argparse's own English
    "unrecognized arguments:": "모르는 옵션입니다:",
    "expected one argument": "값을 하나 적어야 합니다",
    "ignored explicit argument": "값을 받지 않습니다:",
    "invalid choice:": "고를 수 없는 값입니다:",
    "(choose from": "(다음에서 고르십시오:",
    "invalid int value:": "정수가 아닙니다:",
    "invalid float value:": "수가 아닙니다:",
    "argument ": "",
}
PLOT_KINDS = (".png", ".pdf", ".svg")


class KoreanParser(argparse.ArgumentParser):
    """An argument parser that explains itself in Korean."""

    def __init__(self, prog: str, **options: object) -> None:
        super().__init__(prog=prog, add_help=False, allow_abbrev=False, **options)
        self._optionals.title = "옵션"
        self._negative_number_matcher = re.compile("-[.0-9]|-inf|-nan")  # else argparse takes -1e-4 for an option
        self.add_argument("-h", "--help", action="help", help="이 도움말을 보여 줍니다")

    def format_help(self) -> str:
        """Return the help with a Korean heading for the usage line."""
        return super().format_help().replace("usage:", "사용법:")

    def error(self, message: str) -> NoReturn:
        """Print one line and exit with status 2."""
        for said, korean in SAID_BY_ARGPARSE.items():
            message = message.replace(said, korean)
        self.exit(_fail(f"{message} (도움말: {self.prog} --help)"))


def main(arguments: list[str] | None = None) -> int:
    """Run the command that `arguments` (sys.argv without the program) ask for; return the exit status."""
    arguments = sys.argv[1:] if arguments is None else arguments
    if arguments[:1] == ["lab"]:
        _, rest = _lab_parser().parse_known_args(arguments[1:])
        return lab.open_lab(rest)
    if arguments[:1] == ["handouts"]:
        return make_handouts(_handouts_parser().parse_args(arguments[1:]))
    options = _parser().parse_args(arguments)
    try:
        status = train(options)
        sys.stdout.flush()
        return status
    except (ValueError, TypeError) as error:
        return _fail(str(error))
    except BrokenPipeError:  # whoever read the output, `head` for example, has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # for Python's own flush at its end
        return 1
    except (RuntimeError, MemoryError) as error:
        reason = str(error).partition("\n")[0]
        return _fail(f"PyTorch가 계산하지 못했습니다 ({reason}). 크기를 줄이거나 --device cpu를 쓰십시오.")
    except KeyboardInterrupt:
        return _fail("학습을 멈췄습니다.", status=130)


def _fail(message: str, status: int = 2) -> int:
    """Print `message` in one line on stderr; return the exit status."""
    print("오류:", " ".join(message.split()), file=sys.stderr)
    return status


def _parser() -> KoreanParser:
    """Return the parser of the training run's options."""
    hp = mt.Hyperparameters()
    parser = KoreanParser(
        "python -m mlp_tutorial",
        usage="%(prog)s [옵션] 또는 %(prog)s lab [주피터랩의 옵션] 또는 %(prog)s handouts [옵션] [번호 ...]",
        description="글의 신경망을 글의 처음 가중치에서 학습하고, 손실을 글의 손실과 나란히 출력합니다.",
        epilog="노트북으로 배우려면: 'python -m mlp_tutorial lab' (주피터랩으로 첫 노트북을 엽니다) "
        "수업 유인물을 만들려면: 'python -m mlp_tutorial handouts' (학생용과 교사용 HTML, PDF)",
    )
    for name, text in {
        "batch_size": "배치 크기: x와 y의 행의 수",
        "D_in": "입력층의 노드 수",
        "H": "은닉층의 노드 수",
        "D_out": "출력층의 노드 수",
        "n_steps": "스텝 수",
        "seed": "x와 y를 뽑는 시드 (처음 가중치가 pytorch이면 가중치의 시드도)",
    }.items():
        parser.add_argument(
            _option(name),
            type=int,
            default=getattr(hp, name),
            metavar="정수",
            help=f"{text} (기본값: %(default)s)",
        )
    parser.add_argument(
        "--learning-rate", type=float, default=hp.learning_rate, metavar="수", help="학습률 (기본값: %(default)s)"
    )
    parser.add_argument("--device", default="cpu", metavar="장치", help="cpu 또는 cuda (기본값: %(default)s)")
    parser.add_argument(
        "--init",
        choices=("post", "pytorch"),
        default="post",
        help="처음 가중치: 글의 것(post) 또는 PyTorch의 것(pytorch) (기본값: %(default)s)",
    )
    parser.add_argument("--dtype", choices=tuple(DTYPES), default="float32", help="자료형 (기본값: %(default)s)")
    parser.add_argument(
        "--plot", type=Path, metavar="파일", help=f"손실 곡선을 그림 파일로 저장합니다 ({', '.join(PLOT_KINDS)})"
    )
    return parser


def _lab_parser() -> KoreanParser:
    """Return the parser of `lab`, which knows its help alone."""
    return KoreanParser(
        "python -m mlp_tutorial lab",
        usage="%(prog)s [주피터랩의 옵션]",
        description="주피터랩으로 첫 노트북을 엽니다.",
        epilog="그 밖의 옵션은 jupyter lab에 그대로 넘깁니다. 예: --port 9999, --ip 0.0.0.0",
    )


def _handouts_parser() -> KoreanParser:
    """Return the parser of the handouts' options."""
    parser = KoreanParser(
        "python -m mlp_tutorial handouts",
        usage="%(prog)s [옵션] [번호 ...]",
        description="노트북으로 학생용(답과 숨은 시험 없음)과 교사용 유인물을 만듭니다.",
        epilog="PDF에는 크롬, 엣지, 크로미움 가운데 하나가 필요합니다. 인터넷은 필요 없습니다.",
    )
    parser._positionals.title = "노트북"
    parser.add_argument("numbers", nargs="*", metavar="번호", help="노트북의 번호, 예: 01 03 (없으면 모두)")
    parser.add_argument(
        "--edition", choices=("student", "teacher", "both"), default="both", help="학생용, 교사용, 둘 다 (기본값: both)"
    )
    parser.add_argument(
        "--format", default="ipynb,html,pdf", metavar="형식", help="쉼표로 이은 파일 형식 (기본값: %(default)s)"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("handouts"), metavar="폴더", help="저장할 폴더 (기본값: %(default)s)"
    )
    return parser


def _option(name: str) -> str:
    """Return the command-line spelling of a hyperparameter: n_steps → --n-steps, D_in → --D-in."""
    return "--" + name.replace("_", "-")


def train(options: argparse.Namespace) -> int:
    """Train the network that `options` describe and print its losses; return 0, or 1 where the run diverged."""
    sizes = {name: getattr(options, name) for name in ("batch_size", "D_in", "H", "D_out", "n_steps", "seed")}
    hp = mt.Hyperparameters(device=options.device, learning_rate=options.learning_rate, **sizes)
    _check_plot(options.plot)
    x, y = mt.random_data(hp.batch_size, hp.D_in, hp.D_out, seed=hp.seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(hp.seed)
        model = mt.TwoLayerNet(hp.D_in, hp.H, hp.D_out)
    if options.init == "post":
        reference.load_post_weights(model)
    place = {"device": hp.device, "dtype": DTYPES[options.dtype]}
    history = mt.fit(
        model.to(**place),
        x.to(**place),
        y.to(**place),
        loss_fn=hp.loss_fn,
        learning_rate=hp.learning_rate,
        n_steps=hp.n_steps,
    )
    print(reference.comparison(history.losses))
    if options.plot:
        _save_plot(history, options.plot)
    return 1 if history.diverged_at else 0


def make_handouts(options: argparse.Namespace) -> int:
    """Make the handouts that `options` ask for; return the exit status."""
    try:
        from mlp_tutorial import handouts  # needs packages that no learner does

        return handouts.make(options.numbers, options.edition, options.format, options.out)
    except ModuleNotFoundError as error:
        return _fail(f"유인물을 만들 패키지 {error.name}이(가) 없습니다. 'pip install -e .[handouts]'로 설치하십시오.")
    except ValueError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("유인물 만들기를 멈췄습니다.", status=130)


def _check_plot(path: Path | None) -> None:
    """Raise before any training where the figure could not be written."""
    if path is None:
        return
    if path.suffix.lower() not in PLOT_KINDS:
        raise ValueError(
            f"--plot의 파일 이름은 {', '.join(PLOT_KINDS)} 가운데 하나로 끝나야 합니다 (받은 값: {path}). 예: loss.png"
        )
    if path.is_dir():
        raise ValueError(f"--plot에는 파일을 적어야 하는데 폴더입니다 (받은 값: {path}). 다른 이름을 적으십시오.")
    if not path.parent.is_dir():
        raise ValueError(f"--plot의 폴더가 있어야 합니다 (받은 값: {path}). 폴더를 먼저 만드십시오.")


def _save_plot(history: mt.History, path: Path) -> None:
    """Write the loss curve with the post's points to `path`, without a display and without leaving half a file."""
    import matplotlib as mpl

    mpl.use("agg")
    from mlp_tutorial import figures

    ax = figures.loss_curve(history, post=reference.POST_LOSSES)
    half = path.with_name(f".{path.stem}.part{path.suffix}")
    try:
        ax.figure.savefig(half)
        half.replace(path)
    except OSError as error:
        raise ValueError(f"{path}에 쓸 수 없습니다 ({error.strerror}). --plot에 다른 파일을 적으십시오.") from None
    finally:
        half.unlink(missing_ok=True)
    print(f"손실 곡선을 {path}에 저장했습니다.")


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8")  # a redirected Windows console has no Korean of its own
    sys.exit(main())
