"""Layers of two networks side by side as a table: as text for the page, as numbers for CSV."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import pandas as pd

from charts import format as fmt

if TYPE_CHECKING:
    from analysis.layer_differences import Layer, LayerPair

_NONE = "–"


def text_table(pairs: Sequence[LayerPair], first: str, second: str) -> pd.DataFrame:
    """One line a pair; a value in which the two differ reads "96x55x55 → 64x55x55", any other stands once.

    ``first`` and ``second`` say whose layers stand in the first two columns.
    """
    return pd.DataFrame(
        {
            f"In {first}": [_NONE if pair.first is None else pair.first.name for pair in pairs],
            f"In {second}": [_NONE if pair.second is None else pair.second.name for pair in pairs],
            "Layer": [_either(pair).what for pair in pairs],
            "Output": [_both(pair, lambda layer: "x".join(map(str, layer.output_shape))) for pair in pairs],
            "Parameters": [_both(pair, lambda layer: fmt.exact(layer.params)) for pair in pairs],
            "MACs": [_both(pair, lambda layer: fmt.exact(layer.macs)) for pair in pairs],
            "Receptive field": [
                _both(pair, lambda layer: fmt.pair_text(layer.receptive_field)) for pair in pairs
            ],
            "Settings": [_settings(pair) for pair in pairs],
        }
    )


def number_table(pairs: Sequence[LayerPair], first: str, second: str) -> pd.DataFrame:
    """The same with a column for each network and quantity; what a network does not have is missing."""
    columns: dict[str, list[Any]] = {}
    for name, side in ((first, "first"), (second, "second")):
        layers = [getattr(pair, side) for pair in pairs]
        for quantity in ("name", "what", "output_shape", "params", "macs", "receptive_field"):
            columns[f"{quantity} ({name})"] = [
                None if layer is None else getattr(layer, quantity) for layer in layers
            ]
    return pd.DataFrame(columns).convert_dtypes()


def _either(pair: LayerPair) -> Layer:
    layer = pair.first or pair.second
    assert layer is not None  # a pair has one layer at least
    return layer


def _both(pair: LayerPair, text: Callable[[Layer], str]) -> str:
    values = [_NONE if layer is None else text(layer) for layer in (pair.first, pair.second)]
    return values[0] if values[0] == values[1] else " → ".join(values)


def _settings(pair: LayerPair) -> str:
    """The settings in which the two layers differ."""
    if pair.first is None or pair.second is None or pair.first.settings == pair.second.settings:
        return ""
    first, second = dict(pair.first.settings), dict(pair.second.settings)
    return ", ".join(
        f"{name} {_setting(first.get(name))} → {_setting(second.get(name))}"
        for name in first | second
        if first.get(name) != second.get(name)
    )


def _setting(value: object) -> str:
    if value is None:
        return _NONE
    return "x".join(map(str, value)) if isinstance(value, tuple) else str(value)
