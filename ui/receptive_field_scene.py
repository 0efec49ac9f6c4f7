"""The picture of the page as figures carry it: the middle square at the network's input size, as a data URI."""

from __future__ import annotations

import base64
import io
from typing import Any

import streamlit as st
from PIL import Image

from charts.receptive_field_picture import Scene
from ui.model_input import square
from ui.picture_file import Picture

# A figure is sent anew with every click: more pixels than a screen has for it would only make that slow.
_MOST_PIXELS_A_SIDE = 400


def scene(picture: Picture, size: int, channels: int) -> Scene:
    """A picture as a network takes it, ``size`` pixels square; in grey for a network with one channel."""
    return _scene(picture.digest, size, channels, picture.pixels)


@st.cache_resource(max_entries=16, show_spinner=False)
def _scene(digest: str, size: int, channels: int, _pixels: Any) -> Scene:
    image = Image.fromarray(square(_pixels, min(size, _MOST_PIXELS_A_SIDE)))
    if channels == 1:
        image = image.convert("L")
    data = io.BytesIO()
    image.save(data, "JPEG", quality=88)
    uri = f"data:image/jpeg;base64,{base64.b64encode(data.getvalue()).decode('ascii')}"
    return Scene(uri, (size, size))
