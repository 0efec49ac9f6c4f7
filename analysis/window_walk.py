"""A network as a walk of its map's side from window to window, and the same walk from another size."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from analysis.window_arithmetic import output_size

if TYPE_CHECKING:
    from analysis.records import Report, Row

_WINDOWED = frozenset({"conv2d", "max_pool2d", "avg_pool2d"})


@dataclass(frozen=True, slots=True)
class WindowStep:
    """One convolution or pooling of a walk: its setting along one axis, and the side before and after it."""

    layer: str
    operator: str
    size: int
    kernel: int
    stride: int
    padding: int
    dilation: int
    ceil_mode: bool
    output_size: int


def window_walk(report: Report) -> tuple[WindowStep, ...]:
    """The convolutions and poolings of a traced chain in the order in which they run, along the height.

    The sizes are those of the trace. Adaptive pooling has no window of its own and is left out.
    AlexNet as its authors trained it (Krizhevsky et al. 2012, section 3.5) at 227 x 227:

    >>> walk = window_walk(analyze(models.build("alexnet_2012"), (3, 227, 227)))
    >>> [step.size for step in walk] + [walk[-1].output_size]
    [227, 55, 27, 27, 13, 13, 13, 13, 6]

    Raises ValueError naming the layer at which the network branches: there is no single walk then.
    """
    rows = [row for row in report.rows if row.operator in _WINDOWED]
    for earlier, row in pairwise(rows):
        if not _reads(report, row, earlier) or row.input_shapes[0][-2] != earlier.output_shape[-2]:
            raise ValueError(
                f"{report.name} has no single walk: {row.name} does not read the map that "
                f"{earlier.name} leaves. Choose a network without branches."
            )
    return tuple(map(_step, rows))


def walk_from(steps: Sequence[WindowStep], size: int) -> tuple[WindowStep, ...]:
    """The same layers on an input of ``size``: AlexNet's from 224 gives 54, 26, 26, 12, 12, 12, 12, 5.

    Raises ValueError naming the layer whose window does not fit any more.
    """
    walk = []
    for step in steps:
        try:
            after = output_size(
                size, step.kernel, step.stride, step.padding, step.dilation, ceil_mode=step.ceil_mode
            )
        except ValueError as error:
            raise ValueError(f"{step.layer}: {error}") from error
        walk.append(replace(step, size=size, output_size=after))
        size = after
    return tuple(walk)


def _step(row: Row) -> WindowStep:
    attributes = dict(row.attributes)
    kernel = attributes["kernel"][0]
    is_pooling = row.operator != "conv2d"
    return WindowStep(
        layer=row.name,
        operator=row.operator,
        size=row.input_shapes[0][-2],
        kernel=kernel,
        # A pooling whose stride is left open moves by its own kernel.
        stride=attributes.get("stride", (kernel if is_pooling else 1,))[0],
        padding=attributes.get("padding", (0,))[0],
        dilation=attributes.get("dilation", (1,))[0],
        ceil_mode=attributes.get("ceil_mode", False),
        output_size=row.output_shape[-2],
    )


def _reads(report: Report, row: Row, earlier: Row) -> bool:
    """Whether a way leads from the ``earlier`` row to ``row`` that passes no row before it."""
    reached = {row.index}
    for other in reversed(report.rows[earlier.index + 1 : row.index + 1]):
        if other.index in reached:
            reached.update(other.inputs)
    return earlier.index in reached
