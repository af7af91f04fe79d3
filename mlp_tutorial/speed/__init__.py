"""The post's training written in many ways, and what each costs: for notebook B and `python -m mlp_tutorial.speed`."""

from mlp_tutorial.speed.measure import flops, load, one_thread, pairs, ratios, seconds, table
from mlp_tutorial.speed.ways import WAYS, carried, post, raw_loop

__all__ = ["WAYS", "carried", "flops", "load", "one_thread", "pairs", "post", "ratios", "raw_loop", "seconds", "table"]
