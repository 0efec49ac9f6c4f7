"""What the command line prints: reports as a terminal table, Markdown, CSV or JSON."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd
from tabulate import tabulate
from torch import nn

from analysis.json_document import document
from analysis.records import Report, Status, Totals
from analysis.tables import comparison_table, layer_table, module_table, reconciliation_table, shape_text

if TYPE_CHECKING:
    from analysis.reconciliation import Reconciliation

FORMATS = ("table", "json", "csv", "markdown")
_STYLES = {"table": "simple", "markdown": "github"}
_LAYER_COLUMNS = (
    "name", "operator", "output_shape", "params", "macs", "activation_bytes", "receptive_field", "stride", "status",
)  # fmt: skip
_MODULE_COLUMNS = ("name", "type", "rows", "params", "macs", "activation_bytes")


@dataclass(frozen=True, slots=True)
class Analysed:
    """A report with the model that it is of and, for a model of the zoo, the published figures."""

    report: Report
    model: nn.Module
    published_gmacs: float | None = None
    published_params: int | None = None

    def reconciliation(self) -> Reconciliation:
        """Its counts beside those of fvcore, PyTorch and the publisher."""
        from analysis.reconciliation import reconcile  # fvcore takes a while to import

        return reconcile(
            self.report,
            self.model,
            published_gmacs=self.published_gmacs,
            published_params=self.published_params,
        )


def output_text(analysed: Sequence[Analysed], style: str, depth: int | None, witnesses: bool) -> str:
    """The text to print: layers (or modules to ``depth``) of one model, or several models compared."""
    reports = [item.report for item in analysed]
    if witnesses and style == "csv":
        raise ValueError("--format csv holds one table: leave --witnesses out, or choose json")
    reconciliations = [item.reconciliation() for item in analysed] if witnesses else None
    if style == "json":
        return json.dumps(document(reports, reconciliations, depth), indent=2, allow_nan=False)
    several = len(reports) > 1
    parts = [table_text(comparison_table(reports), style)] if several else _one(reports[0], style, depth)
    for report, reconciliation in zip(reports, reconciliations or (), strict=False):
        named = reconciliation_table(reconciliation)
        if several:
            named.insert(0, "model", report.name)
        parts.append(table_text(named, style))
    return "\n\n".join(parts)


def table_text(table: pd.DataFrame, style: str) -> str:
    """A DataFrame as text in one of :data:`FORMATS`; numbers stay exact, what is unknown stays empty."""
    if style == "csv":
        return table.to_csv(index=False).rstrip("\n")
    records = [[_plain(value) for value in line] for line in table.itertuples(index=False)]
    if style == "json":
        return json.dumps([dict(zip(table.columns, line, strict=True)) for line in records], indent=2)
    cells = [[_cell(value) for value in line] for line in records]
    numeric = [any(isinstance(line[i], (int, float)) for line in records) for i in range(table.shape[1])]
    return tabulate(
        cells, headers=list(table.columns), tablefmt=_STYLES[style], disable_numparse=True,
        colalign=["right" if number else "left" for number in numeric] if cells else None,
    )  # fmt: skip


def _one(report: Report, style: str, depth: int | None) -> list[str]:
    table = layer_table(report) if depth is None else module_table(report, depth)
    if style == "csv":
        return [table_text(table, style)]
    chosen = _with_pairs(table)[list(_LAYER_COLUMNS)] if depth is None else table[list(_MODULE_COLUMNS)]
    inexact = {row.reason for row in report.rows if row.status is not Status.EXACT}
    notes = [f"Not exact: {reason}." for reason in sorted(inexact)] + list(report.notes)
    return [_summary(report), table_text(chosen, style), *notes]


def _with_pairs(table: pd.DataFrame) -> pd.DataFrame:
    """The layer table with height and width of a field and a stride in one column, for reading."""
    both = {
        "receptive_field": ("receptive_field_h", "receptive_field_w"),
        "stride": ("effective_stride_h", "effective_stride_w"),
    }
    joined = {
        name: [
            "" if pd.isna(h) else f"{h:g}x{w:g}"
            for h, w in zip(table[columns[0]], table[columns[1]], strict=True)
        ]
        for name, columns in both.items()
    }
    joined["receptive_field"] = [
        "whole input" if whole else field
        for whole, field in zip(table["whole_input"], joined["receptive_field"], strict=True)
    ]
    return table.assign(**joined)


def _summary(report: Report) -> str:
    totals = report.totals
    inputs = " and ".join(map(shape_text, report.input_shapes))
    bound = "" if totals.macs_status is Status.EXACT else f", a lower bound: {totals.macs_reason}"
    peak, kept = f"{totals.peak_live_bytes:,}", f"{totals.saved_for_backward_bytes:,}"
    grid = f"effective stride {_pair(totals.effective_stride)}, effective padding {_pair(totals.effective_padding)}"
    lines = [
        f"{report.name} at {inputs}: {totals.params:,} parameters, "
        f"{totals.macs:,} MACs ({totals.flops:,} FLOPs){bound}",
        f"activation memory: peak {peak} bytes at {_peak_row(report)}, {kept} bytes kept for a backward pass",
        f"receptive field {_field(totals)}, {grid}",
    ]
    if totals.unused_params:
        lines.append(f"{totals.unused_params:,} of the parameters are not used by this forward pass")
    return "\n".join(lines)


def _peak_row(report: Report) -> str:
    return report.rows[report.totals.peak_row].name if report.totals.peak_row >= 0 else "the input"


def _field(totals: Totals) -> str:
    strict = "the whole input" if totals.whole_input else _pair(totals.receptive_field)
    if totals.local_receptive_field == totals.receptive_field:
        return strict
    return f"{strict} ({_pair(totals.local_receptive_field)} without global gates and attention)"


def _pair(pair: Iterable[Any] | None) -> str:
    return "unknown" if pair is None else " x ".join(map(str, pair))


def _plain(value: Any) -> Any:
    """A cell of a DataFrame as a plain Python value; what is missing as None."""
    if pd.isna(value):
        return None
    return value.item() if hasattr(value, "item") else value


def _cell(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}" if abs(value) >= 10_000 else str(value)
    if isinstance(value, float):
        return f"{value:,.0f}" if value.is_integer() and abs(value) < 1e15 else f"{value:.4g}"
    return str(value)
