"""The numbers at the head of the Parameters page, and the table of file sizes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from charts.format import bytes_text, exact, short
from ui.headlines import Headline

if TYPE_CHECKING:
    from analysis.parameter_census import ParameterCensus
    from analysis.records import Report


def headlines(census: ParameterCensus, report: Report) -> tuple[Headline, ...]:
    """Parameters; those of fully connected layers and of convolutions; the largest layer; the file."""
    from analysis.parameter_census import checkpoint_bytes

    largest = max(census.lines, key=lambda line: line.params, default=None)
    found = [
        Headline(
            "Parameters",
            short(census.params),
            exact(census.params),
            "Distinct weights; a tied weight counts once.",
        ),
        _of_kind(census, "fully connected", "Fully connected", _FULLY_CONNECTED),
        _of_kind(census, "convolution", "Convolutions", "Kernels and biases of all convolutions."),
    ]
    if largest is not None:
        share = largest.params / census.params
        found.append(Headline("Largest layer", f"{share:.1%}", f"{largest.name}: {exact(largest.params)}"))
    size = checkpoint_bytes(report, "float32")
    found.append(
        Headline(
            "File in float32",
            bytes_text(size),
            f"{exact(size)} bytes",
            "Parameters and buffers, four bytes each.",
        )
    )
    return tuple(found)


_FULLY_CONNECTED = (
    "Linear layers that take one vector: the whole flattened or pooled map. A linear layer that runs at each position "
    "(a token, a pixel) with the same weights is a 1 x 1 convolution in all but name and stands apart."
)


def _of_kind(census: ParameterCensus, kind: str, label: str, help_text: str) -> Headline:
    group = next((group for group in census.kinds if group.name == kind), None)
    if group is None:
        return Headline(label, "none", "0 layers", help_text)
    layers = "1 layer" if group.layers == 1 else f"{group.layers} layers"
    return Headline(label, f"{group.share:.1%}", f"{exact(group.params)} in {layers}", help_text)


def checkpoint_table(report: Report) -> pd.DataFrame:
    """Bytes of parameters and buffers by the type that they are saved in: dtype, bytes, size."""
    from analysis.parameter_census import DTYPE_BYTES, checkpoint_bytes

    sizes = {dtype: checkpoint_bytes(report, dtype) for dtype in DTYPE_BYTES}
    return pd.DataFrame(
        {
            "dtype": list(sizes),
            "bytes": list(sizes.values()),
            "size": [bytes_text(size) for size in sizes.values()],
        }
    )
