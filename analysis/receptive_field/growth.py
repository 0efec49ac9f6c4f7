"""How the receptive field grows from layer to layer, and which layers gain no context at a given input size.

A layer whose input already sees as much as the whole image cannot look further. Richter, Byttner,
Krumnack, Wiedenroth, Schallner and Shenk (2021, (Input) Size Matters for CNN Classifiers) find that
such layers hardly improve a trained classifier and call them unproductive. Where paths meet, a
layer's input here sees the union of them; a network with shortcuts also carries smaller fields on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.records import Kind, Pair, Report, Row, Stride

# What makes a network deeper: it combines values of several places or channels.
LAYERS = frozenset({Kind.CONVOLUTION, Kind.POOLING, Kind.LINEAR, Kind.ATTENTION, Kind.RESAMPLING})
HEAD = "head"


@dataclass(frozen=True, slots=True)
class LayerField:
    """One layer before the head: the field of its units in pixels (height, width), and that of what it reads.

    ``depth`` counts the :data:`LAYERS` on the longest way from the image to it, itself included. ``field`` and
    ``before`` follow the local path, without gates and attention; ``before`` is (1, 1) for a layer that reads
    the image. ``whole_input`` says that every unit sees all of this input, gates and attention included.
    """

    row: int
    name: str
    kind: Kind
    depth: int
    field: Pair
    before: Pair
    stride: Stride | None
    padding: Pair | None
    map_size: Pair | None
    whole_input: bool
    params: int
    macs: int

    def gains_nothing(self, size: Pair) -> bool:
        """Whether what it reads already sees as far as an image (height, width) does."""
        return self.before[0] >= size[0] and self.before[1] >= size[1]

    def covers(self, size: Pair) -> bool:
        """Whether its own field is as large as an image (height, width); a border unit may still see less."""
        return self.field[0] >= size[0] and self.field[1] >= size[1]


@dataclass(frozen=True, slots=True)
class Unproductive:
    """The convolutions that gain no context, among all before the head, and their share of both costs (0 to 1)."""

    layers: tuple[LayerField, ...]
    convolutions: int
    macs_share: float
    params_share: float


def growth(report: Report) -> tuple[LayerField, ...]:
    """The layers of a network before its head, gates left out, in the order in which they run.

    AlexNet has 9 of them, 5 convolutions and 4 poolings, the adaptive one included; the field of the last
    is (195, 195).
    """
    depths = layer_depths(report.rows)
    return tuple(
        LayerField(
            row=row.index,
            name=row.name,
            kind=row.kind,
            depth=depths[row.index],
            field=row.local_receptive_field,
            before=_before(row, report.rows),
            stride=row.effective_stride,
            padding=row.effective_padding,
            map_size=row.map_size,
            whole_input=row.whole_input,
            params=row.params,
            macs=row.macs or 0,
        )
        for row in report.rows
        if row.kind in LAYERS and row.stage != HEAD and _spread(row) and row.local_receptive_field is not None
    )


def layer_depths(rows: Sequence[Row]) -> dict[int, int]:
    """For each row the number of :data:`LAYERS` on the longest way from the image to it, gates left out."""
    depths: dict[int, int] = {}
    for row in rows:
        reached = max((depths[source] for source in _sources(row, rows) if source >= 0), default=0)
        depths[row.index] = reached + (row.kind in LAYERS)
    return depths


def first_to_cover(layers: Iterable[LayerField], size: Pair) -> LayerField | None:
    """The first layer whose field is as large as an image (height, width); None if none is."""
    return next((layer for layer in layers if layer.covers(size)), None)


def unproductive(layers: Sequence[LayerField], size: Pair) -> Unproductive:
    """The convolutions that gain no context on an image (height, width).

    On CIFAR's 32 x 32 pixels these are 7 of VGG-16's 13: what conv3_3 reads already sees 32 pixels.
    """
    convolutions = [layer for layer in layers if layer.kind is Kind.CONVOLUTION]
    found = tuple(layer for layer in convolutions if layer.gains_nothing(size))
    return Unproductive(
        found,
        len(convolutions),
        _share(sum(layer.macs for layer in found), sum(layer.macs for layer in layers)),
        _share(sum(layer.params for layer in found), sum(layer.params for layer in layers)),
    )


def unproductive_by_size(layers: Sequence[LayerField], low: int, high: int) -> tuple[tuple[int, int], ...]:
    """At which sides of a square image the number of convolutions that gain no context changes, and to what.

    The first pair stands at ``low``; each number holds up to the next size, the last up to ``high``. ResNet-50's
    last change is to 0, at 428 pixels: what its last convolution reads sees 427.
    """
    befores = [min(layer.before) for layer in layers if layer.kind is Kind.CONVOLUTION]
    sizes = sorted({low, *(before + 1 for before in befores if low <= before < high)})
    return tuple((size, sum(before >= size for before in befores)) for size in sizes)


def growth_table(layers: Sequence[LayerField], size: Pair) -> pd.DataFrame:
    """One line for each layer: its place, its field and what it reads in pixels, its grid, what it gains, its cost.

    ``covers_input`` and ``gains_nothing`` hold for an image (height, width). What is unknown is missing.
    """
    return pd.DataFrame(
        {
            "row": layer.row,
            "name": layer.name,
            "kind": layer.kind.value,
            "depth": layer.depth,
            **_pair("map", layer.map_size),
            **_pair("receptive_field", layer.field),
            **_pair("field_before", layer.before),
            **_pair("effective_stride", None if layer.stride is None else tuple(map(float, layer.stride))),
            **_pair("effective_padding", layer.padding),
            "covers_input": layer.covers(size),
            "gains_nothing": layer.gains_nothing(size),
            "whole_input": layer.whole_input,
            "params": layer.params,
            "macs": layer.macs,
        }
        for layer in layers
    )


def _pair(name: str, pair: Sequence[float] | None) -> dict[str, float | None]:
    return dict(zip((f"{name}_h", f"{name}_w"), (None, None) if pair is None else pair, strict=True))


def _sources(row: Row, rows: Sequence[Row]) -> Sequence[int]:
    """The rows that a row reads (below 0: an input); for a map only those that are maps, not a gate's one value."""
    if not _spread(row):
        return row.inputs
    maps = [source for source in row.inputs if source < 0 or _spread(rows[source])]
    return maps or row.inputs


def _before(row: Row, rows: Sequence[Row]) -> Pair:
    seen = [(1, 1) if source < 0 else rows[source].local_receptive_field for source in _sources(row, rows)]
    known = [pair for pair in seen if pair is not None]
    return max((pair[0] for pair in known), default=1), max((pair[1] for pair in known), default=1)


def _spread(row: Row) -> bool:
    """Whether a row has units that see different places, or the one unit of a map that small."""
    field = row.local_field
    return field is not None and (field.h.dim is not None or field.h.lo.size > 1 or field.w.lo.size > 1)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
