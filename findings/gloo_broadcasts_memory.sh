#!/usr/bin/env bash
# Between processes on CPUs a view is broadcast and summed by what lies in memory, not by its values, in silence.
#
# gloo takes as many numbers as the tensor has from where it begins. Of a column these are the first row; of a matrix
# that is transposed in one process alone, as weights from R, Keras or NumPy are, they come in another order under the
# right shape. NCCL refuses both ("Tensors must be contiguous"), so that what a GPU would report is wrong numbers on the
# CPUs it is tried on; all_gather makes a copy first and is right, send() refuses. The documentation asks for nothing.
# For broadcast, reduce and scatter: https://github.com/pytorch/pytorch/issues/192920 (open). contiguous() helps.
#
# Seen (torch 2.13.0, two processes): the broadcast of [[0, 2, 4], [1, 3, 5]], a transpose, arrives as
# [[0, 1, 2], [3, 4, 5]]; all_reduce of the first columns [0, 3] and [10, 13] changes the first rows and leaves 0 + 10
# and 1 + 11 there.
set -euo pipefail
version=${1:-2.13.0}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install -q torch=="$version" numpy==2.4.6
cat > "$folder/two.py" <<'PY'
import sys

import torch
import torch.distributed as dist
import torch.multiprocessing as mp


def meet(rank: int, store: str, found) -> None:
    """Be one of two processes and keep what it sees."""
    dist.init_process_group("gloo", init_method=f"file://{store}", rank=rank, world_size=2)
    weights = torch.arange(6.0).reshape(3, 2).T if rank == 0 else torch.zeros(2, 3)
    dist.broadcast(weights, src=0)
    found["broadcast", rank] = weights.tolist()
    table = torch.arange(6.0).reshape(2, 3) + 10 * rank
    column = table[:, 0].contiguous()
    gathered = [torch.zeros(2), torch.zeros(2)]
    dist.all_gather(gathered, table[:, 0])
    found["all_gather", rank] = torch.stack(gathered).tolist()
    dist.all_reduce(column)
    found["all_reduce, contiguous", rank] = column.tolist()
    dist.all_reduce(table[:, 0])
    found["all_reduce", rank] = table.tolist()
    dist.destroy_process_group()


if __name__ == "__main__":
    with mp.Manager() as manager:
        found = manager.dict()
        mp.spawn(meet, (sys.argv[1], found), nprocs=2)
        found = dict(found)
    for key in sorted(found):
        print(*key, found[key])
    sent, arrived = found["broadcast", 0], found["broadcast", 1]
    copies_are_right = all(
        found["all_gather", rank] == [[0, 3], [10, 13]] and found["all_reduce, contiguous", rank] == [10, 16]
        for rank in (0, 1)
    )
    scrambled = sent == [[0, 2, 4], [1, 3, 5]] and arrived == [[0, 1, 2], [3, 4, 5]]
    first_row = found["all_reduce", 0] == [[10, 12, 2], [3, 4, 5]]
    sys.exit(not (copies_are_right and scrambled and first_row))
PY
"$folder/venv/bin/python" "$folder/two.py" "$folder/store"
