"""How the tables of the blocks show their numbers: whole ones in groups of three, shares in percent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import streamlit as st


def columns(frame: pd.DataFrame, shares: Collection[str] = ()) -> dict[str, Any]:
    """Settings for st.dataframe: whole numbers in full, ``shares`` (0 to 1) in percent, others with two decimals."""
    formats = {
        name: "localized" if pd.api.types.is_integer_dtype(values) else "%.2f"
        for name, values in frame.items()
        if pd.api.types.is_numeric_dtype(values)
    }
    formats |= dict.fromkeys(shares, "percent")
    return {str(name): st.column_config.NumberColumn(format=each) for name, each in formats.items()}
