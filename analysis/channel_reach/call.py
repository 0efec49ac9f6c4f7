"""One operator call as a reachability rule sees it: its arguments, shapes and operands' reach."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from analysis.channel_reach.reach import Reach, Shape, met
from analysis.records import Operation, TensorRecord, TensorRef


@dataclass(frozen=True, slots=True)
class ReachCall:
    """An operation with the reach of its operands; an operand that no source channel reaches has none."""

    operation: Operation
    reaches: dict[TensorRef, Reach]
    shapes: dict[TensorRef, Shape]

    def argument(self, name: str, default: Any = None) -> Any:
        """Value of an argument by its schema name."""
        return self.operation.arguments.get(name, default)

    @property
    def out_shape(self) -> Shape:
        """Shape of the first output."""
        return self.operation.outputs[0].shape

    def shape_of(self, value: Any) -> Shape:
        """Shape of a tensor in an argument, of data or of a constant."""
        return value.shape if isinstance(value, TensorRecord) else self.shapes[value]

    def reach_of(self, value: Any) -> Reach | None:
        """Reach of a tensor in an argument; None if no source channel reaches it."""
        return self.reaches.get(value) if isinstance(value, TensorRef) else None

    def reach(self, name: str) -> Reach | None:
        """Reach of a tensor argument by its schema name."""
        return self.reach_of(self.argument(name))

    def first(self) -> tuple[Reach, Shape]:
        """Reach and shape of the first operand that has one."""
        for reference in self.operation.inputs:
            if reference in self.reaches:
                return self.reaches[reference], self.shapes[reference]
        raise LookupError("no operand that a rule knows is reached")

    def operands(self) -> list[Reach]:
        """Reach of all operands that have one, memory that an in-place operator shares included."""
        return [
            self.reaches[reference] for reference in references(self.operation) if reference in self.reaches
        ]

    def bounded(self, reason: str) -> list[Reach]:
        """Upper bound for every output: each unit sees all that any unit of the operands sees."""
        everything = [operand.everything(1, reason) for operand in self.operands()]
        whole = met(everything, 1).everything(1, reason)
        return [whole.aligned(len(output.shape)) for output in self.operation.outputs]


Rule = Callable[[ReachCall], list[Reach]]


def references(operation: Operation) -> tuple[TensorRef, ...]:
    """All tensors whose values an operation may pass on."""
    return operation.inputs + tuple(operation.arguments.get("aliases", ()))
