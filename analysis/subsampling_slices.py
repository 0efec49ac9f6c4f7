"""Slices that subsample one map together: over its rows and then its columns, or all of its values between them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from analysis.aliasing import Frequencies, limits
from analysis.records import Report, Stride
from analysis.subsampling_low_pass import LowPass

if TYPE_CHECKING:
    from analysis.subsampling import Subsampling


def joined_slices(report: Report, slices: Sequence[Subsampling]) -> list[Subsampling]:
    """Slices that belong together as one: over rows and then columns, and all that share the values of one map."""
    entries = list(_phases(_both_axes(slices)))
    paths = [report.rows[entry.rows[-1]].module_path for entry in entries]
    alone = {path for path, count in Counter(paths).items() if path and count == 1}
    return [
        replace(entry, name=path) if path in alone else entry
        for entry, path in zip(entries, paths, strict=True)
    ]


def _both_axes(slices: Sequence[Subsampling]) -> list[Subsampling]:
    """Slices of slices joined: over the rows, then over the columns."""
    by_row = {entry.rows[-1]: entry for entry in slices}
    read = {entry.source for entry in slices}
    return [_joined(entry, by_row) for entry in slices if entry.rows[-1] not in read]


def _joined(entry: Subsampling, by_row: dict[int, Subsampling]) -> Subsampling:
    first = by_row.get(entry.source)
    if first is None:
        return entry
    first = _joined(first, by_row)
    factor = (first.factor[0] * entry.factor[0], first.factor[1] * entry.factor[1])
    begin = [int(a + b * step) for a, b, step in zip(first.phase, entry.phase, first.factor, strict=True)]
    earlier, later = first.aliasing_frequency_image, entry.aliasing_frequency_image
    return replace(
        entry,
        rows=first.rows + entry.rows,
        source=first.source,
        factor=factor,
        phase=(begin[0], begin[1]),
        aliasing_frequency=limits(factor),
        aliasing_frequency_image=None if earlier is None or later is None else _either(earlier, later),
    )


def _either(first: Frequencies, second: Frequencies) -> Frequencies:
    h, w = (
        min((value for value in pair if value is not None), default=None)
        for pair in zip(first, second, strict=True)
    )
    return h, w


def _phases(slices: Sequence[Subsampling]) -> Iterator[Subsampling]:
    """Slices of one map that take all of its values between them, as one."""
    groups: dict[tuple[int, Stride], list[Subsampling]] = defaultdict(list)
    for entry in slices:
        groups[entry.source, entry.factor].append(entry)
    for (_, factor), members in groups.items():
        if len({entry.phase for entry in members}) < factor[0] * factor[1]:
            yield from members
        else:
            rows = tuple(sorted({row for entry in members for row in entry.rows}))
            yield replace(members[0], rows=rows, phase=(0, 0), low_pass=LowPass.ALL_PHASES)
