from __future__ import annotations

from itertools import combinations

import pytest

import models
from charts.theme import architecture_styles, family_style, figure

# Viénot, Brettel and Mollon (1999): linear RGB to what a dichromat sees.
DICHROMATS = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protanopia": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deuteranopia": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}
FAMILIES = tuple(dict.fromkeys(card.family for card in models.cards()))


def linear(color: str) -> tuple[float, ...]:
    """The linear RGB of a "#rrggbb" color, by the sRGB transfer function (IEC 61966-2-1)."""
    values = [int(color[index : index + 2], 16) / 255 for index in (1, 3, 5)]
    return tuple(v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in values)


def luminance(color: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    return sum(weight * value for weight, value in zip((0.2126, 0.7152, 0.0722), linear(color), strict=True))


def lab(rgb: tuple[float, ...]) -> tuple[float, float, float]:
    """CIE L*a*b* (D65) of a linear RGB triple."""
    matrix = ((0.4124, 0.3576, 0.1805), (0.2126, 0.7152, 0.0722), (0.0193, 0.1192, 0.9505))
    white = (0.9505, 1.0, 1.089)
    x, y, z = (
        (max(0.0, sum(m * v for m, v in zip(row, rgb, strict=True))) / w) ** (1 / 3)
        for row, w in zip(matrix, white, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("eye", DICHROMATS)
def test_colours_of_different_families_stay_apart(eye: str) -> None:
    """Two hues differ by ten just noticeable differences (CIE76 above 10), for colour-blind eyes too."""
    seen = {
        color: lab(
            tuple(sum(m * v for m, v in zip(row, linear(color), strict=True)) for row in DICHROMATS[eye])
        )
        for color in {family_style(family).color for family in FAMILIES}
    }
    distances = {
        pair: sum((a - b) ** 2 for a, b in zip(seen[pair[0]], seen[pair[1]], strict=True)) ** 0.5
        for pair in combinations(sorted(seen), 2)
    }
    assert len(seen) == 7
    assert min(distances.values()) > 10, min(distances, key=lambda pair: distances[pair])


def test_colours_stand_out_on_white_and_on_near_black() -> None:
    """Every hue has a contrast of at least 2 : 1 to white and 3 : 1 to Streamlit's dark background."""
    dark = luminance("#0e1117")
    for family in FAMILIES:
        own = luminance(family_style(family).color)
        assert 1.05 / (own + 0.05) >= 2
        assert (own + 0.05) / (dark + 0.05) >= 3


def test_every_family_has_its_own_look() -> None:
    """No two families of the zoo share both colour and marker, and each has one of its own."""
    looks = [(family_style(family).color, family_style(family).symbol) for family in FAMILIES]
    assert len(set(looks)) == len(FAMILIES)
    assert family_style("a family that nobody has heard of").symbol not in {symbol for _, symbol in looks}


def test_architectures_of_one_colour_differ_by_dash() -> None:
    """Six members of one family are told apart in a line chart, and keep the family's colour."""
    styles = architecture_styles(["ResNet"] * 6)
    assert len({style.dash for style in styles}) == 6
    assert {style.color for style in styles} == {family_style("ResNet").color}


def test_figure_leaves_colours_to_the_page() -> None:
    """Backgrounds are transparent and text has no colour of its own, so that both themes can be read."""
    layout = figure("A question?", "x (px)", "y").layout
    assert layout.paper_bgcolor == layout.plot_bgcolor == "rgba(0,0,0,0)"
    assert layout.font.color is None
    assert (layout.title.text, layout.xaxis.title.text, layout.yaxis.title.text) == (
        "A question?",
        "x (px)",
        "y",
    )
