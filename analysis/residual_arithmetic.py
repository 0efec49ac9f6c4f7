"""What a residual block costs: basic, bottleneck, and with cardinality at constant cost.

``C`` is the number of channels of the block's input and output, ``d`` the width of one path,
``G`` the cardinality, the number of paths. Convolutions have no bias, as beside batch
normalisation, whose own parameters are not counted; the identity shortcut costs nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import isqrt

from analysis.block_arithmetic import BlockCost, stack_cost
from analysis.records import Pair


@dataclass(frozen=True, slots=True)
class CardinalChoice:
    """A cardinality with the width of a path that keeps the cost; ``group_width`` is the grouped layer's channels."""

    cardinality: int
    path_width: int
    group_width: int
    params: int


@dataclass(frozen=True, slots=True)
class ResidualComparison:
    """A bottleneck beside two basic blocks: one on as many channels, one, ``affordable``, of about its cost."""

    channels: int
    width: int
    bottleneck: BlockCost
    basic: BlockCost
    affordable_channels: int
    affordable: BlockCost


def basic_block_cost(channels: int, size: Pair) -> BlockCost:
    """Cost of two 3 x 3 convolutions (He et al. 2016, figure 5, left): params = 18 C^2.

    >>> basic_block_cost(64, (56, 56)).params
    73728
    """
    return stack_cost(channels, channels, size, (3, 3), bias=False)


def bottleneck_cost(channels: int, width: int, size: Pair, cardinality: int = 1) -> BlockCost:
    """Cost of 1 x 1, 3 x 3 and 1 x 1 convolutions over ``cardinality`` paths of ``width`` channels each.

        params = G (C d + 9 d^2 + d C)

    With one path that is ResNet's bottleneck (He et al. 2016, figure 5, right), with more ResNeXt's
    block (Xie et al. 2017, equation 4), whose middle is a convolution of G d channels in G groups.
    Raises ValueError for a number below 1.

    >>> bottleneck_cost(256, 64, (56, 56)).params, bottleneck_cost(256, 4, (56, 56), 32).params
    (69632, 70144)
    """
    for name, value in (
        ("channels", channels),
        ("width", width),
        ("cardinality", cardinality),
        ("size", min(size)),
    ):
        if value < 1:
            raise ValueError(f"A {name} of {value} is impossible: choose 1 or more.")
    params = _params(channels, width, cardinality)
    return BlockCost(
        params=params,
        macs=params * size[0] * size[1],
        layers=3,
        non_linearities=3,
        receptive_field=3,
        output=size,
    )


def compare_residual_blocks(channels: int, reduction: int, size: Pair) -> ResidualComparison:
    """A bottleneck of width C / ``reduction`` beside the basic blocks of as many channels and of as much cost.

    The affordable block has the whole number of channels at which 18 C^2 differs least from the
    bottleneck's parameters. Raises ValueError for a number below 1 and for a width that is not whole.

    >>> pair = compare_residual_blocks(256, 4, (56, 56))
    >>> pair.bottleneck.params, pair.basic.params, pair.affordable_channels, pair.affordable.params
    (69632, 1179648, 62, 69192)
    """
    if reduction < 1 or channels % reduction:
        raise ValueError(f"{channels} channels cannot be reduced {reduction} times: choose a divisor.")
    width = channels // reduction
    bottleneck = bottleneck_cost(channels, width, size)
    below = max(1, isqrt(bottleneck.params // 18))
    affordable = min(
        (below, below + 1), key=lambda count: abs(basic_block_cost(count, size).params - bottleneck.params)
    )
    return ResidualComparison(
        channels=channels,
        width=width,
        bottleneck=bottleneck,
        basic=basic_block_cost(channels, size),
        affordable_channels=affordable,
        affordable=basic_block_cost(affordable, size),
    )


def width_at_cardinality(channels: int, cardinality: int, budget: int) -> CardinalChoice:
    """The path width at which ``cardinality`` paths come closest to ``budget`` parameters.

    The whole d at which G (2 C d + 9 d^2) differs least from the budget. With ResNet-50's 69,632 and
    256 channels this gives the widths of table 2 of Xie et al. (2017): 64, 40, 24, 14 and 4 for a
    cardinality of 1, 2, 4, 8 and 32. Raises ValueError where a single channel a path costs more.

    >>> width_at_cardinality(256, 32, 69_632)
    CardinalChoice(cardinality=32, path_width=4, group_width=128, params=70144)
    """
    if cardinality < 1 or channels < 1:
        raise ValueError(
            f"{cardinality} paths over {channels} channels are impossible: choose 1 or more of each."
        )
    if _params(channels, 1, cardinality) > budget:
        raise ValueError(
            f"{cardinality} paths of one channel have {_params(channels, 1, cardinality):,} parameters, "
            f"more than {budget:,}: choose fewer paths."
        )
    width = 1
    while _params(channels, width + 1, cardinality) <= budget:
        width += 1
    above = _params(channels, width + 1, cardinality) - budget
    if above < budget - _params(channels, width, cardinality):
        width += 1
    return CardinalChoice(cardinality, width, cardinality * width, _params(channels, width, cardinality))


def widths_at_constant_cost(channels: int, budget: int) -> tuple[CardinalChoice, ...]:
    """:func:`width_at_cardinality` for 1, 2, 4, 8, ... paths, as long as a path can have a channel.

    Raises ValueError where not even one path can.

    >>> [choice.path_width for choice in widths_at_constant_cost(256, 69_632)]
    [64, 40, 24, 14, 8, 4, 2, 1]
    """
    choices = [width_at_cardinality(channels, 1, budget)]
    while _params(channels, 1, cardinality := 2 * choices[-1].cardinality) <= budget:
        choices.append(width_at_cardinality(channels, cardinality, budget))
    return tuple(choices)


def _params(channels: int, width: int, cardinality: int) -> int:
    return cardinality * (2 * channels * width + 9 * width**2)
