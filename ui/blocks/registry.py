"""The building blocks by their name in the URL. A block's module is imported when it is first shown."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module

from ui.blocks.shown import Shown


@dataclass(frozen=True, slots=True)
class Block:
    """A building block: its name on the button, and the question that it answers."""

    label: str
    question: str


BLOCKS: dict[str, Block] = {
    "windows": Block("Output size", "How large does a map become, and what falls off its border?"),
    "sharing": Block("Why convolution", "What do shared weights save, and what do they bring?"),
    "stacks": Block("Stacks of 3 x 3", "What do many small kernels cost beside one large one?"),
    "inception": Block("Inception", "What do the 1 x 1 reductions of an Inception module save?"),
    "residual": Block("Bottleneck", "What does a bottleneck buy, and what do many narrow paths?"),
    "separable": Block("Depthwise separable", "What does it save to convolve each channel by itself?"),
    "groups": Block("Groups and reach", "Which input channels can reach which output channel?"),
    "stripes": Block("Stripes task", "Can two separate towers see whether a red and a blue stripe cross?"),
    "response": Block("Local response normalisation", "How does one strong channel quiet its neighbours?"),
    "dropout": Block("Dropout", "What does dropout do to a layer, and why does somebody have to scale?"),
}


def show(name: str) -> Shown:
    """Draw the block: ``ui.blocks.<name>.show``."""
    shown: Shown = import_module(f"ui.blocks.{name}").show()
    return shown
