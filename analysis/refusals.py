"""Why an operator refused its arguments, in words."""

from __future__ import annotations

from typing import Any

from analysis.records import Kind

# What PyTorch says, in its own several ways, when Python asks a tensor on the meta device for its values.
_READS_VALUES = (
    "item() cannot",
    "no data",
    "to numpy",
    "nonzero",
    "data-dependent",
    "scalar",
    "_local_scalar_dense",
)


def refusal(error: Exception, operator: str | None, kind: Kind | None, arguments: tuple[Any, ...]) -> str:
    """Say in words why an operator refused its arguments; falls back on the first line of PyTorch's message."""
    shapes = [tuple(a.shape) for a in arguments if hasattr(a, "shape")]
    if kind is Kind.CONVOLUTION and len(shapes) > 1:
        expected = shapes[1][1] * next((a for a in arguments[6:7] if isinstance(a, int)), 1)
        if (
            len(shapes[0]) == len(shapes[1])
            and shapes[0][1] != expected
            and "transpose" not in (operator or "")
        ):
            return f"it expects {expected} channels and gets {shapes[0][1]}"
        if _is_too_small(shapes[0], shapes[1], arguments[3:6]):
            return f"nothing is left of its {_map(shapes[0])} map after a {_map(shapes[1])} kernel"
    if kind is Kind.POOLING and shapes and "too small" in str(error):
        return f"nothing is left of its {_map(shapes[0])} map"
    if kind is Kind.LINEAR and len(shapes) > 1 and shapes[0][-1] != shapes[1][-1]:
        return f"it expects {shapes[1][-1]} features and gets {shapes[0][-1]}"
    return _in_words(error)


def _is_too_small(inputs: tuple[int, ...], weight: tuple[int, ...], settings: tuple[Any, ...]) -> bool:
    """Say whether a kernel is larger than the padded map; ``settings`` are stride, padding and dilation."""
    axes = len(weight) - 2
    _, padding, dilation = (_each(value, axes) for value in (*settings, *((1,), (0,), (1,))[len(settings) :]))
    if padding[0] == "same":
        return False
    if padding[0] == "valid":
        padding = (0,) * axes
    return any(
        size + 2 * pad < step * (kernel - 1) + 1
        for size, kernel, pad, step in zip(inputs[2:], weight[2:], padding, dilation, strict=False)
    )


def _each(value: Any, axes: int) -> tuple[Any, ...]:
    values = tuple(value) if isinstance(value, (list, tuple)) else (value,)
    return values * axes if len(values) == 1 else values


def _in_words(error: Exception) -> str:
    text = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".!")
    if any(words in text for words in _READS_VALUES) and ("meta" in text or "data" in text):
        return "it reads the values of a tensor, and ConvScope analyses shapes without values"
    if isinstance(error, TypeError) and "positional argument" in text:
        return f"{text} (give one shape for each input)"
    return f"{type(error).__name__} {text}" if isinstance(error, (KeyError, IndexError)) else text


def _map(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape[2:])) if len(shape) > 2 else " x ".join(map(str, shape))
