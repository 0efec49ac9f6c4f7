"""Which low-pass filter stands before a subsampling, or in it: what an operator's window can do by its shape alone."""

from __future__ import annotations

from enum import StrEnum

from analysis.records import Kind, Operation, Pair, Report, Row, Stride


class LowPass(StrEnum):
    """What damps frequencies above the limit before values are dropped; :attr:`sentence` explains it."""

    AVERAGE = "average window"
    FIXED = "fixed filter"
    ALL_PHASES = "all values kept"
    WIDE = "kernel wider than S"
    EQUAL = "kernel as wide as S"
    NARROW = "kernel narrower than S"
    MAXIMUM = "maximum"
    NONE = "none"
    UNKNOWN = "unknown"

    @property
    def sentence(self) -> str:
        """What this means, in one sentence."""
        return _SENTENCES[self]

    @property
    def verdict(self) -> Verdict:
        """The same in one word."""
        return _VERDICTS[self]


class Verdict(StrEnum):
    """Whether a low-pass is there whatever the weights are."""

    PRESENT = "present"
    LEARNABLE = "can be learned"
    NONLINEAR = "not linear"
    ABSENT = "none"
    NOT_NEEDED = "not needed"
    UNKNOWN = "unknown"


_SENTENCES = {
    LowPass.AVERAGE: "The mean over a window damps what is fine, though a box is a weak low-pass.",
    LowPass.FIXED: "A filter of fixed weights, such as BlurPool's binomial, damps what is fine.",
    LowPass.ALL_PHASES: "Every value goes on, in one of several maps: nothing is dropped, so nothing is aliased.",
    LowPass.WIDE: "Windows overlap, so training can make the kernel a low-pass; nothing demands it.",
    LowPass.EQUAL: "Windows lie side by side: the kernel can at best learn a mean over its own window.",
    LowPass.NARROW: "Values between the windows are never read: no weights make this kernel a low-pass.",
    LowPass.MAXIMUM: "A maximum is not linear and has no response to a frequency: what it leaves must be measured.",
    LowPass.NONE: "Values are picked, the others dropped, without a filter.",
    LowPass.UNKNOWN: "What this operator does to fine texture is not known here.",
}
_VERDICTS = {
    LowPass.AVERAGE: Verdict.PRESENT,
    LowPass.FIXED: Verdict.PRESENT,
    LowPass.ALL_PHASES: Verdict.NOT_NEEDED,
    LowPass.WIDE: Verdict.LEARNABLE,
    LowPass.EQUAL: Verdict.LEARNABLE,
    LowPass.NARROW: Verdict.ABSENT,
    LowPass.MAXIMUM: Verdict.NONLINEAR,
    LowPass.NONE: Verdict.ABSENT,
    LowPass.UNKNOWN: Verdict.UNKNOWN,
}
_AVERAGES = frozenset({"avg_pool2d", "adaptive_avg_pool2d"})
_MAXIMA = frozenset({"max_pool2d", "max_pool2d_with_indices", "adaptive_max_pool2d"})
_WIDENED = frozenset({"_upsample_bilinear2d_aa", "_upsample_bicubic2d_aa"})  # their window grows with S
_PICKING = frozenset({"slice", "upsample_nearest2d", "_upsample_nearest_exact2d"})
_PADDING = frozenset({"constant_pad_nd", "pad", "reflection_pad2d", "replication_pad2d"})


def low_pass(report: Report, row: Row, kernel: Pair | None, factor: Stride) -> LowPass:
    """The low-pass of a row that subsamples by ``factor`` (h, w) with a window of ``kernel`` values.

    A mean or a fixed filter that the row reads directly counts as well. ResNet-50's
    "layer2.0.downsample.0" (1 x 1, S = 2): LowPass.NARROW.
    """
    operation = report.trace.operations[row.index]
    if row.operator in _AVERAGES:
        return LowPass.AVERAGE
    if row.operator in _WIDENED or _is_fixed_filter(report, operation):
        return LowPass.FIXED
    before = _filter_before(report, row)
    if before is not None:
        return before
    if row.operator in _MAXIMA:
        return LowPass.MAXIMUM
    if row.operator == "pixel_unshuffle":
        return LowPass.ALL_PHASES
    if row.operator in _PICKING:
        return LowPass.NONE
    if row.kind is not Kind.CONVOLUTION or kernel is None or set(dict(row.attributes)["dilation"]) != {1}:
        return LowPass.UNKNOWN
    wider = [size - step for size, step in zip(kernel, factor, strict=True) if step > 1]
    if min(wider) > 0:
        return LowPass.WIDE
    return LowPass.EQUAL if min(wider) == 0 else LowPass.NARROW


def _filter_before(report: Report, row: Row) -> LowPass | None:
    """The mean or fixed filter at stride 1 whose output the row reads, padding aside."""
    source = row.inputs[0]
    while source >= 0 and report.rows[source].operator in _PADDING:
        source = report.rows[source].inputs[0]
    if source < 0:
        return None
    before = report.rows[source]
    if before.operator == "avg_pool2d" and max(dict(before.attributes)["kernel"]) > 1:
        return LowPass.AVERAGE if before.aliasing_frequency is None else None
    is_filter = _is_fixed_filter(report, report.trace.operations[source])
    return LowPass.FIXED if is_filter and before.aliasing_frequency is None else None


def _is_fixed_filter(report: Report, operation: Operation) -> bool:
    """A depthwise convolution whose weights are no parameter: BlurPool keeps its binomial in a buffer."""
    row = report.rows[operation.index]
    if row.operator != "conv2d" or max(dict(row.attributes)["kernel"]) == 1:
        return False
    is_depthwise = dict(row.attributes)["groups"] == row.input_shapes[0][1] == row.output_shape[1]
    return is_depthwise and all(report.trace.parameters[index].is_buffer for index in operation.parameters)
