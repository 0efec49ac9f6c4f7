"""How the tables of the blocks show their numbers: whole ones in groups of three, shares in percent."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

import pandas as pd
import streamlit as st


def columns(frame: pd.DataFrame, shares: Collection[str] = ()) -> dict[str, Any]:
    """Settings for st.dataframe: "localized" for whole numbers, "percent" for ``shares``, which are 0 to 1."""
    whole = [name for name in frame.columns if pd.api.types.is_integer_dtype(frame[name])]
    return {name: st.column_config.NumberColumn(format="localized") for name in whole} | {
        name: st.column_config.NumberColumn(format="percent") for name in shares
    }
