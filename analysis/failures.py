"""Why a network cannot run on an input, in a sentence: the layer, the value, and a size that works."""

from __future__ import annotations

from analysis.errors import ForwardError, InputTooSmall
from analysis.input_shapes import MAX_SIDE, Shapes
from analysis.private_copy import PrivateCopy
from analysis.trace import record

_COMMON_SIZES = (32, 64, 224, 256, 299, 384, 512, 518, 1024)


def explain(error: ForwardError, private: PrivateCopy, shapes: Shapes) -> ForwardError:
    """Return the error to raise: with the smallest square size that works, if the input was too small.

    Tries the sizes that networks are usually made for, then bisects; each try is one forward pass
    on the meta device.
    """
    channels, height, width = shapes[0]

    def works(size: int) -> bool:
        try:
            record(private, ((channels, size, size), *shapes[1:]))
        except ForwardError:
            return False
        return True

    given = min(height, width)
    candidates = [size for size in (*_COMMON_SIZES, 2 * given, 4 * given) if given < size <= MAX_SIDE]
    working = next((size for size in sorted(candidates) if works(size)), None)
    if working is None:
        usual = next((size for size in _COMMON_SIZES if size < given and works(size)), None)
        hint = f" It runs at {usual} x {usual}." if usual else ""
        return ForwardError(f"{error}{hint}", error.layer)
    if not works(working + 1):
        return ForwardError(f"{error} It runs at {working} x {working}.", error.layer)
    low, high = given, working
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if works(middle) else (middle, high)
    return InputTooSmall(
        f"{error} The smallest square input that works is {high} x {high}.", error.layer, high
    )
