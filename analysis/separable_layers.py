"""The depthwise separable convolutions of a traced network, each beside the full convolution that it replaces.

A separable convolution is a depthwise one (a group for each channel) and the 1 x 1 convolution that
alone reads it, with nothing but normalisation and activation between them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from analysis.records import Kind, Pair, Report, Row

_BETWEEN = (Kind.NORMALISATION, Kind.ACTIVATION)


@dataclass(frozen=True, slots=True)
class SeparableLayer:
    """One pair of layers by the names of their rows; ``depthwise_*`` and ``pointwise_*`` are as traced.

    ``full_params`` and ``full_macs`` are of one convolution of the same kernel, stride and channels
    without bias. ``depthwise_intensity`` and ``pointwise_intensity`` are FLOPs for each byte that the
    row reads or writes. ``size`` is the output's (h, w).
    """

    depthwise: str
    pointwise: str
    channels: int
    out_channels: int
    kernel: Pair
    stride: Pair
    size: Pair
    depthwise_params: int
    pointwise_params: int
    depthwise_macs: int
    pointwise_macs: int
    full_params: int
    full_macs: int
    depthwise_intensity: float | None
    pointwise_intensity: float | None

    @property
    def share(self) -> float:
        """The pair's MACs as a part of the full convolution's: 1 / M + 1 / k^2."""
        return (self.depthwise_macs + self.pointwise_macs) / self.full_macs


def separable_layers(report: Report) -> tuple[SeparableLayer, ...]:
    """Find the pairs in the order in which they run; none where a network has none.

    >>> layers = separable_layers(analyze(models.build("mobilenet_v1"), (3, 224, 224)))
    >>> len(layers), layers[6].channels, layers[6].out_channels, layers[6].pointwise_macs, layers[6].full_macs
    (13, 512, 512, 51380224, 462422016)
    """
    readers: dict[int, list[Row]] = {}
    for row in report.rows:
        for index in row.inputs:
            readers.setdefault(index, []).append(row)
    pairs = []
    for row in report.rows:
        reader = _sole_reader(row, readers) if _is_depthwise(row) else None
        if reader is not None and _is_pointwise(reader):
            pairs.append(_layer(row, reader))
    return tuple(pairs)


def _sole_reader(row: Row, readers: dict[int, list[Row]]) -> Row | None:
    """The row that alone reads what a row writes, normalisations and activations on the way skipped."""
    while len(reading := readers.get(row.index, [])) == 1:
        row = reading[0]
        if row.kind not in _BETWEEN:
            return row
    return None


def _is_depthwise(row: Row) -> bool:
    groups = dict(row.attributes).get("groups", 1)
    return row.operator == "conv2d" and row.channels == groups == row.input_shapes[0][1] > 1


def _is_pointwise(row: Row) -> bool:
    attributes = dict(row.attributes)
    kernel, stride, groups = (attributes.get(name) for name in ("kernel", "stride", "groups"))
    return row.operator == "conv2d" and kernel == (1, 1) and stride == (1, 1) and groups == 1


def _layer(depthwise: Row, pointwise: Row) -> SeparableLayer:
    attributes = dict(depthwise.attributes)
    kernel: Pair = attributes["kernel"]
    channels, (out_channels, *size) = depthwise.output_shape[1], pointwise.output_shape[1:]
    full = kernel[0] * kernel[1] * channels * out_channels
    return SeparableLayer(
        depthwise=depthwise.name,
        pointwise=pointwise.name,
        channels=channels,
        out_channels=out_channels,
        kernel=kernel,
        stride=attributes["stride"],
        size=(size[0], size[1]),
        depthwise_params=depthwise.params,
        pointwise_params=pointwise.params,
        depthwise_macs=cast(int, depthwise.macs),
        pointwise_macs=cast(int, pointwise.macs),
        full_params=full,
        full_macs=full * size[0] * size[1],
        depthwise_intensity=depthwise.arithmetic_intensity,
        pointwise_intensity=pointwise.arithmetic_intensity,
    )
