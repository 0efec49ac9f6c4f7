"""What chosen units see, in words and numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from charts.format import pair_text, share_text
from ui.receptive_field_pick import Units, units_text

if TYPE_CHECKING:
    from analysis.receptive_field.units import Box, Seen
    from analysis.records import Pair, Row


def title(row: Row, units: Units, seen: Seen) -> str:
    """The finding: "Unit (3, 3) of features.12 sees 194 x 194 of 224 x 224 pixels"."""
    verb = "sees" if units[0] == units[1] else "see"
    if seen.box is None:
        return f"{units_text(units)} of {row.name} {verb} nothing of the picture"
    return f"{units_text(units)} of {row.name} {verb} {pair_text(_extent(seen.box))} pixels of the picture"


def box_table(seen: Seen, strict: Seen | None, size: Pair) -> str:
    """The boxes as a Markdown table: first and last row and column, both included."""
    lines = ["| pixels | top | left | bottom | right |", "|---|--:|--:|--:|--:|"]
    lines.append(_line("on the picture", seen.box))
    if seen.unbounded is not None:
        lines.append(_line("unbounded input", seen.unbounded))
        lines.append(_line("beyond the border", seen.beyond(size)))
    if strict is not None:
        lines.append(_line("strictly", strict.box))
    return "\n".join(lines)


def sentences(row: Row, units: Units, seen: Seen, strict: Seen | None, size: Pair) -> list[str]:
    """Size, centre and grid; how the box follows from them; padding; why the strict box is another."""
    found = [_size_and_centre(seen)]
    if row.effective_stride is not None and row.effective_padding is not None:
        found.append(
            f"Effective stride J {pair_text(row.effective_stride)}, effective padding P "
            f"{pair_text(row.effective_padding)}, size r {pair_text(row.local_receptive_field)} pixels."
        )
    derivation = _derivation(row, units, seen)
    if derivation:
        found.append(derivation)
    if any(seen.beyond(size)):
        who = "It is a border unit" if units[0] == units[1] else "Border units are among them"
        found.append(
            f"{who}: {share_text(seen.padding_share(size))} of the unbounded box lies beyond the picture, "
            "where layers see their padding."
        )
    if strict is not None:
        found.append(f"Strictly more: {_reason(row)}")
    return found


def _reason(row: Row) -> str:
    why = row.reason.removesuffix(": the field depends on the position")
    return (
        f"{why}. Such a path reaches every unit alike, so the local box leaves it out."
        if why
        else "a gate or attention reaches every unit alike, so the local box leaves it out."
    )


def _size_and_centre(seen: Seen) -> str:
    centre = seen.centre
    if centre is None:
        return "These units see nothing along the local path, such as a class token, which is no place of the picture."
    box = seen.unbounded or seen.box
    assert box is not None
    return (
        f"{pair_text(_extent(box))} pixels around the centre ({centre[0]:g}, {centre[1]:g}), row and column."
    )


def _derivation(row: Row, units: Units, seen: Seen) -> str:
    """Where the box begins and ends, from the grid: of a single unit on one grid."""
    stride, padding, field = row.effective_stride, row.effective_padding, row.local_receptive_field
    if stride is None or padding is None or field is None or seen.unbounded is None or units[0] != units[1]:
        return ""
    (i, _), top = units[0], seen.unbounded[0]
    if i * stride[0] - padding[0] != top or top + field[0] - 1 != seen.unbounded[2]:
        return ""  # upsampling: the pattern repeats only every few units
    return (
        f"Row i of units sees from i J − P = {i} · {stride[0]} − {padding[0]} = {top} "
        f"to i J − P + r − 1 = {seen.unbounded[2]}."
    )


def _line(name: str, numbers: Box | None) -> str:
    cells = ("", "", "", "") if numbers is None else map(str, numbers)
    return f"| {name} | {' | '.join(cells)} |"


def _extent(box: Box) -> Pair:
    return box[2] - box[0] + 1, box[3] - box[1] + 1
