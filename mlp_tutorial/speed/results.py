"""What the benchmark measured: read from its file, told as a table, and beside it what can be counted beforehand."""

import json
from pathlib import Path

FILE = Path(__file__).with_name("measured.json")
BASE = "손으로 쓴 반복문"


def load() -> dict:
    """Return what `python -m mlp_tutorial.speed --save` wrote last."""
    return json.loads(FILE.read_text(encoding="utf-8"))


def flops(batch_size: int, D_in: int, H: int, D_out: int) -> int:
    """Return the floating-point operations of a step's matrix products: two of the first layer, three of the second."""
    return 2 * (2 * batch_size * D_in * H + 3 * batch_size * H * D_out)


def place(measured: dict) -> str:
    """Return the machine, the versions and the number of pairs in three lines."""
    versions = ", ".join(f"{name} {version}" for name, version in measured["versions"].items())
    where = "{cpu} (코어 {cores}개 가운데 하나), {system}".format(**measured["machine"])
    return f"{where}\n{versions}\n방법마다 짝 {measured['n_pairs']}개"


def table(measured: dict) -> str:
    """Return a row for each way: ms of CPU time per step, and the ratio to the raw loop."""
    row = "{ms_per_step:12.3f} {ratio:16.3f} {last_loss:13.6f}   {name}"
    rows = [row.format(name=name, **way) for name, way in measured["ways"].items()]
    return "\n".join(["한 스텝 (ms)   반복문의 몇 배   마지막 손실   방법", *rows])
