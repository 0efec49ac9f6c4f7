"""The map that a subsampling row picks its values from: the same operation with stride 1.

A strided convolution computes at every S-th place what the same convolution with stride 1 computes everywhere; it is
this map, filtered by the kernel already, that is sampled, and its spectrum says what is aliased. The same holds
for the windows of a pooling. A slice picks from its input.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from analysis.feature_maps import RealCall
from analysis.records import Pair

# A map at stride 1 is S² times as large as what the network computes: beyond this a part of the channels is taken.
MOST_VALUES = 4_000_000
MOST_MACS = 4_000_000_000


@dataclass(frozen=True, slots=True, eq=False)
class DenseMap:
    """``values`` (channels taken, h, w) of a map with ``channels`` channels, evenly spaced ones where not all."""

    values: Tensor
    channels: int


def dense_map(call: RealCall, factor: Pair) -> DenseMap | None:
    """The map that a convolution or pooling with stride ``factor`` (h, w) samples; None for another operator.

    Every S-th value of it, from the first one on, is the row's output: of AlexNet's first convolution at
    224 x 224 it is 64 x 218 x 218, of which the layer computes 55 x 55.
    """
    rule = _RULES.get(call.operator)
    return None if rule is None else rule(call, factor)


def part_of(maps: Tensor) -> DenseMap:
    """A map (channels, h, w) as it is, or evenly spaced channels of a large one."""
    chosen = _evenly(len(maps), MOST_VALUES // max(1, maps.shape[1] * maps.shape[2]))
    return DenseMap(maps if len(chosen) == len(maps) else maps[chosen], len(maps))


def _convolution(call: RealCall, factor: Pair) -> DenseMap:
    get = call.arguments.get
    maps, weight, groups = call.first, call.arguments["weight"], get("groups", 1)
    channels, height, width = call.output.shape[1:]
    places = height * width * prod(factor)
    most = min(MOST_VALUES // places, MOST_MACS // (places * weight[0].numel()))
    each = channels // groups  # whole groups are taken, and of a single one a part of its outputs
    chosen = _evenly(channels, most) if groups == 1 else _evenly(groups, most // each)
    if groups > 1 and len(chosen) < groups:
        maps = _groups_of(maps, 1, groups, chosen)
        weight, groups = _groups_of(weight, 0, groups, chosen), len(chosen)
    elif len(chosen) < channels:
        weight = weight[chosen] if groups == 1 else weight
    values = functional.conv2d(maps, weight, None, 1, get("padding", 0), get("dilation", 1), groups)
    return DenseMap(values[0], channels)


def _pooling(pool: Callable[[Tensor, dict[str, Any]], Tensor]) -> Callable[[RealCall, Pair], DenseMap]:
    def rule(call: RealCall, factor: Pair) -> DenseMap:
        part = part_of(call.first.flatten(0, -3))
        return DenseMap(pool(part.values[None], call.arguments | {"factor": factor})[0], part.channels)

    return rule


def _maximum(maps: Tensor, arguments: dict[str, Any]) -> Tensor:
    get = arguments.get
    return functional.max_pool2d(
        maps, arguments["kernel_size"], 1, get("padding", 0), get("dilation", 1), False
    )


def _average(maps: Tensor, arguments: dict[str, Any]) -> Tensor:
    get = arguments.get
    return functional.avg_pool2d(
        maps,
        arguments["kernel_size"],
        1,
        get("padding", 0),
        False,
        get("count_include_pad", True),
        get("divisor_override"),
    )


def _adaptive_average(maps: Tensor, arguments: dict[str, Any]) -> Tensor:
    return functional.avg_pool2d(maps, arguments["factor"], 1)


def _evenly(count: int, most: int) -> Tensor:
    """At most ``most`` numbers below ``count``, but one at least, evenly spaced."""
    taken = max(1, min(count, most))
    return torch.arange(taken) * count // taken


def _groups_of(values: Tensor, dim: int, groups: int, chosen: Tensor) -> Tensor:
    """The chosen ones of ``groups`` equal parts of a tensor along a dimension."""
    return values.unflatten(dim, (groups, -1)).index_select(dim, chosen).flatten(dim, dim + 1)


_RULES: dict[str, Callable[[RealCall, Pair], DenseMap]] = {
    "conv2d": _convolution,
    "max_pool2d": _pooling(_maximum),
    "max_pool2d_with_indices": _pooling(_maximum),
    "avg_pool2d": _pooling(_average),
    "adaptive_avg_pool2d": _pooling(_adaptive_average),
}
