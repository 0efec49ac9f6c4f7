"""What Compare shows, from the cached reports: architectures for the charts, headlines, differences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from charts import format as fmt
from models import ModelCard
from ui import cache, messages

if TYPE_CHECKING:
    from analysis.records import Report, Totals

LABELS = {
    "params": "Parameters",
    "trainable_params": "Trainable parameters",
    "unused_params": "Parameters that inference does not read",
    "buffers": "Buffers (elements)",
    "param_bytes": "Bytes of parameters",
    "macs": "MACs",
    "flops": "FLOPs (2 x MACs)",
    "activation_bytes": "Bytes of activations written",
    "saved_for_backward_bytes": "Bytes kept for the backward pass",
    "peak_live_bytes": "Peak bytes of live activations",
    "receptive_field_h": "Receptive field, height (pixels)",
    "receptive_field_w": "Receptive field, width (pixels)",
    "local_receptive_field_h": "Receptive field along the local path, height (pixels)",
    "local_receptive_field_w": "Receptive field along the local path, width (pixels)",
    "effective_stride_h": "Total stride, height (pixels)",
    "effective_stride_w": "Total stride, width (pixels)",
    "effective_padding_h": "Effective padding, height (pixels)",
    "effective_padding_w": "Effective padding, width (pixels)",
    "rows": "Operations",
}

# One for each chart of the page, in its order.
CAPTIONS = (
    "Height of the maps that each layer works at, up to the head.",
    "The widest map so far at each resolution, gates left out.",
    "Along the local path: global gates and attention, which see the whole image, are left out.",
    "Distinct parameters, each counted where it is first read.",
    "Multiply-accumulates of convolutions, linear layers and attention; a FLOP count is twice that.",
    "Stages aligned by the part of the input's resolution that is left; the head has no map.",
    "The same stages, by the parameters of their layers.",
    "Activations that inference holds while a layer runs, one image, 32 bits a value.",
)


@dataclass(frozen=True, slots=True)
class Compared:
    """One model of the comparison at its input size, analysed."""

    card: ModelCard
    size: int
    report: Report


@dataclass(frozen=True, slots=True)
class Line:
    """One headline of one model: "4.09 GMACs", its ratio to the first model and whether it is the best."""

    text: str
    ratio: str
    best: bool


def analysed(cards: Sequence[ModelCard], sizes: Sequence[int]) -> list[Compared]:
    """The models that can run at their sizes; each of the others leaves its sentence on the page."""
    found = []
    for card, size in zip(cards, sizes, strict=True):
        try:
            found.append(Compared(card, size, cache.report(card.name, size)))
        except ValueError as error:
            messages.show_error(error, f"{card.title} cannot be shown.")
    return found


def key_of(compared: Sequence[Compared]) -> cache.NamesAndSizes:
    """The names and sizes by which the comparison's tables and charts are cached."""
    return tuple((entry.card.name, entry.size) for entry in compared)


def headlines(compared: Sequence[Compared], unit: str) -> list[list[Line]]:
    """For each model its lines: cost, parameters, peak memory, published accuracy; then what is no contest."""
    cost = "flops" if unit == "flops" else "macs"
    short_cost = "FLOPs" if unit == "flops" else "MACs"
    columns = [
        _contest(
            compared, lambda totals: int(getattr(totals, cost)), lambda value: fmt.short(value, short_cost)
        ),
        _contest(compared, lambda totals: totals.params, lambda value: f"{fmt.short(value)} parameters"),
        _contest(
            compared,
            lambda totals: totals.peak_live_bytes,
            lambda value: f"{fmt.bytes_text(value)} peak memory",
        ),
        _accuracy(compared),
        [Line(f"sees {_field(entry.report.totals)}", "", False) for entry in compared],
        [
            Line(f"stride {fmt.pair_text(entry.report.totals.effective_stride)}", "", False)
            for entry in compared
        ],
    ]
    return [list(lines) for lines in zip(*columns, strict=True)]


def difference_tables(compared: Sequence[Compared]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The table of differences as numbers, for CSV, and as text, for reading; ratios are to the first model."""
    table = cache.comparison_table(key_of(compared))
    numbers = table.convert_dtypes()  # a column with one unknown holds floats: counts are whole numbers
    text = pd.DataFrame({"Quantity": numbers["quantity"].map(lambda name: LABELS.get(name, name))})
    titles = {entry.card.name: entry.card.title for entry in compared}
    for column in numbers.columns[1:]:
        name, _, first = column.partition(" / ")
        label = f"{titles[name]} / {titles[first]}" if first else titles[name]
        text[label] = [_cell(value, is_ratio=bool(first)) for value in numbers[column]]
    return numbers, text


def _contest(
    compared: Sequence[Compared], value_of: Callable[[Totals], int], text: Callable[[int], str]
) -> list[Line]:
    values = [value_of(entry.report.totals) for entry in compared]
    return [
        Line(
            text(value),
            fmt.ratio_text(value / values[0]) if values[0] and index else "",
            value == min(values) < max(values),
        )
        for index, value in enumerate(values)
    ]


def _accuracy(compared: Sequence[Compared]) -> list[Line]:
    known = [entry.card.top1 for entry in compared if entry.card.top1 is not None]
    lines = []
    for entry in compared:
        top1 = entry.card.top1
        if top1 is None:
            lines.append(Line("top-1 not published", "", False))
        else:
            at = f"at {entry.card.input_shape[-1]} px"
            lines.append(Line(f"{top1:.1f} % top-1 {at}", "", top1 == max(known) > min(known)))
    return lines


def _field(totals: Totals) -> str:
    field, local = totals.receptive_field, totals.local_receptive_field
    everything = ", all of the input" if totals.whole_input else ""
    if local is None or local == field:
        return f"{fmt.pair_text(field)} px{everything}"
    return f"{fmt.pair_text(local)} px locally{everything}"


def _cell(value: float | None, *, is_ratio: bool) -> str:
    if value is None or pd.isna(value):
        return ""
    if is_ratio:
        return fmt.ratio_text(value)
    return fmt.exact(int(value)) if value == int(value) else f"{value:,.3f}"
