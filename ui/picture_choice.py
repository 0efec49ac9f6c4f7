"""The control that chooses a picture: one that comes with ConvScope, or the visitor's own."""

from __future__ import annotations

import streamlit as st

from ui import picture_file, selection
from ui.messages import attempt
from ui.picture_file import SHIPPED, Picture

_OWN = "own"
_FILE_TYPES = ("png", "jpg", "jpeg", "webp", "bmp", "gif", "tif", "tiff")


def picture(page: str, default: str = "cat") -> Picture:
    """A picture, by ?picture=cat; an upload stays in this visit, so a link cannot hold it.

    As long as no file was uploaded, or one that cannot be read, it is the ``default``.
    """
    chosen = selection.choice(page, "picture", "Picture", SHIPPED | {_OWN: "Your own"}, default)
    if chosen != _OWN:
        return shipped(chosen)
    file = st.file_uploader(
        "Your picture", _FILE_TYPES, key=f"{page}_upload", max_upload_size=10, help="It is not kept."
    )
    if file is None:
        st.caption(f"Until you upload one, this is shown with the picture “{SHIPPED[default]}”.")
        return shipped(default)
    return attempt(picture_file.decoded, file.getvalue(), file.name) or shipped(default)


@st.cache_resource(max_entries=len(SHIPPED), show_spinner=False)
def shipped(name: str) -> Picture:
    """A picture of ui.picture_file.SHIPPED, decoded once."""
    return picture_file.shipped(name)
