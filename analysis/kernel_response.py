"""What frequencies the filters of a convolution let through, beside the limit of the subsampling that follows.

A filter of a convolution has one kernel for each input channel. Its response is |H(f)|², H the Fourier transform of
a kernel, added up over these channels: the gain of the filter's energy for inputs that are alike in all channels
and independent of each other. It is sampled at 128 x 128 frequencies, as the transform of kernels that zeros fill up
to that size; it is computed from their autocorrelations, which have the same transform and are small.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analysis.spectrum import Curve, Power, radial_average, share_above
from analysis.subsampling import subsamplings

if TYPE_CHECKING:
    from torch import nn

    from analysis.records import Report, Row

Kernels = NDArray[np.floating]
POINTS = 128
MOST_FILTERS = 256


@dataclass(frozen=True, slots=True, eq=False)
class KernelResponse:
    """Responses of a layer's filters, from ``kernels`` (measured filters, inputs, h, w) of ``filters`` in all.

    ``response`` (filters, 128, 128) is in the order of fftfreq, in cycles per sample of what the layer reads; its
    mean is the sum of the squared weights. ``shares`` is the part of each filter's response above the limit of a
    subsampling by ``factor`` (h, w), 0 to 1 (NaN for a filter of zeros).
    """

    kernels: Kernels
    filters: int
    factor: tuple[float, float]
    response: NDArray[np.float32]
    shares: NDArray[np.float64]

    @property
    def mean_response(self) -> Power:
        """Mean of the filters' responses, each divided by its own sum of squares: 1 everywhere if all are white."""
        energy = self.response.mean(axis=(1, 2), keepdims=True, dtype=np.float64)
        whole: Power = (self.response / np.where(energy > 0, energy, 1)).mean(axis=0)
        return whole

    @property
    def mean_share(self) -> float:
        """Mean of the filters' shares: 0.934 for AlexNet's first layer with random weights."""
        return float(np.nanmean(self.shares))

    @property
    def curve(self) -> Curve:
        """The mean response over the distance from frequency 0, in cycles per sample."""
        return radial_average(self.mean_response)

    @property
    def damping_filters(self) -> int:
        """How many filters let less than half of what white noise has above f* through."""
        return int((self.shares < self.white_share / 2).sum())

    @property
    def white_share(self) -> float:
        """The share that a flat response has, 1 - 1 / (S_h S_w): 0.9375 for S = 4."""
        return 1 - 1 / (self.factor[0] * self.factor[1])


def kernel_response(weight: Kernels, factor: tuple[float, float]) -> KernelResponse:
    """Responses of filters (outputs, inputs, h, w) beside the limit of a subsampling by ``factor``.

    Of more than 256 filters evenly spaced ones are taken. Raises ValueError for kernels of more than 64 values.

    >>> kernel_response(np.ones((1, 1, 1, 1)), (2, 2)).response[0, 0, :3]
    array([1., 1., 1.], dtype=float32)
    """
    filters, _, height, width = weight.shape
    if max(height, width) > POINTS // 2:
        raise ValueError(
            f"Kernels of {height} x {width} are too large: at most {POINTS // 2} x {POINTS // 2}."
        )
    taken = min(filters, MOST_FILTERS)
    kernels = weight[np.arange(taken) * filters // taken]
    response = np.stack([_response(kernel) for kernel in kernels])
    shares = [share_above(one, factor) for one in response]
    return KernelResponse(kernels, filters, factor, response, np.array(shares, dtype=np.float64))


def strided_layers(report: Report) -> tuple[Row, ...]:
    """The network's first convolution, and every later one that subsamples."""
    convolutions = [row for row in report.rows if row.operator == "conv2d" and _weight_name(report, row)]
    strided = {row for entry in subsamplings(report) for row in entry.rows}
    return tuple(row for row in convolutions if row is convolutions[0] or row.index in strided)


def limit_after(report: Report, row: Row) -> tuple[float, float] | None:
    """S (h, w) that a convolution's filters stand before: its own, or that of the next subsampling.

    None where no subsampling follows, or where its grid is not known. VGG-16's first layer: (2, 2), of the pooling.
    """
    for entry in subsamplings(report):
        if row.index in entry.rows:
            return float(entry.factor[0]), float(entry.factor[1])
        if entry.rows[0] > row.index and entry.effective_stride and row.effective_stride:
            h, w = (
                float(after / here)
                for after, here in zip(entry.effective_stride, row.effective_stride, strict=True)
            )
            return h, w
    return None


def kernels_of(report: Report, model: nn.Module, row: Row) -> Kernels:
    """The kernels (outputs, inputs, h, w) of a convolution of the report's network, as ``model`` holds them."""
    tensors = {**dict(model.named_parameters()), **dict(model.named_buffers())}
    kernels: Kernels = tensors[_weight_name(report, row)].detach().float().numpy()
    return kernels


def _weight_name(report: Report, row: Row) -> str:
    """The name of a convolution's four-dimensional weight; "" where it is made from others."""
    records = [report.trace.parameters[index] for index in report.trace.operations[row.index].parameters]
    return next((record.name for record in records if len(record.shape) == 4), "")


def _response(kernel: Kernels) -> NDArray[np.float32]:
    """|H|² (128, 128) of one filter (inputs, h, w), added up over its inputs."""
    height, width = kernel.shape[1:]
    size = (2 * height - 1, 2 * width - 1)
    correlation = np.fft.irfft2((np.abs(np.fft.rfft2(kernel, size)) ** 2).sum(axis=0), size)
    padded = np.zeros((POINTS, POINTS))
    rows, columns = np.arange(-height + 1, height), np.arange(-width + 1, width)
    padded[np.ix_(rows, columns)] = correlation[np.ix_(rows, columns)]
    found: NDArray[np.float32] = np.maximum(np.fft.fft2(padded).real, 0).astype(np.float32)
    return found
