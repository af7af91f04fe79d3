"""`python -m mlp_tutorial`: train the post's network and print its losses beside the post's."""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import torch

import mlp_tutorial as mt
from mlp_tutorial import reference
from mlp_tutorial.terminal import KoreanParser, as_path, check_folder, fail, real, whole, whole_file

DTYPES = {"float32": torch.float32, "float64": torch.float64}
PLOT_KINDS = (".png", ".pdf", ".svg")
FOR_ONE_THREAD = 10**8  # multiplications of a step, up to which other threads would wait more than they work


def main(arguments: list[str]) -> int:
    """Train as `arguments` ask for; return the exit status."""
    options = _options(arguments)
    try:
        return train(options)
    except (ValueError, TypeError) as error:
        return fail(error)
    except (RuntimeError, MemoryError) as error:
        reason = str(error).partition("\n")[0]
        return fail(f"PyTorch가 계산하지 못했습니다 ({reason}). 크기를 줄이거나 --device cpu를 쓰십시오.")
    except KeyboardInterrupt:
        return fail("학습을 멈췄습니다.", status=130)


def train(options: argparse.Namespace) -> int:
    """Train the network that `options` describe and print its losses; return 0, or 1 where the run diverged."""
    sizes = {name: getattr(options, name) for name in ("batch_size", "D_in", "H", "D_out", "n_steps", "seed")}
    hp = mt.Hyperparameters(device=options.device, learning_rate=options.learning_rate, **sizes)
    _check_plot(options.plot)
    with _threads(hp.batch_size * hp.H * (hp.D_in + hp.D_out)):
        history = _fit(hp, options)
    print(reference.comparison(history.losses))
    if options.plot:
        _save_plot(history, options.plot)
    return 1 if history.diverged_at else 0


def _fit(hp: mt.Hyperparameters, options: argparse.Namespace) -> mt.History:
    """Return the run of the network that `options` describe."""
    x, y = mt.random_data(hp.batch_size, hp.D_in, hp.D_out, seed=hp.seed)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(hp.seed)
        model = mt.TwoLayerNet(hp.D_in, hp.H, hp.D_out)
    if options.init == "post":
        reference.load_post_weights(model)
    place = {"device": hp.device, "dtype": DTYPES[options.dtype]}
    return mt.fit(
        model.to(**place),
        x.to(**place),
        y.to(**place),
        loss_fn=hp.loss_fn,
        learning_rate=hp.learning_rate,
        n_steps=hp.n_steps,
    )


@contextmanager
def _threads(work: int) -> Iterator[None]:
    """While this lasts, compute a small step in one thread, unless the user has set how many.

    PyTorch's threads spin while they wait: beside two busy programs on two cores the post's run took over 60 s, in one
    thread 15 s.
    """
    before = torch.get_num_threads()
    if work <= FOR_ONE_THREAD and "OMP_NUM_THREADS" not in os.environ:
        torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(before)


def _options(arguments: list[str]) -> argparse.Namespace:
    """Return the options that `arguments` give."""
    hp = mt.Hyperparameters()
    parser = KoreanParser(
        "python -m mlp_tutorial",
        usage="%(prog)s [옵션] 또는 %(prog)s lab [주피터랩의 옵션] 또는 %(prog)s handouts [옵션] [번호 ...] "
        "또는 %(prog)s classroom grade [옵션] 번호",
        description="글의 신경망을 글의 처음 가중치에서 학습하고, 손실을 글의 손실과 나란히 출력합니다.",
        epilog="노트북으로 배우려면: 'python -m mlp_tutorial lab' (주피터랩으로 첫 노트북을 엽니다). "
        "수업 유인물을 만들려면: 'python -m mlp_tutorial handouts' (학생용과 교사용 HTML, PDF). "
        "반의 과제를 채점하려면: 'python -m mlp_tutorial classroom grade 01'.",
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
            type=whole,
            default=getattr(hp, name),
            metavar="정수",
            help=f"{text} (기본값: %(default)s)",
        )
    parser.add_argument(
        "--learning-rate", type=real, default=hp.learning_rate, metavar="수", help="학습률 (기본값: %(default)s)"
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
        "--plot", type=as_path, metavar="파일", help=f"손실 곡선을 그림 파일로 저장합니다 ({', '.join(PLOT_KINDS)})"
    )
    return parser.parse_args(arguments)


def _option(name: str) -> str:
    """Return the command-line spelling of a hyperparameter: n_steps → --n-steps, D_in → --D-in."""
    return "--" + name.replace("_", "-")


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
    check_folder("--plot", path.parent)


def _save_plot(history: mt.History, path: Path) -> None:
    """Write the loss curve with the post's points to `path`, without a display and without leaving half a file."""
    import matplotlib as mpl

    mpl.use("agg")
    from mlp_tutorial import figures

    ax = figures.loss_curve(history, post=reference.POST_LOSSES)
    try:
        with whole_file(path) as part:
            ax.figure.savefig(part)
    except OSError as error:
        raise ValueError(f"{path}에 쓸 수 없습니다 ({error.strerror}). --plot에 다른 파일을 적으십시오.") from None
    print(f"손실 곡선을 {path}에 저장했습니다.")
