"""Every count beside its witnesses, and what each difference consists of.

Four counts of the multiply-accumulates of one network: ConvScope's, fvcore's, PyTorch's and the
published one. A witness *agrees* when its total, less the operators that it counts by another
convention, is ConvScope's total to the last digit (the published one: to its last digit).
"""

from __future__ import annotations

from dataclasses import dataclass

from torch import nn

from analysis.records import Report
from analysis.witness_fvcore import fvcore_counts
from analysis.witness_pytorch import pytorch_flops

# How fvcore counts what ConvScope counts otherwise, by ATen operator (fvcore/nn/jit_handles.py).
_FVCORE_REASONS = {
    "batch_norm": "fvcore counts two for each value: scale and shift",
    "layer_norm": "fvcore estimates five for each value",
    "group_norm": "fvcore estimates five for each value",
    "instance_norm": "fvcore estimates five for each value",
    "adaptive_avg_pool2d": "fvcore counts one for each input value",
    "upsample_nearest2d": "fvcore counts one for each output value",
    "upsample_bilinear2d": "fvcore counts four for each output value",
    "scaled_dot_product_attention": "fvcore has no formula for it and counts none",
    "einsum": "fvcore takes the figure that numpy.einsum_path prints, four digits long",
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One operator that a witness counts otherwise: ``amount`` is its count minus ConvScope's."""

    operator: str
    rows: int
    amount: int
    reason: str


@dataclass(frozen=True, slots=True)
class Witness:
    """What another source says of one quantity ("macs" or "params").

    ``amount`` is its own total, ``differences`` what that total holds beside ConvScope's or leaves
    out; ``agrees`` that nothing is left unexplained. ``tolerance`` is the rounding of a published
    figure, 0 for a count. ``reason`` explains an ``amount`` of None.
    """

    name: str
    quantity: str
    amount: int | None
    differences: tuple[Difference, ...]
    agrees: bool
    tolerance: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """ConvScope's totals and the witnesses to them."""

    macs: int
    params: int
    unused_params: int
    unused_modules: tuple[str, ...]
    witnesses: tuple[Witness, ...]


def reconcile(
    report: Report,
    model: nn.Module,
    *,
    published_gmacs: float | None = None,
    published_params: int | None = None,
) -> Reconciliation:
    """Set a report beside fvcore, PyTorch's FLOP counter and the published figures.

    ``model`` is the module that the report is of; it is copied and run once more on the meta
    device, for PyTorch's counter. ResNet-50: fvcore's 4,111,512,576 less batch normalisation
    (22,227,968) and adaptive pooling (100,352) is 4,089,184,256, ConvScope's count and PyTorch's.
    """
    witnesses = [_fvcore(report), _pytorch(report, model)]
    unused_modules = tuple(dict.fromkeys(record.name.partition(".")[0] for record in report.unused))
    if published_gmacs is not None:
        amount = round(published_gmacs * 1e9)
        tolerance = max(10**6, amount // 1000)
        agrees = abs(amount - report.totals.macs) <= tolerance
        witnesses.append(Witness("published", "macs", amount, (), agrees, tolerance))
    if published_params is not None:
        witnesses.append(_published_params(report, published_params, unused_modules))
    return Reconciliation(
        macs=report.totals.macs,
        params=report.totals.params,
        unused_params=report.totals.unused_params,
        unused_modules=unused_modules,
        witnesses=tuple(witnesses),
    )


def _fvcore(report: Report) -> Witness:
    differing: dict[str, list[int]] = {}
    total = 0
    for row, count in zip(report.rows, fvcore_counts(report.trace), strict=True):
        total += count or 0
        if (count or 0) != (row.macs or 0):
            differing.setdefault(row.operator, []).append((count or 0) - (row.macs or 0))
    differences = tuple(
        Difference(
            operator, len(amounts), sum(amounts), _FVCORE_REASONS.get(operator, "the reason is not known")
        )
        for operator, amounts in differing.items()
    )
    return Witness("fvcore", "macs", total, differences, agrees=differing.keys() <= _FVCORE_REASONS.keys())


def _pytorch(report: Report, model: nn.Module) -> Witness:
    name = "torch.utils.flop_counter"
    try:
        counts = pytorch_flops(model, report.input_shapes)
    except (NotImplementedError, RuntimeError, TypeError) as error:
        first_line = (str(error) or type(error).__name__).splitlines()[0]
        return Witness(name, "macs", None, (), False, reason=f"PyTorch's counter failed: {first_line}")
    flops = sum(counts.values())
    agrees = flops == report.totals.flops
    reason = (
        "" if agrees else f"PyTorch has formulas for {', '.join(sorted(counts))} in this network and no other"
    )
    return Witness(name, "macs", flops // 2, (), agrees, reason=reason)


def _published_params(report: Report, published: int, unused_modules: tuple[str, ...]) -> Witness:
    totals = report.totals
    differences: tuple[Difference, ...] = ()
    if totals.unused_params and published == totals.params - totals.unused_params:
        heads = ", ".join(unused_modules)
        reason = "the published figure leaves out heads that serve training only"
        differences = (Difference(heads, 0, -totals.unused_params, reason),)
    agrees = published == totals.params + sum(difference.amount for difference in differences)
    return Witness("published", "params", published, differences, agrees)
