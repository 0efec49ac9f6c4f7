"""The row of a changed network that gives what a row of the network before the change gave."""

from __future__ import annotations

from collections.abc import Sequence

from analysis.records import Report, Row


def counterpart(row: Row, before: Report, after: Report) -> Row:
    """Find in ``after`` the row in whose place ``row`` stands in ``before``.

    The same call of the same operator in the same module; where the change made that output larger, the next
    row in the same module, or in one that reads it, that gives the old size: a max pooling whose maximum is
    dense now and subsampled by a blur. Raises ValueError where there is none.
    """
    twins = _same_module(after.rows, row)
    number = [other.index for other in _same_module(before.rows, row)].index(row.index)
    start = twins[min(number, len(twins) - 1)].index if twins else 0
    inside = f"{row.module_path}." if row.module_path else ""
    for other in after.rows[start:]:
        within = twins or other.module_path.startswith(inside) or other.module_path == row.module_path
        if within and other.output_shape == row.output_shape:
            return other
    raise ValueError(f"The changed network has no row in the place of {row.name!r}.")


def _same_module(rows: Sequence[Row], row: Row) -> list[Row]:
    return [other for other in rows if (other.module_path, other.operator) == (row.module_path, row.operator)]
