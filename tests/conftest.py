"""Fixtures of several test modules."""

import sys
from collections.abc import Iterator

import pytest
import torch.distributed as dist


@pytest.fixture(autouse=True)
def close_figures() -> Iterator[None]:
    """Close all figures after the test, if it loaded matplotlib at all."""
    yield
    if "matplotlib.pyplot" in sys.modules:
        sys.modules["matplotlib.pyplot"].close("all")


@pytest.fixture
def group() -> Iterator[None]:
    """Make this process the one member of a group of processes."""
    dist.init_process_group("gloo", store=dist.HashStore(), rank=0, world_size=1)
    yield
    dist.destroy_process_group()
