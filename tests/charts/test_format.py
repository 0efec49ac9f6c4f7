from __future__ import annotations

import pytest

from charts import format as fmt


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (4_089_184_256, "MACs", "4.09 GMACs"),
        (25_557_032, "", "25.6 M"),
        (999_499, "", "999 k"),
        (999_500, "", "1.00 M"),
        (1_000, "", "1.00 k"),
        (999, "MACs", "999 MACs"),
        (0, "MACs", "0 MACs"),
        (3, "", "3"),
        (0.5, "", "0.500"),
        (-1_500, "", "-1.50 k"),
        (None, "MACs", "unknown"),
    ],
)
def test_short_keeps_three_digits(value: float | None, unit: str, text: str) -> None:
    """Three significant digits, the next prefix when rounding reaches it, and counts below 1000 whole."""
    assert fmt.short(value, unit) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (9_633_792, "9.19 MiB"),
        (1_023, "1023 B"),
        (1_024, "1.00 KiB"),
        (2**20 - 1, "1.00 MiB"),
        (None, "unknown"),
    ],
)
def test_bytes_have_binary_prefixes(value: int | None, text: str) -> None:
    """1 KiB is 1024 bytes."""
    assert fmt.bytes_text(value) == text


def test_shares_stay_on_one_line() -> None:
    """Three digits, no zeros behind, and a space that does not break."""
    assert fmt.share_text(0.125) == "12.5\N{NO-BREAK SPACE}%"
    assert fmt.share_text(1) == "100\N{NO-BREAK SPACE}%"
    assert fmt.share_text(1 / 1024) == "0.0977\N{NO-BREAK SPACE}%"
    assert fmt.share_text(None) == "unknown"


def test_exact_pairs_and_ratios() -> None:
    """All digits in threes; height before width; a ratio is a factor; what is unknown says so."""
    assert fmt.exact(25_557_032) == "25,557,032"
    assert fmt.exact(4_089_184_256, "MACs") == "4,089,184,256 MACs"
    assert fmt.pair_text((7, 1)) == "7 x 1"
    assert fmt.ratio_text(9.996) == "10.0 x"
    assert fmt.exact(None) == fmt.pair_text(None) == fmt.ratio_text(None) == "unknown"
