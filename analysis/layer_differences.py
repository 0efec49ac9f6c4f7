"""Two networks layer by layer: which layers correspond, and in what they differ.

The layers of both are aligned in the order in which they run: only layers that do the same may
correspond, as many as possible, those with equal outputs and settings first (the alignment of
sequences by dynamic programming: Needleman and Wunsch 1970, without a penalty for gaps).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from analysis.records import Kind, Pair, Report, Row

QUANTITIES = ("output_shape", "params", "macs", "receptive_field", "settings")
_SAME_WORK, _SAME_SHAPE, _SAME_SETTINGS = 4, 2, 1


@dataclass(frozen=True, slots=True)
class Layer:
    """What a module without modules inside does, or one functional operation.

    ``what`` is its operator ("conv2d"), or the module's type where that runs several operators
    ("LocalResponseNorm"). ``output_shape`` is without the batch; ``macs`` is None where they are not known.
    ``settings`` are those of the operator, kernel and stride for example; reshapes have none.
    """

    name: str
    what: str
    output_shape: tuple[int, ...]
    params: int
    macs: int | None
    receptive_field: Pair | None
    settings: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class LayerPair:
    """Layers that correspond; None where only the other network has one."""

    first: Layer | None
    second: Layer | None

    @property
    def differs(self) -> tuple[str, ...]:
        """The :data:`QUANTITIES` in which the two differ; all of them where there is only one."""
        if self.first is None or self.second is None:
            return QUANTITIES
        return tuple(name for name in QUANTITIES if getattr(self.first, name) != getattr(self.second, name))


def layer_pairs(first: Report, second: Report) -> tuple[LayerPair, ...]:
    """Every layer of two networks, in order, beside the layer of the other that corresponds to it.

    AlexNet of 2012 beside torchvision's: ``pair.first.name, pair.second.name, pair.differs`` of the first
    pair are "conv1", "features.0" and ("output_shape", "params", "macs", "settings").
    """
    return _aligned(layers(first), layers(second))


def layers(report: Report) -> tuple[Layer, ...]:
    """The layers of a network in the order in which they run."""
    parents = {path.rpartition(".")[0] for path, _ in report.trace.modules if path}
    calls = [operation.call for operation in report.trace.operations]

    def place(row: Row) -> tuple[str, int]:
        """Rows of one call of a module without modules inside go together; every other row stands alone."""
        is_leaf = row.module_path not in parents
        return (row.module_path, calls[row.index]) if is_leaf else (row.name, -1 - row.index)

    return tuple(_layer(list(rows)) for _, rows in groupby(report.rows, place))


def _layer(rows: list[Row]) -> Layer:
    last = rows[-1]
    alone = len(rows) == 1
    known = [row.macs for row in rows if row.macs is not None]
    return Layer(
        name=last.name if alone else last.module_path,
        what=last.operator if alone else last.module_type,
        output_shape=last.output_shape[1:],
        params=sum(row.params for row in rows),
        macs=sum(known) if len(known) == len(rows) else None,
        receptive_field=last.receptive_field,
        settings=last.attributes if alone and last.kind is not Kind.RESHAPE else (),
    )


def _aligned(first: Sequence[Layer], second: Sequence[Layer]) -> tuple[LayerPair, ...]:
    best = [[0] * (len(second) + 1) for _ in range(len(first) + 1)]
    for i in reversed(range(len(first))):
        below, line = best[i + 1], best[i]
        for j in reversed(range(len(second))):
            line[j] = max(below[j], line[j + 1])
            score = _likeness(first[i], second[j])
            if score and below[j + 1] + score > line[j]:
                line[j] = below[j + 1] + score
    pairs = []
    i = j = 0
    while i < len(first) and j < len(second):
        score = _likeness(first[i], second[j])
        if score and best[i][j] == best[i + 1][j + 1] + score:
            pairs.append(LayerPair(first[i], second[j]))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            pairs.append(LayerPair(first[i], None))
            i += 1
        else:
            pairs.append(LayerPair(None, second[j]))
            j += 1
    pairs += [LayerPair(layer, None) for layer in first[i:]]
    pairs += [LayerPair(None, layer) for layer in second[j:]]
    return tuple(pairs)


def _likeness(first: Layer, second: Layer) -> int:
    if first.what != second.what:
        return 0
    same_shape = first.output_shape == second.output_shape
    same_settings = first.settings == second.settings
    return _SAME_WORK + _SAME_SHAPE * same_shape + _SAME_SETTINGS * same_settings
