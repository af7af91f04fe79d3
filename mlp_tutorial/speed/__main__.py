"""`python -m mlp_tutorial.speed`: measure all ways that are installed here, and print or save what was found."""

import json
from statistics import median

from tqdm import tqdm

import mlp_tutorial as mt
from mlp_tutorial.speed import measure, results
from mlp_tutorial.speed.measure import LEARNING_RATE, pairs, seconds
from mlp_tutorial.speed.trainers import TRAINERS, installed
from mlp_tutorial.speed.ways import WAYS, Setting, Way, post
from mlp_tutorial.terminal import KoreanParser, run, whole, whole_file

N_STEPS, WIDE, WIDE_STEPS = 500, 3000, 50  # the last two: hidden nodes and steps of the trainers' large network
WIDTHS, BATCH_SIZES = (1, 3, 10, 30, 100, 300, 1000, 3000), (1, 4, 16, 64, 256, 1024, 4096)


def main(arguments: list[str] | None = None) -> int:
    """Run the command; return the exit status 0."""
    description = "글의 500 스텝을 여러 방법으로 학습해, 걸린 시간(코어 하나의 CPU 시간)을 견줍니다."
    parser = KoreanParser("python -m mlp_tutorial.speed", description=description)
    parser.add_argument("--pairs", type=whole, default=11, metavar="정수", help="방법마다 재는 짝의 수 (기본값: 11)")
    parser.add_argument("--save", action="store_true", help="노트북 B가 읽는 measured.json에 저장합니다")
    options = parser.parse_args(arguments)
    for name in (name for name in TRAINERS if name not in installed()):
        print(f"{name}: 설치되어 있지 않아 건너뜁니다. requirements-speed.txt를 설치하면 함께 잽니다.")
    with measure.one_thread():
        measured = measure_all(max(1, options.pairs))
    print(results.place(measured), results.table(measured), sep="\n")
    print(f"큰 행렬 곱: 1초에 {measured['flops_per_second'] / 1e9:.1f} GFLOP")
    if options.save:
        with whole_file(results.FILE) as part:
            part.write_text(json.dumps(measured, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        print("measured.json에 저장했습니다. 노트북 B를 다시 실행하십시오: python tools/rerun.py B")
    return 0


def measure_all(n_pairs: int) -> dict:
    """Return all that notebook B shows of this machine."""
    measured = {"machine": measure.machine(), "versions": measure.versions(), "n_pairs": n_pairs}
    everything = tqdm((WAYS | installed()).items(), desc="재는 중", unit="방법", leave=False)
    ways = {name: measure_way(way, post(), N_STEPS, n_pairs) for name, way in everything}
    measured["ways"] = dict(sorted(ways.items(), key=lambda item: -item[1]["ratio"]))  # the slowest first
    wide = {name: measure_way(way, post(WIDE), WIDE_STEPS, -(-n_pairs // 3)) for name, way in installed().items()}
    measured["wide"] = {"H": WIDE, "ratios": {name: way["ratio"] for name, way in wide.items()}}
    measured["flops_per_second"] = measure.matrix_rate()
    widths = {H: post(H) for H in WIDTHS}
    measured["by_width"] = [[H, measure.step_milliseconds(*setting)] for H, setting in widths.items()]
    batches = {size: (*mt.random_data(size, 1000, 10), post()[2]) for size in BATCH_SIZES}
    measured["by_batch"] = [[size, measure.step_milliseconds(*setting)] for size, setting in batches.items()]
    return measured | {"profile": measure.profile_step()}


def measure_way(way: Way, setting: Setting, n_steps: int, n_pairs: int) -> dict[str, float]:
    """Return the least ms per step of n pairs, the median of the ratios to the raw loop, and the last loss."""

    def seconds_of(way: Way) -> float:
        return seconds(lambda: way(*setting, LEARNING_RATE, n_steps))

    found = pairs(lambda: seconds_of(way), lambda: seconds_of(WAYS[results.BASE]), n_pairs)
    return {
        "ms_per_step": round(1000 * min(mine for mine, _ in found) / n_steps, 5),
        "ratio": round(median(mine / base for mine, base in found), 5),
        "last_loss": way(*setting, LEARNING_RATE, n_steps).losses[-1],
    }


if __name__ == "__main__":
    run(main)
