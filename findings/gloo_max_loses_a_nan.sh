#!/usr/bin/env bash
# all_reduce(MAX) over gloo is NaN if process 0 has one and some other process's number if another has.
#
# Training of several processes asks in this way whether any loss has diverged: torch.max and torch.maximum give NaN
# wherever one of the numbers is, and SUM does. gloo compares, and no comparison with NaN is true; so the answer depends
# on which process has the row that diverged, and it need not be the largest of the others. MIN is alike. A sum, or
# isfinite() before the reduction, tells it.
#
# Seen (torch 2.13.0, two and three processes): NaN in process 0 gives NaN in all, elsewhere none: of 1, NaN and 3 the
# MAX is 1. SUM gives NaN wherever it is.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
cat > "$folder/several.py" <<'PY'
import math
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp

OPS = {"MAX": dist.ReduceOp.MAX, "MIN": dist.ReduceOp.MIN, "SUM": dist.ReduceOp.SUM}


def meet(rank: int, n: int, store: str, found) -> None:
    """Be one of n processes, each of which has the NaN once."""
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=n)
    for name, op in OPS.items():
        for where in range(n):
            loss = torch.tensor(math.nan if rank == where else 1.0 + rank)
            dist.all_reduce(loss, op)
            found[n, name, where, rank] = loss.item()
    dist.destroy_process_group()


if __name__ == "__main__":
    with mp.Manager() as manager:
        found = manager.dict()
        for n in (2, 3):
            mp.spawn(meet, (n, f"{sys.argv[1]}{n}", found), nprocs=n)
        found = dict(found)
    for n in (2, 3):
        for name in OPS:
            for where in range(n):
                print(n, name, f"NaN in process {where}:", [found[n, name, where, rank] for rank in range(n)])
    told = {key[:3] for key, value in found.items() if math.isnan(value)}
    sums = {(n, "SUM", where) for n in (2, 3) for where in range(n)}
    lost = found[3, "MAX", 1, 0] == 1.0  # of 1, NaN, 3
    sys.exit(not lost or told != sums | {(n, name, 0) for n in (2, 3) for name in ("MAX", "MIN")})
PY
"$folder/venv/bin/python" "$folder/several.py" "$folder/store"
