"""What a unit sees, found without ConvScope: the pixels at which its gradient is not zero."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from linear_network import Linearised, make_positive
from torch import Tensor, nn

Box = tuple[int, int, int, int]
Index = tuple[int | slice, ...]


class GradientProbe:
    """One forward pass of a linear, positive version of a network, ready to be asked about any unit.

    ``outputs`` holds what each module returned last, by its path ("" is the network itself). The
    model is changed: its parameters become positive constants in double precision.
    """

    def __init__(self, model: nn.Module, *shapes: Sequence[int]) -> None:
        self.outputs: dict[str, Tensor] = {}
        self.images = [torch.ones(1, *shape, dtype=torch.float64, requires_grad=True) for shape in shapes]
        make_positive(model)
        handles = [
            module.register_forward_hook(self._keep(path))
            for path, module in model.named_modules(remove_duplicate=True)
        ]
        with Linearised():
            model(*self.images)
        for handle in handles:
            handle.remove()

    def _keep(self, path: str) -> Any:
        def hook(module: nn.Module, arguments: Any, output: Any) -> None:
            first = (
                next((item for item in output if isinstance(item, Tensor)), None)
                if isinstance(output, (tuple, list))
                else output
            )
            if isinstance(first, Tensor):
                self.outputs[path] = first.clone()  # a later layer may work in place

        return hook

    def box(self, path: str, index: Index, image: int = 0) -> Box | None:
        """Pixels (top, left, bottom, right), inclusive, that the indexed units of a module's output see."""
        units = self.outputs[path][index].sum()
        if not units.requires_grad:
            return None
        (gradient,) = torch.autograd.grad(units, self.images[image], retain_graph=True, allow_unused=True)
        return None if gradient is None else bounding_box(gradient)


def bounding_box(gradient: Tensor) -> Box | None:
    """Smallest box around the non-zero entries of a (1, channels, height, width) gradient; None if all are zero."""
    assert torch.isfinite(gradient).all(), "the probe overflowed and cannot be trusted"
    seen = (gradient != 0).flatten(0, 1).any(0)
    rows, columns = (seen.any(dim).nonzero().flatten().tolist() for dim in (1, 0))
    return (rows[0], columns[0], rows[-1], columns[-1]) if rows else None


def contains(outer: Box | None, inner: Box | None) -> bool:
    """Say whether a box holds another; a unit that sees nothing fits into anything."""
    if inner is None or outer is None:
        return inner is None
    return outer[0] <= inner[0] and outer[1] <= inner[1] and outer[2] >= inner[2] and outer[3] >= inner[3]
