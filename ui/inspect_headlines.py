"""The five numbers at the head of the Inspect page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from charts.format import bytes_text, exact, pair_text, short
from ui.headlines import Headline

if TYPE_CHECKING:
    from analysis.records import Report


def headlines(report: Report) -> tuple[Headline, ...]:
    """Parameters, MACs, peak activation memory, receptive field, total stride; exact digits in the detail."""
    totals = report.totals
    at_least = "" if totals.macs_status.value == "exact" else "at least "
    unused = f", {exact(totals.unused_params)} of them unused" if totals.unused_params else ""
    return (
        Headline(
            "Parameters",
            short(totals.params),
            f"{exact(totals.params)}{unused}",
            f"Distinct weights, {bytes_text(totals.param_bytes)} as stored. A tied weight counts once; unused are "
            "those that no operation reads, such as the auxiliary heads of GoogLeNet, which serve training only.",
        ),
        Headline(
            "MACs",
            at_least + short(totals.macs),
            f"{exact(totals.macs)} for one image",
            "Multiply-accumulates of convolutions, linear layers and attention, without biases. "
            f"FLOPs are twice that: {exact(totals.flops)}. {totals.macs_reason}",
        ),
        Headline(
            "Peak memory",
            bytes_text(totals.peak_live_bytes),
            f"in {_row_name(report, totals.peak_row)}",
            "The most bytes of activations (feature maps, the input included) that are alive at once while "
            "one image passes in evaluation mode. "
            f"For the backward pass {bytes_text(totals.saved_for_backward_bytes)} must be kept.",
        ),
        Headline(
            "Receptive field",
            _field(report),
            _coverage(report),
            "Pixels that one unit of the last feature map depends on, on an unbounded input. Gates and attention see "
            "the whole input; the local path leaves them out.",
        ),
        Headline(
            "Total stride",
            pair_text(totals.effective_stride),
            "pixels from one unit to the next",
            "Effective stride of the last feature map: the product of all strides on the way to it.",
        ),
    )


def _row_name(report: Report, row: int) -> str:
    return "the input" if row < 0 else report.rows[row].name


def _field(report: Report) -> str:
    totals = report.totals
    beyond_gates = totals.receptive_field != totals.local_receptive_field
    return "whole input" if beyond_gates and totals.whole_input else pair_text(totals.receptive_field)


def _coverage(report: Report) -> str:
    totals = report.totals
    side = report.input_shapes[0][-1]
    if totals.local_receptive_field is None:
        return f"input {side} x {side}"
    local = totals.local_receptive_field[1]
    share = f"{local / side:.2f} x the input's {side}"
    return share if totals.receptive_field == totals.local_receptive_field else f"local path {local}, {share}"
