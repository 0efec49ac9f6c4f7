"""Why an operator refused its arguments, in words."""

from __future__ import annotations

from typing import Any

from analysis.records import Kind


def refusal(error: Exception, operator: str | None, kind: Kind | None, arguments: tuple[Any, ...]) -> str:
    """Say in words why an operator refused its arguments; falls back on the first line of PyTorch's message."""
    shapes = [tuple(a.shape) for a in arguments if hasattr(a, "shape")]
    if kind is Kind.CONVOLUTION and len(shapes) > 1:
        groups = next((a for a in arguments[6:7] if isinstance(a, int)), 1)
        expected = shapes[1][1] * groups
        if len(shapes[0]) == 4 and shapes[0][1] != expected and "transpose" not in (operator or ""):
            return f"it expects {expected} channels and gets {shapes[0][1]}"
        return f"nothing is left of its {_map(shapes[0])} map after a {_map(shapes[1])} kernel"
    if kind is Kind.POOLING and shapes:
        return f"nothing is left of its {_map(shapes[0])} map"
    if kind is Kind.LINEAR and len(shapes) > 1 and shapes[0][-1] != shapes[1][-1]:
        return f"it expects {shapes[1][-1]} features and gets {shapes[0][-1]}"
    text = (str(error).strip() or type(error).__name__).splitlines()[0].rstrip(".")
    if "meta" in text and ("item" in text or "scalar" in text):
        return "it reads the values of a tensor, and ConvScope analyses shapes without values"
    return text


def _map(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape[2:])) if len(shape) > 2 else " x ".join(map(str, shape))
