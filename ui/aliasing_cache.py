"""The cached calls of the Aliasing page: keyed by values, bounded, shared by all visitors; never change a result."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd
import streamlit as st

import models
from ui import cache, model_input
from ui.picture_file import Picture
from ui.real_models import real_model

if TYPE_CHECKING:
    from analysis.kernel_response import KernelResponse
    from analysis.measured_aliasing import LayerAliasing
    from analysis.records import Row
    from analysis.subsampling import Subsampling


@st.cache_resource(max_entries=96, show_spinner=False)
def subsamplings(name: str, size: int) -> tuple[Subsampling, ...]:
    """Where a zoo model subsamples at one image size: see analysis.subsampling."""
    from analysis import subsampling

    return subsampling.subsamplings(cache.report(name, size))


@st.cache_resource(max_entries=96, show_spinner=False)
def subsampling_table(name: str, size: int) -> pd.DataFrame:
    """One line for each of ``subsamplings(name, size)``: see analysis.subsampling.subsampling_table."""
    from analysis import subsampling

    return subsampling.subsampling_table(subsamplings(name, size))


def measured(
    name: str, size: int, weights: str, picture: Picture, *, windowed: bool
) -> tuple[LayerAliasing, ...]:
    """Spectra before and after each subsampling for a picture: see analysis.measured_aliasing.

    Raises ValueError for a model that is too large, and for weights that are not on this disk.
    """
    return _measured(name, size, weights, windowed, picture.digest, picture.pixels)


@st.cache_resource(max_entries=8, show_spinner="Sending the picture through the network ...")
def _measured(
    name: str, size: int, weights: str, windowed: bool, digest: str, _pixels: Any
) -> tuple[LayerAliasing, ...]:
    from analysis.measured_aliasing import measured_aliasing

    image = model_input.normalised(model_input.square(_pixels, size), models.card(name))
    model = real_model(name, size, weights)
    return measured_aliasing(cache.report(name, size), model, image, windowed=windowed)


@st.cache_resource(max_entries=96, show_spinner=False)
def strided_layers(name: str, size: int) -> tuple[Row, ...]:
    """The first convolution and those that subsample: see analysis.kernel_response.strided_layers."""
    from analysis import kernel_response

    return kernel_response.strided_layers(cache.report(name, size))


@st.cache_resource(max_entries=6, show_spinner="Transforming the kernels ...")
def response(name: str, size: int, weights: str, layer: str) -> KernelResponse | None:
    """The response of a layer's filters: see analysis.kernel_response; None where no subsampling follows."""
    from analysis import kernel_response

    report = cache.report(name, size)
    row = next(row for row in report.rows if row.name == layer)
    factor = kernel_response.limit_after(report, row)
    if factor is None:
        return None
    kernels = kernel_response.kernels_of(report, real_model(name, size, weights), row)
    return kernel_response.kernel_response(kernels, factor)


def measured_table(layers: tuple[LayerAliasing, ...]) -> pd.DataFrame:
    """One line for each subsampling: see analysis.measured_aliasing.measured_table."""
    from analysis import measured_aliasing

    return measured_aliasing.measured_table(layers)
