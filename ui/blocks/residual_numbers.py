"""The numbers of the block "Bottleneck": headlines, formulas with the numbers put in, two tables."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from analysis.residual_arithmetic import CardinalChoice, ResidualComparison
from charts.format import exact, ratio_text, short
from ui.headlines import Headline

# ResNeXt's cardinality, of the choices that the pages name.
CARDINALITY = 32
# Xie et al. (2017), table 2: width of a path by cardinality, at the cost of ResNet-50's first blocks.
TABLE_2 = {1: 64, 2: 40, 4: 24, 8: 14, 32: 4}
TABLE_2_BLOCK = (256, 64)
SHARE = "Part of the bottleneck's"


def named(choices: Sequence[CardinalChoice]) -> CardinalChoice:
    """The choice of 32 paths, or of the most below that the cost allows."""
    return [choice for choice in choices if choice.cardinality <= CARDINALITY][-1]


def headlines(pair: ResidualComparison, choice: CardinalChoice) -> tuple[Headline, ...]:
    """The bottleneck, the basic blocks of equal channels and of equal cost, what each sees, and ResNeXt's way."""
    return (
        Headline(
            "Bottleneck",
            exact(pair.bottleneck.params),
            f"parameters, {short(pair.bottleneck.macs)} MACs",
            "Weights of the convolutions; batch normalisation and the shortcut are not counted.",
        ),
        Headline(
            "Basic, equal channels",
            ratio_text(pair.basic.params / pair.bottleneck.params),
            f"{exact(pair.basic.params)} parameters",
        ),
        Headline(
            "Basic, equal cost",
            f"{exact(pair.affordable_channels)} channels",
            f"instead of {exact(pair.channels)}: {exact(pair.affordable.params)} parameters",
        ),
        Headline(
            "Sees at once",
            _square(pair.bottleneck.receptive_field),
            f"a basic block {_square(pair.basic.receptive_field)}",
            "Receptive field of the block's output in its input: what the bottleneck gives up.",
        ),
        Headline(
            "Paths instead",
            f"{choice.cardinality} x {choice.path_width}d",
            f"{choice.cardinality} paths {choice.path_width} wide: {exact(choice.params)} parameters",
            "ResNeXt's way to spend as much: in its notation, paths x channels of a path.",
        ),
    )


def formulas(pair: ResidualComparison, choice: CardinalChoice) -> tuple[str, str, str]:
    """Parameters of the three blocks in LaTeX: each formula, its numbers put in, its result."""
    channels, width = pair.channels, pair.width
    cardinality, path = choice.cardinality, choice.path_width
    return (
        _lines(r"\text{basic}", r"18\,C^2", rf"18 \cdot {channels}^2", pair.basic.params),
        _lines(
            r"\text{bottleneck}",
            r"C d + 9\,d^2 + d\,C",
            rf"{channels} \cdot {width} + 9 \cdot {width}^2 + {width} \cdot {channels}",
            pair.bottleneck.params,
        ),
        _lines(
            r"\text{ResNeXt}",
            r"G\,(C d + 9\,d^2 + d\,C)",
            rf"{cardinality} \cdot ({channels} \cdot {path} + 9 \cdot {path}^2 + {path} \cdot {channels})",
            choice.params,
        ),
    )


def block_table(pair: ResidualComparison) -> pd.DataFrame:
    """One line for each block: channels, width, parameters, MACs and what its depth brings."""
    blocks = (
        ("bottleneck", pair.channels, pair.width, pair.bottleneck),
        ("basic, equal channels", pair.channels, pair.channels, pair.basic),
        ("basic, equal cost", pair.affordable_channels, pair.affordable_channels, pair.affordable),
    )
    return pd.DataFrame(
        {
            "Block": [name for name, *_ in blocks],
            "Channels": [channels for _, channels, *_ in blocks],
            "Width of the 3 x 3": [width for *_, width, _ in blocks],
            "Parameters": [cost.params for *_, cost in blocks],
            "MACs": [cost.macs for *_, cost in blocks],
            "Layers": [cost.layers for *_, cost in blocks],
            "Non-linearities": [cost.non_linearities for *_, cost in blocks],
            "Receptive field": [_square(cost.receptive_field) for *_, cost in blocks],
        }
    )


def cardinality_table(pair: ResidualComparison, choices: Sequence[CardinalChoice]) -> pd.DataFrame:
    """One line for each cardinality; beside ResNet-50's first block stand the widths that the paper prints."""
    table = pd.DataFrame(
        {
            "Paths G": [choice.cardinality for choice in choices],
            "Channels of a path d": [choice.path_width for choice in choices],
            "Grouped layer G d": [choice.group_width for choice in choices],
            "Parameters": [choice.params for choice in choices],
            SHARE: [choice.params / pair.bottleneck.params for choice in choices],
        }
    )
    if (pair.channels, pair.width) == TABLE_2_BLOCK:
        table["d in table 2"] = [str(TABLE_2.get(choice.cardinality, "")) for choice in choices]
    return table


def _square(side: int) -> str:
    return f"{side} x {side}"


def _lines(name: str, symbols: str, numbers: str, result: int) -> str:
    return rf"\begin{{aligned}}{name} &= {symbols}\\ &= {numbers}\\ &= {_latex(result)}\end{{aligned}}"


def _latex(value: int) -> str:
    return f"{value:,}".replace(",", "{,}")
