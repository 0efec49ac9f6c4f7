from __future__ import annotations

import gc
import threading
from collections.abc import Iterator

import pytest
from torch import nn

from analysis import analyze
from analysis.garbage import paused_collection


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """The collector is on before and after each test."""
    gc.enable()
    yield
    gc.enable()


def test_nothing_is_collected_within_and_everything_as_before_after() -> None:
    """Nested blocks end with the outermost."""
    with paused_collection():
        with paused_collection():
            assert not gc.isenabled()
        assert not gc.isenabled()
    assert gc.isenabled()


def test_a_collector_that_was_off_stays_off() -> None:
    """Whoever has switched it off finds it off."""
    gc.disable()
    with paused_collection():
        pass
    assert not gc.isenabled()


@pytest.mark.parametrize("size", [(3, 8, 8), (1, 8, 8)])
def test_an_analysis_leaves_the_collector_on(size: tuple[int, int, int]) -> None:
    """Also one that ends with an error: the second size has a channel too few."""
    network = nn.Sequential(nn.Conv2d(3, 4, 3), nn.ReLU())
    if size[0] == 3:
        analyze(network, size)
    else:
        with pytest.raises(ValueError, match="expects 3 channels"):
            analyze(network, size)
    assert gc.isenabled()


def test_blocks_of_several_threads_overlap() -> None:
    """The collector comes back when the last block ends, in whichever order they do."""
    entered, leave = threading.Event(), threading.Event()

    def other() -> None:
        with paused_collection():
            entered.set()
            leave.wait(10)

    thread = threading.Thread(target=other)
    with paused_collection():
        thread.start()
        assert entered.wait(10)
    assert not gc.isenabled()
    leave.set()
    thread.join(10)
    assert gc.isenabled()
