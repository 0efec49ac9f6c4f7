"""PyTorch's own operator formulas as a witness of the MACs, on a forward pass of its own.

``torch.utils.flop_counter.FlopCounterMode`` itself installs hooks on every module of the process
while it counts, so that a forward pass in another thread would run through them. Its formulas are
public (``flop_registry``) and are applied here to what one thread's dispatcher sees.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from analysis.private_copy import private_copy


def pytorch_flops(model: nn.Module, shapes: Sequence[Sequence[int]]) -> Counter[str]:
    """FLOPs (two for each MAC) by ATen operator for a batch of one, by PyTorch's formulas.

    ``shapes`` are the inputs without the batch. Runs on a weightless private copy, with gradients
    off but outside inference mode, so that it sees the operators that composite ones consist of.
    AlexNet at 3 x 224 x 224: {"convolution": 1311133056, "addmm": 117243904}.
    """
    private = private_copy(model)
    with torch.no_grad(), _Counting() as counting:
        private.model(*(torch.empty((1, *shape), device="meta") for shape in shapes))
    return counting.flops


class _Counting(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.flops: Counter[str] = Counter()

    def __torch_dispatch__(
        self, func: Any, types: Any, args: tuple[Any, ...] = (), kwargs: dict[str, Any] | None = None
    ) -> Any:
        kwargs = kwargs or {}
        packet = func._overloadpacket
        formula = flop_registry.get(packet)
        if formula is None:
            with self:
                result = func.decompose(*args, **kwargs)
            return func(*args, **kwargs) if result is NotImplemented else result
        result = func(*args, **kwargs)
        self.flops[packet.__name__] += formula(*args, **kwargs, out_val=result)
        return result
