"""What an Inception module costs, branch by branch, with and without its 1 x 1 reductions.

Szegedy et al. (2014), figure 2: the naive module (a) convolves all C input channels with 1 x 1,
3 x 3 and 5 x 5 and joins a 3 x 3 max pooling; module (b) first reduces the channels of the large
convolutions by 1 x 1 and projects the pooled ones. Biases are not counted.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from analysis.records import Pair


@dataclass(frozen=True, slots=True)
class InceptionBranch:
    """One branch: its output channels, parameters and MACs with the 1 x 1 reduction and, ``naive_*``, without."""

    name: str
    channels: int
    params: int
    macs: int
    naive_channels: int
    naive_params: int
    naive_macs: int


@dataclass(frozen=True, slots=True)
class InceptionCost:
    """The four branches of a module and their sums; the outputs are joined along the channels."""

    branches: tuple[InceptionBranch, ...]
    channels: int
    params: int
    macs: int
    naive_channels: int
    naive_params: int
    naive_macs: int


@dataclass(frozen=True, slots=True)
class ChainedModule:
    """A module in a chain: its output channels, parameters and MACs, ``naive_*`` in a chain without reductions."""

    channels: int
    params: int
    macs: int
    naive_channels: int
    naive_params: int
    naive_macs: int


def inception_cost(
    channels: int,
    size: Pair,
    *,
    ones: int,
    reduce_threes: int,
    threes: int,
    reduce_fives: int,
    fives: int,
    projected: int,
) -> InceptionCost:
    """Cost of one module on C channels, its widths as in the columns of the paper's table 1.

        with reductions    C n1  +  C r3 + 9 r3 n3  +  C r5 + 25 r5 n5  +  C p
        without            C n1  +  9 C n3          +  25 C n5          +  0

    each times the positions h w for MACs. Without a projection the pooled branch hands on all C
    channels, so the output grows from module to module. Raises ValueError for a number below 1.

    >>> cost = inception_cost(192, (28, 28), ones=64, reduce_threes=96, threes=128,
    ...                       reduce_fives=16, fives=32, projected=32)  # module 3a
    >>> cost.params, cost.naive_params, cost.channels, cost.naive_channels
    (163328, 387072, 256, 416)
    """
    widths = {
        "channels": channels, "ones": ones, "reduce_threes": reduce_threes, "threes": threes,
        "reduce_fives": reduce_fives, "fives": fives, "projected": projected, "size": min(size),
    }  # fmt: skip
    for name, value in widths.items():
        if value < 1:
            raise ValueError(f"{name} of {value} is impossible: choose 1 or more.")
    positions = size[0] * size[1]
    parts = (
        ("1 x 1", ones, channels * ones, ones, channels * ones),
        (
            "3 x 3",
            threes,
            channels * reduce_threes + 9 * reduce_threes * threes,
            threes,
            9 * channels * threes,
        ),
        ("5 x 5", fives, channels * reduce_fives + 25 * reduce_fives * fives, fives, 25 * channels * fives),
        ("pooling", projected, channels * projected, channels, 0),
    )
    branches = tuple(
        InceptionBranch(name, out, params, params * positions, naive_out, naive, naive * positions)
        for name, out, params, naive_out, naive in parts
    )
    return InceptionCost(
        branches=branches,
        channels=sum(branch.channels for branch in branches),
        params=sum(branch.params for branch in branches),
        macs=sum(branch.macs for branch in branches),
        naive_channels=sum(branch.naive_channels for branch in branches),
        naive_params=sum(branch.naive_params for branch in branches),
        naive_macs=sum(branch.naive_macs for branch in branches),
    )


def inception_chain(
    channels: int, modules: Sequence[tuple[Pair, Mapping[str, int]]]
) -> tuple[ChainedModule, ...]:
    """Cost of modules one after the other, given the map size and the widths of each, as one chain and as the other.

    With projections a module hands on what its widths say; a naive one adds its convolutions to the
    channels that it was given, and each later one convolves them all:

        C' = n1 + n3 + n5 + p        C' = n1 + n3 + n5 + C

    Poolings between modules keep the channels. Raises ValueError as :func:`inception_cost` does.

    >>> widths = dict(ones=64, reduce_threes=96, threes=128, reduce_fives=16, fives=32, projected=32)
    >>> [(link.channels, link.naive_channels) for link in inception_chain(192, [((28, 28), widths)] * 3)]
    [(256, 416), (256, 640), (256, 864)]
    """
    chain = []
    naive_channels = channels
    for size, widths in modules:
        cost = inception_cost(channels, size, **widths)
        naive = inception_cost(naive_channels, size, **widths)
        channels, naive_channels = cost.channels, naive.naive_channels
        chain.append(
            ChainedModule(
                channels, cost.params, cost.macs, naive_channels, naive.naive_params, naive.naive_macs
            )
        )
    return tuple(chain)
