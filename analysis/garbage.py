"""Python's garbage collector, out of the way while a network is analysed.

An analysis makes records by the ten thousand and no cycles among them. The collector would look
again and again through all of them and all that PyTorch has imported: for a network of 1202 layers that
is a third of the time, and more than its part with every layer added.
"""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(slots=True)
class _Pauses:
    """How many blocks are running, and whether the collector was on before the first."""

    running: int = 0
    was_on: bool = False


_LOCK = threading.Lock()
_PAUSES = _Pauses()


@contextmanager
def paused_collection() -> Iterator[None]:
    """Within the block, in whichever thread, nothing is collected; after the last one it is as it was before."""
    with _LOCK:
        if not _PAUSES.running:
            _PAUSES.was_on = gc.isenabled()
            gc.disable()
        _PAUSES.running += 1
    try:
        yield
    finally:
        with _LOCK:
            _PAUSES.running -= 1
            if not _PAUSES.running and _PAUSES.was_on:
                gc.enable()
