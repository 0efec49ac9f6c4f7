"""Every place where a network drops values of a map: by how much, with which window, and to which limit.

A row that subsamples by S keeps frequencies up to f* = 1 / (2 S) cycles per sample of the map that it reads,
or 1 / (2 J) cycles per pixel of the image, J the effective stride after it. Slices of one map belong
together: one over the rows and one over the columns are a subsampling of both, and slices that between
them take every value (the patch merging of Swin) drop nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from analysis.aliasing import Frequencies, limits
from analysis.records import Kind, Pair, Report, Row, Stride
from analysis.subsampling_low_pass import LowPass, low_pass
from analysis.subsampling_slices import joined_slices

_POOLINGS = frozenset({"max_pool2d", "max_pool2d_with_indices", "avg_pool2d"})


@dataclass(frozen=True, slots=True)
class Subsampling:
    """One place where values of a map are dropped.

    ``rows`` are the report's rows that do it (several for slices), ``source`` the row whose output they
    read (-1: the image). ``factor`` is S and ``phase`` the first value that is kept, (h, w);
    ``overlap`` is kernel / S. ``aliasing_frequency`` is f* in cycles per sample of the source's grid,
    ``aliasing_frequency_image`` in cycles per pixel (None where the units form no grid on the image:
    ``reason``); an axis that is not subsampled has None.
    """

    name: str
    rows: tuple[int, ...]
    source: int
    operator: str
    kernel: Pair | None
    factor: Stride
    phase: Pair
    overlap: tuple[float, float] | None
    aliasing_frequency: Frequencies
    aliasing_frequency_image: Frequencies | None
    effective_stride: Stride | None
    low_pass: LowPass
    reason: str = ""

    @property
    def pixels_per_sample(self) -> float | None:
        """Pixels of the image between two values of what is read; None where they form no grid: 4 after J = 4."""
        own, image = finest(self.aliasing_frequency), finest(self.aliasing_frequency_image)
        return own / image if own and image else None


def subsamplings(report: Report) -> tuple[Subsampling, ...]:
    """The subsamplings of a network, in the order in which they run.

    >>> [s.aliasing_frequency_image[1] for s in subsamplings(analyze(torchvision.models.alexnet(), (3, 224, 224)))]
    [0.125, 0.0625, 0.03125, 0.015625]
    """
    found = [_of_row(report, row) for row in report.rows if _subsamples(row)]
    slices = [entry for entry in found if entry.operator == "slice"]
    others = [entry for entry in found if entry.operator != "slice"]
    return tuple(sorted([*others, *joined_slices(report, slices)], key=lambda entry: entry.rows[-1]))


def subsampling_table(found: Iterable[Subsampling]) -> pd.DataFrame:
    """One line for each: name, operator, kernel, S, kernel / S, limits, period on the image, its low-pass.

    AlexNet's first: factor_h 4, aliasing_frequency_h 0.125, aliasing_frequency_image_h 0.125, period_px 8.
    """
    return pd.DataFrame(list(map(_line, found)))


def finest(pair: Frequencies | None) -> float | None:
    """The limit of the axis that is subsampled most: finest((0.125, None)) == 0.125."""
    return min((value for value in pair or () if value is not None), default=None)


def _subsamples(row: Row) -> bool:
    if row.aliasing_frequency is not None:
        return True
    lost = row.field is not None and row.effective_stride is None  # no grid to tell S from
    steps = _own_steps(row)
    return lost and row.map_size not in (None, (1, 1)) and steps is not None and max(steps) > 1


def _own_steps(row: Row) -> Pair | None:
    """The stride that a window states itself."""
    attributes = dict(row.attributes)
    if row.operator in _POOLINGS:
        stride: Pair | None = attributes.get("stride") or attributes.get("kernel")
        return stride
    if row.kind is Kind.CONVOLUTION and not attributes.get("transposed", row.operator.startswith("conv_t")):
        stride = attributes.get("stride")
        return stride
    return None


def _of_row(report: Report, row: Row) -> Subsampling:
    own = row.aliasing_frequency
    if own is None:
        steps = _own_steps(row) or (1, 1)
        factor: Stride = (Fraction(steps[0]), Fraction(steps[1]))
    else:
        factor = _factor(own)
    kernel = _kernel(row, factor)
    return Subsampling(
        name=row.name,
        rows=(row.index,),
        source=row.inputs[0],
        operator=row.operator,
        kernel=kernel,
        factor=factor,
        phase=_phase(report, row, factor),
        overlap=None if kernel is None else (float(kernel[0] / factor[0]), float(kernel[1] / factor[1])),
        aliasing_frequency=own or limits(factor),
        aliasing_frequency_image=row.aliasing_frequency_image,
        effective_stride=row.effective_stride,
        low_pass=low_pass(report, row, kernel, factor),
        reason="" if row.effective_stride is not None else row.reason,
    )


def _factor(frequencies: Frequencies) -> Stride:
    h, w = (
        Fraction(1) if limit is None else (1 / (2 * Fraction(limit))).limit_denominator(1000)
        for limit in frequencies
    )
    return h, w


def _kernel(row: Row, factor: Stride) -> Pair | None:
    if row.operator.startswith("adaptive_") and all(step.denominator == 1 for step in factor):
        return int(factor[0]), int(factor[1])
    kernel = dict(row.attributes).get("kernel")
    return (kernel[0], kernel[1]) if kernel and len(kernel) == 2 else None


def _phase(report: Report, row: Row, factor: Stride) -> Pair:
    """Where a slice begins, within one step."""
    if row.operator != "slice":
        return 0, 0
    start = int(report.trace.operations[row.index].arguments.get("start") or 0)
    h, w = (start % int(step) if step > 1 else 0 for step in factor)
    return h, w


def _line(entry: Subsampling) -> dict[str, object]:
    own, image = entry.aliasing_frequency, entry.aliasing_frequency_image or (None, None)
    kernel, overlap = entry.kernel or (None, None), entry.overlap or (None, None)
    coarsest = finest(entry.aliasing_frequency_image)
    return {
        "name": entry.name,
        "operator": entry.operator,
        "kernel_h": kernel[0],
        "kernel_w": kernel[1],
        "factor_h": float(entry.factor[0]),
        "factor_w": float(entry.factor[1]),
        "overlap_h": overlap[0],
        "overlap_w": overlap[1],
        "aliasing_frequency_h": own[0],
        "aliasing_frequency_w": own[1],
        "aliasing_frequency_image_h": image[0],
        "aliasing_frequency_image_w": image[1],
        "period_px": None if coarsest is None else 1 / coarsest,
        "low_pass": entry.low_pass.value,
        "verdict": entry.low_pass.verdict.value,
        "explanation": entry.low_pass.sentence,
        "reason": entry.reason,
    }
