"""The post's training written in many ways, and what each costs: what notebook B and its benchmark share.

`python -m mlp_tutorial.speed` measures anew; `measured.json` holds what was measured on the machine that it names.
"""

from mlp_tutorial.speed.measure import one_thread, pairs, seconds
from mlp_tutorial.speed.results import flops, load, place, table
from mlp_tutorial.speed.trainers import TRAINERS
from mlp_tutorial.speed.ways import WAYS, carried, post, raw_loop

__all__ = ["TRAINERS", "WAYS", "carried", "flops", "load", "one_thread", "pairs", "place"]
__all__ += ["post", "raw_loop", "seconds", "table"]
