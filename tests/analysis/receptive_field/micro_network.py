"""The base of the named micro-networks: small enough to probe every unit, one reason to exist each."""

from __future__ import annotations

from types import ModuleType
from typing import ClassVar

from torch import nn

from analysis.records import Status

_ALL: list[type[MicroNetwork]] = []


class MicroNetwork(nn.Module):
    """A small network; its docstring says what could go wrong in it.

    ``shapes`` are those of its inputs without the batch (heights and widths differ, so that swapped
    axes show). ``channel_dim`` is the dimension of its output whose values are joined, None for one
    value a unit: the receptive field of a map is the union over its channels. ``status`` is that of
    the field of the output.
    """

    shapes: ClassVar[tuple[tuple[int, ...], ...]] = ((2, 14, 11),)
    channel_dim: ClassVar[int | None] = 1
    status: ClassVar[Status] = Status.EXACT

    def __init_subclass__(cls) -> None:
        """Enter every micro-network in the list of all."""
        assert cls.__doc__, f"{cls.__name__} does not say why it exists"
        _ALL.append(cls)


def micro_networks(module: ModuleType) -> list[type[MicroNetwork]]:
    """The micro-networks that one file defines, in order."""
    return [
        network for network in _ALL if network.__module__ == module.__name__ and network.__name__[0] != "_"
    ]
