"""The Nyquist limit of subsampling: what a stride can no longer tell apart."""

from __future__ import annotations

from analysis.records import Stride

Frequencies = tuple[float | None, float | None]


def aliasing_frequency(
    before: Stride | None, after: Stride | None
) -> tuple[Frequencies | None, Frequencies | None]:
    """Limits of a row that subsamples, by axis (h, w): on its own input grid, and on the image.

    With S the row's stride and J the effective stride after it, textures above 1 / (2 S) cycles per
    sample of the row's input, or 1 / (2 J) cycles per pixel of the image, fold onto lower ones. An
    axis that is not subsampled has no limit (None); both are None for a row that subsamples
    neither. It is a limit and not a measurement: a row whose window is a low-pass loses less.
    AlexNet's first layer (S = J = 4): 0.125 for both.
    """
    if before is None or after is None or before == after:
        return None, None
    steps = [new / old for old, new in zip(before, after, strict=True)]
    if all(step <= 1 for step in steps):
        return None, None
    own = [float(1 / (2 * step)) if step > 1 else None for step in steps]
    image = [float(1 / (2 * new)) if step > 1 else None for step, new in zip(steps, after, strict=True)]
    return (own[0], own[1]), (image[0], image[1])


def limits(factor: Stride) -> Frequencies:
    """f* of each axis, 1 / (2 S): limits((4, 1)) == (0.125, None), None where nothing is dropped."""
    h, w = (float(1 / (2 * step)) if step > 1 else None for step in factor)
    return h, w
