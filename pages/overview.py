"""Overview: how the zoo evolved and what its accuracy costs, from published figures alone."""

from __future__ import annotations

import streamlit as st

st.title("Overview")
