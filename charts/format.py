"""Numbers as text: exact where space allows, short where it does not."""

from __future__ import annotations

from math import floor, log10

_PREFIXES = ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k"))
_BINARY = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))
UNKNOWN = "unknown"


def exact(value: int | None, unit: str = "") -> str:
    """All digits, in groups of three: exact(25557032) == "25,557,032"; None is "unknown"."""
    return UNKNOWN if value is None else f"{value:,}{_with_space(unit)}"


def short(value: float | None, unit: str = "") -> str:
    """Three significant digits with a decimal prefix: short(4089184256, "MACs") == "4.09 GMACs"."""
    if value is None:
        return UNKNOWN
    for size, prefix in _PREFIXES:
        # 999.6 k would be printed as 1000 k: from 999.5 on the next prefix is the right one.
        if abs(value) >= 0.9995 * size:
            return f"{_three_digits(value / size)} {prefix}{unit}"
    number = str(value) if isinstance(value, int) else _three_digits(value)
    return f"{number}{_with_space(unit)}"


def bytes_text(value: int | None) -> str:
    """Three significant digits with a binary prefix: bytes_text(9633792) == "9.19 MiB"."""
    if value is None:
        return UNKNOWN
    for size, prefix in _BINARY:
        if abs(value) >= 0.9995 * size:
            return f"{_three_digits(value / size)} {prefix}"
    return f"{value} B"


def pair_text(pair: tuple[object, object] | None) -> str:
    """Height and width: pair_text((195, 195)) == "195 x 195"; None is "unknown"."""
    return UNKNOWN if pair is None else f"{pair[0]} x {pair[1]}"


def ratio_text(ratio: float | None) -> str:
    """A factor for people: ratio_text(0.5) == "0.500 x"; None is "unknown"."""
    return UNKNOWN if ratio is None else f"{_three_digits(ratio)} x"


def share_text(share: float | None) -> str:
    """A part of a whole, 0 to 1, in percent: share_text(0.125) == "12.5 %", on one line; None is "unknown"."""
    return UNKNOWN if share is None else f"{100 * share:.3g}\N{NO-BREAK SPACE}%"


def _three_digits(value: float) -> str:
    if not value:
        return "0"
    rounded = float(f"{value:.3g}")
    decimals = max(0, 2 - floor(log10(abs(rounded))))
    return f"{rounded:,.{decimals}f}"


def _with_space(unit: str) -> str:
    return f" {unit}" if unit else ""
