"""Reports as DataFrames: one topic a table, one row a line, numbers in columns that name their unit.

Shapes are text ("1x64x55x55"); pairs have a column for height and one for width. What is unknown
is missing (None or NaN), never 0. FLOPs are two for each MAC.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.records import GroupTotal, Report, Row

if TYPE_CHECKING:
    from analysis.reconciliation import Reconciliation, Witness


# Columns of whole numbers of which some may be missing: pandas would make them floating point.
_WHOLE = (
    *("channels", "height", "width", "macs", "flops"),
    *(
        f"{name}_{axis}"
        for name in ("receptive_field", "local_receptive_field", "effective_padding")
        for axis in "hw"
    ),
)


def layer_table(report: Report) -> pd.DataFrame:
    """One line for each operation, in the order in which they run.

    AlexNet's first line: name "features.0", output_shape "1x64x55x55", params 23296, macs 70276800.
    """
    return _whole_numbers(pd.DataFrame([_layer(row) for row in report.rows]), _WHOLE)


def module_table(report: Report, depth: int | None = None) -> pd.DataFrame:
    """One line for each module down to ``depth`` (None: all), with all that is below it; the network first."""
    chosen = [group for group in report.modules if depth is None or group.depth <= depth]
    return _group_table(chosen)


def stage_table(report: Report) -> pd.DataFrame:
    """One line for each stage: the rows that work at one map size ("56x56"), then the "head"."""
    return _group_table(report.stages)


def comparison_table(reports: Sequence[Report]) -> pd.DataFrame:
    """Totals side by side: a column for each report, and its ratio to the first.

    The column "quantity" names what a line holds, with its unit. Two reports of one name are told
    apart by their input ("resnet50 3x224x224"). Raises ValueError for an empty sequence.
    """
    if not reports:
        raise ValueError("There is nothing to compare: give at least one report.")
    names = _column_names(reports)
    columns = dict(zip(names, map(_totals, reports), strict=True))
    table = pd.DataFrame(
        {"quantity": list(columns[names[0]]), **{n: list(c.values()) for n, c in columns.items()}}
    )
    first = columns[names[0]]
    for name in names[1:]:
        table[f"{name} / {names[0]}"] = [_ratio(columns[name][key], first[key]) for key in first]
    return table


def reconciliation_table(reconciliation: Reconciliation) -> pd.DataFrame:
    """ConvScope's totals, then each witness and the parts in which it differs."""
    lines: list[dict[str, Any]] = []
    for quantity, amount in (("macs", reconciliation.macs), ("params", reconciliation.params)):
        witnesses = [witness for witness in reconciliation.witnesses if witness.quantity == quantity]
        lines.append(_line("ConvScope", quantity, amount, None, ""))
        for witness in witnesses:
            difference = None if witness.amount is None else witness.amount - amount
            lines.append(_line(witness.name, quantity, witness.amount, difference, _verdict(witness)))
            lines += [
                _line(f"{witness.name}: {part.operator}", quantity, None, part.amount, part.reason)
                for part in witness.differences
            ]
    return _whole_numbers(pd.DataFrame(lines), ("count", "difference"))


def shape_text(shape: Iterable[int]) -> str:
    """A shape as text: shape_text((1, 64, 55, 55)) == "1x64x55x55"."""
    return "x".join(map(str, shape))


def _whole_numbers(table: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    return table.astype({column: "Int64" for column in columns if column in table})


def _layer(row: Row) -> dict[str, Any]:
    return {
        "row": row.index,
        "name": row.name,
        "module": row.module_type,
        "operator": row.operator,
        "kind": row.kind.value,
        "attributes": ", ".join(f"{name} {_attribute(value)}" for name, value in row.attributes),
        "inputs": ", ".join(map(str, row.inputs)),
        "output_shape": shape_text(row.output_shape),
        "channels": row.channels,
        **_pair("", row.map_size, ("height", "width")),
        "stage": row.stage,
        "params": row.params,
        "trainable_params": row.trainable_params,
        "shared_params": row.shared_params,
        "buffers": row.buffers,
        "param_bytes": row.param_bytes,
        "macs": row.macs,
        "flops": row.flops,
        "activation_bytes": row.activation_bytes,
        "live_bytes": row.live_bytes,
        "arithmetic_intensity": row.arithmetic_intensity,
        **_pair("receptive_field", row.receptive_field),
        **_pair("local_receptive_field", row.local_receptive_field),
        "whole_input": row.whole_input,
        **_pair("effective_stride", row.effective_stride),
        **_pair("effective_padding", row.effective_padding),
        **_pair("aliasing_frequency", row.aliasing_frequency),
        **_pair("aliasing_frequency_image", row.aliasing_frequency_image),
        "status": row.status.value,
        "reason": row.reason,
    }


def _pair(name: str, pair: Sequence[Any] | None, suffixes: tuple[str, str] = ("h", "w")) -> dict[str, Any]:
    values = (None, None) if pair is None else pair
    prefix = f"{name}_" if name else ""
    return {f"{prefix}{suffix}": _number(value) for suffix, value in zip(suffixes, values, strict=True)}


def _number(value: Any) -> Any:
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    return value


def _attribute(value: Any) -> str:
    return "x".join(map(_attribute, value)) if isinstance(value, tuple) else str(value)


def _group_table(groups: Iterable[GroupTotal]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "name": group.name,
                "type": group.type,
                "depth": group.depth,
                "rows": group.rows,
                "params": group.params,
                "trainable_params": group.trainable_params,
                "buffers": group.buffers,
                "param_bytes": group.param_bytes,
                "macs": group.macs,
                "flops": 2 * group.macs,
                "activation_bytes": group.activation_bytes,
            }
            for group in groups
        ]
    )


def _column_names(reports: Sequence[Report]) -> list[str]:
    names = [report.name for report in reports]
    if len(set(names)) == len(names):
        return names
    return [f"{report.name} {' '.join(map(shape_text, report.input_shapes))}" for report in reports]


def _totals(report: Report) -> dict[str, Any]:
    totals = report.totals
    return {
        "params": totals.params,
        "trainable_params": totals.trainable_params,
        "unused_params": totals.unused_params,
        "buffers": totals.buffers,
        "param_bytes": totals.param_bytes,
        "macs": totals.macs,
        "flops": totals.flops,
        "activation_bytes": totals.activation_bytes,
        "saved_for_backward_bytes": totals.saved_for_backward_bytes,
        "peak_live_bytes": totals.peak_live_bytes,
        **_pair("receptive_field", totals.receptive_field),
        **_pair("local_receptive_field", totals.local_receptive_field),
        **_pair("effective_stride", totals.effective_stride),
        **_pair("effective_padding", totals.effective_padding),
        "rows": len(report.rows),
    }


def _ratio(value: Any, first: Any) -> float | None:
    return value / first if value is not None and first else None


def _verdict(witness: Witness) -> str:
    return witness.reason or ("agrees" if witness.agrees else "differs")


def _line(
    witness: str, quantity: str, count: int | None, difference: int | None, explanation: str
) -> dict[str, Any]:
    return {
        "witness": witness,
        "quantity": quantity,
        "count": count,
        "difference": difference,
        "explanation": explanation,
    }
