"""Reports as a JSON document with a versioned schema (docs/report.schema.json describes every field)."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import torch

from analysis.records import Report, Row

if TYPE_CHECKING:
    from analysis.reconciliation import Reconciliation

SCHEMA = "convscope.report/1"


def document(
    reports: Sequence[Report],
    reconciliations: Sequence[Reconciliation] | None = None,
    depth: int | None = None,
) -> dict[str, Any]:
    """All reports in one JSON-ready dict, with the versions and the time at which it was made.

    Pairs are [height, width]; what is unknown is null. ``depth`` leaves out modules that lie deeper.
    document([report])["reports"][0]["totals"]["macs"] == 4089184256 for ResNet-50 at 3 x 224 x 224.
    """
    entries = [_report(report, depth) for report in reports]
    for entry, reconciliation in zip(entries, reconciliations or (), strict=False):
        entry["reconciliation"] = _plain(asdict(reconciliation))
    return {
        "schema": SCHEMA,
        "created": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {"python": platform.python_version(), "torch": torch.__version__},
        "reports": entries,
    }


def _report(report: Report, depth: int | None) -> dict[str, Any]:
    totals = _plain(asdict(report.totals))
    return {
        "name": report.name,
        "input_shapes": _plain(report.input_shapes),
        "totals": {**totals, "flops": report.totals.flops},
        "layers": [_layer(row) for row in report.rows],
        "modules": [
            _plain(asdict(group)) for group in report.modules if depth is None or group.depth <= depth
        ],
        "stages": [_plain(asdict(group)) for group in report.stages],
        "unused": [_plain(asdict(record)) for record in report.unused],
        "notes": list(report.notes),
    }


def _layer(row: Row) -> dict[str, Any]:
    fields = {
        name: _plain(getattr(row, name))
        for name in Row.__dataclass_fields__
        if name not in ("field", "local_field", "attributes")
    }
    return {
        **fields,
        "flops": row.flops,
        "attributes": {name: _plain(value) for name, value in row.attributes},
    }


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, Fraction):
        return value.numerator if value.denominator == 1 else float(value)
    if value is None or isinstance(value, (str, int, float)):
        return value
    return str(value)
