"""The numbers that describe one convolution of a traced network, as the formulas take them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.records import Pair

if TYPE_CHECKING:
    from analysis.records import Report


@dataclass(frozen=True, slots=True)
class ConvolutionSetting:
    """A convolution with a square kernel: ``channels`` maps of ``size`` (h, w) in, ``out_channels`` out."""

    layer: str
    channels: int
    size: Pair
    out_channels: int
    kernel: int
    stride: int
    padding: int
    groups: int


def convolution_setting(report: Report, layer: str) -> ConvolutionSetting:
    """The setting of a report's row ``layer``, from its shapes and attributes.

    >>> convolution_setting(analyze(models.build("lenet5"), (1, 32, 32)), "c1")
    ConvolutionSetting(layer='c1', channels=1, size=(32, 32), out_channels=6, kernel=5, stride=1, padding=0, groups=1)

    Raises ValueError where the report has no such convolution, or one that differs by axis or is
    dilated, which the formulas do not cover.
    """
    row = next((row for row in report.rows if row.name == layer and row.operator == "conv2d"), None)
    if row is None:
        raise ValueError(f"{report.name} has no convolution {layer!r}: choose one of its rows.")
    attributes = dict(row.attributes)
    kernel, stride, padding = (attributes[name] for name in ("kernel", "stride", "padding"))
    if {len(set(pair)) for pair in (kernel, stride, padding)} != {1} or attributes["dilation"] != (1, 1):
        raise ValueError(
            f"{layer} of {report.name} is dilated or not the same along height and width: choose another layer."
        )
    _, channels, height, width = row.input_shapes[0]
    return ConvolutionSetting(
        layer=layer,
        channels=channels,
        size=(height, width),
        out_channels=row.output_shape[1],
        kernel=kernel[0],
        stride=stride[0],
        padding=padding[0],
        groups=attributes["groups"],
    )
