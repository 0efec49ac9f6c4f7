"""The control that chooses a picture: one that comes with ConvScope, or the visitor's own."""

from __future__ import annotations

from typing import Any

import streamlit as st

from ui import picture_file, selection
from ui.messages import attempt
from ui.picture_file import MOST_MEGABYTES, SHIPPED, Picture

_OWN = "own"
_OPTIONS = SHIPPED | {_OWN: "Your own"}
_FILE_TYPES = ("png", "jpg", "jpeg", "webp", "bmp", "tif", "tiff", "gif")
_WAYS = {"file": "File", "camera": "Camera", "paste": "Paste"}
_LIMITS = (
    f"PNG, JPEG, WebP, BMP, TIFF or GIF, at most {MOST_MEGABYTES} MB and 40 million pixels. It is not kept."
)


def picture(page: str, default: str = "cat") -> Picture:
    """A picture, by ?picture=cat; the visitor's own stays in this visit, so a link cannot hold it.

    As long as none was given, or one that cannot be read, it is the ``default``.
    """
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = selection.choice(page, "picture", "Picture", _OPTIONS, default, wrap=True)
        if chosen != _OWN:
            return shipped(chosen)
        way = selection.choice(page, "picture_from", "Taken from", _WAYS, "file")
    found = {"file": _uploaded, "camera": _photographed, "paste": _pasted}[way](page)
    if found is None:
        st.caption(f"Until there is one, this is shown with the picture “{SHIPPED[default]}”.")
    return found or shipped(default)


@st.cache_resource(max_entries=len(SHIPPED), show_spinner=False)
def shipped(name: str) -> Picture:
    """A picture of ui.picture_file.SHIPPED, decoded or computed once."""
    return picture_file.shipped(name)


def _uploaded(page: str) -> Picture | None:
    file = st.file_uploader(
        "Your picture", _FILE_TYPES, key=f"{page}_upload", max_upload_size=MOST_MEGABYTES, help=_LIMITS
    )
    return _read(file)


def _photographed(page: str) -> Picture | None:
    return _read(
        st.camera_input("Your camera", key=f"{page}_camera", width=360, help="The photograph is not kept.")
    )


def _pasted(page: str) -> Picture | None:
    """A field that takes pictures from the clipboard; Streamlit gives what was sent in one run only."""
    with st.container():  # outside of one, Streamlit would pin the field to the foot of the page
        sent = st.chat_input(
            "Click here, press Ctrl+V (or ⌘V), then Enter",
            key=f"{page}_paste",
            accept_file=True,
            file_type=_FILE_TYPES,
            max_upload_size=MOST_MEGABYTES,
        )
    st.caption(f"A picture that was copied, such as a screenshot, or dragged onto the field. {_LIMITS}")
    kept = f"{page}_pasted"
    if sent is not None:
        st.session_state[kept] = sent.files[0] if sent.files else None
        if not sent.files:
            st.text("That was text: copy a picture first.")
    return _read(st.session_state.get(kept))


def _read(file: Any) -> Picture | None:
    """The picture of an uploaded file; None without one, or after the sentence that says why it cannot be read."""
    return None if file is None else attempt(_decoded, file.file_id, file)


@st.cache_resource(max_entries=8, show_spinner="Reading the picture ...")
def _decoded(file_id: str, _file: Any) -> Picture:
    """A file decoded once; ``file_id`` is Streamlit's name of the upload."""
    return picture_file.decoded(_file.getvalue(), _file.name)
