"""What every unit of every module sees, found without ConvScope and without changing the network.

One row of the input is set to "not a number". Every arithmetic operation hands that on, so the units
that are "not a number" afterwards are those that see the row; likewise for columns. The network keeps
its random weights and its own activations.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

_BATCH = 32


def poisoned(model: nn.Module, shape: Sequence[int], axis: int) -> dict[str, Tensor]:
    """For each module that returns a tensor, whether each value (last) depends on each line (first) of the image.

    ``axis`` -2 poisons rows, -1 columns. The channels are joined (dimension 1 of maps).
    """
    seen: dict[str, list[Tensor]] = {}
    lines = shape[axis]

    def keep(path: str) -> Any:
        def hook(module: nn.Module, arguments: Any, output: Any) -> None:
            if isinstance(output, Tensor) and len(output) == batch:
                seen.setdefault(path, []).append(output.isnan())

        return hook

    handles = [module.register_forward_hook(keep(path)) for path, module in model.named_modules()]
    with torch.no_grad():
        for start in range(0, lines, _BATCH):
            batch = min(_BATCH, lines - start)
            images = torch.rand(batch, *shape)
            for sample in range(batch):
                images[sample].select(axis, start + sample).fill_(float("nan"))
            model(images)
    for handle in handles:
        handle.remove()
    return {path: torch.cat(masks) for path, masks in seen.items() if sum(map(len, masks)) == lines}
