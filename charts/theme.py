"""One look for all charts: colours of families and architectures, figure defaults for light and dark.

Seven hues that stay apart for colour-blind eyes and on white and near-black alike, times three
marker shapes: every family has a pair of its own, the same on all pages.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

BLUE, ORANGE, GREEN, PURPLE, SKY, RED, GREY = (
    "#1668c4",
    "#d98200",
    "#009e73",
    "#b565c0",
    "#4db3e6",
    "#d1495b",
    "#8a8f98",
)
_SHAPES = ("circle", "square", "diamond")
_DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

# Families by the line of thought that they belong to: plain chains and Inception, residual, mobile, attention.
_HUES = {
    BLUE: ("VGG", "AlexNet", "LeNet"),
    ORANGE: ("ResNet", "Wide ResNet", "ResNeXt"),
    GREEN: ("MobileNetV2", "MobileNetV3", "MnasNet"),
    PURPLE: ("ViT", "Swin", "Swin V2"),
    SKY: ("EfficientNet", "EfficientNetV2", "ShuffleNetV2"),
    RED: ("DenseNet", "RegNet", "ConvNeXt"),
    GREY: ("GoogLeNet", "Inception", "SqueezeNet"),
}


@dataclass(frozen=True, slots=True)
class Style:
    """How one architecture is drawn: a colour, a marker shape and, where lines meet, a dash."""

    color: str
    symbol: str
    dash: str = "solid"


_FAMILIES = {
    family: Style(color, shape)
    for color, families in _HUES.items()
    for family, shape in zip(families, _SHAPES, strict=True)
} | {"MaxViT": Style(PURPLE, "cross"), "MobileNetV1": Style(GREEN, "cross")}
_UNKNOWN_FAMILY = Style(GREY, "x")


def family_style(family: str) -> Style:
    """Colour and marker of a family: family_style("ResNet").symbol == "circle"; others share a grey x."""
    return _FAMILIES.get(family, _UNKNOWN_FAMILY)


def architecture_styles(families: Sequence[str]) -> tuple[Style, ...]:
    """A style for each of several architectures in one chart, given their families.

    The colour is the family's; architectures of one colour get different dashes.
    """
    seen: dict[str, int] = {}
    styles = []
    for family in families:
        style = family_style(family)
        number = seen.setdefault(style.color, 0)
        seen[style.color] += 1
        styles.append(Style(style.color, style.symbol, _DASHES[number % len(_DASHES)]))
    return tuple(styles)


def figure(title: str, x_title: str = "", y_title: str = "", height: int = 420) -> go.Figure:
    """An empty figure with ConvScope's defaults; ``title`` states the finding or the question.

    Backgrounds are transparent and texts have no colour of their own, so that the page's theme
    decides; the legend lies below, where a narrow screen has room.
    """
    empty = go.Figure()
    empty.update_layout(
        title={"text": title},
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        hoverlabel={"align": "left"},
        legend={"orientation": "h", "yanchor": "top", "y": -0.18, "x": 0},
        hovermode="closest",
    )
    empty.update_xaxes(
        title={"text": x_title}, automargin=True, showgrid=True, gridcolor="rgba(128,128,128,0.2)"
    )
    empty.update_yaxes(
        title={"text": y_title}, automargin=True, showgrid=True, gridcolor="rgba(128,128,128,0.2)"
    )
    return empty
