"""Replace the fully connected head of a classifier by global average pooling (GAP).

A head that flattens a map of C x h x w has a weight for each position, so it holds most parameters
of AlexNet and VGG and fits one map size. Global average pooling takes the mean over all positions
first and needs C weights a class, at any size. Lin, Chen and Yan, "Network In Network" (2013),
section 3.2, who introduced it, take a map a class (a 1 x 1 convolution) and pool that; GoogLeNet
and ResNet pool first and classify with one linear layer. Without the ReLU that Network In Network
has before its pooling both would compute the same function.

The head is found by following one forward pass back from the scores (:mod:`models.head_finder`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn

from models.head_finder import Head, HeadKind, find_head
from models.module_copies import copy_with_its_tensors, meta_twin, put_module
from models.records import InputShape

HeadChoice = Literal["gap_linear", "conv_gap"]
HEAD_CHOICES: tuple[HeadChoice, ...] = ("gap_linear", "conv_gap")
_ADAPTIVE = (nn.AdaptiveAvgPool2d, nn.AdaptiveMaxPool2d)


@dataclass(frozen=True, slots=True)
class HeadModule:
    """A module that was removed or added: its path, what it is ("Linear(in_features=256, ...)"), its parameters."""

    path: str
    description: str
    params: int


@dataclass(frozen=True, slots=True, eq=False)
class SurgeryResult:
    """A network after the surgery, and what was done.

    ``model`` is a private copy whose trunk holds the very tensors of the original under the same
    names. ``changed`` is False where there was no flattened map to replace: then ``model`` is a copy
    as it was, and ``explanation`` says why in a sentence. ``channels`` and ``map_size`` (h, w) are
    those of the map that was flattened, None without one. ``accepts_any_size`` says that the network
    now runs at a larger, oblong size too, and ``accepted_any_size`` that the original did
    (torchvision's AlexNet and VGG do, because they resample the map before they flatten it).
    """

    model: nn.Module
    kind: HeadChoice
    changed: bool
    explanation: str
    removed: tuple[HeadModule, ...]
    added: tuple[HeadModule, ...]
    classes: int
    channels: int | None
    map_size: tuple[int, int] | None
    accepts_any_size: bool
    accepted_any_size: bool


def replace_head(
    model: nn.Module, kind: HeadChoice = "gap_linear", input_shape: InputShape = (3, 224, 224)
) -> SurgeryResult:
    """Replace a flatten-and-fully-connected head by global average pooling, on a private copy.

    "gap_linear" pools and classifies with one linear layer; "conv_gap" makes one map a class by a
    1 x 1 convolution and a ReLU and pools that. New layers have the device and dtype of the old ones
    and PyTorch's default initialisation. ``input_shape`` (channels, height, width) is a size that the
    network can take. The original is left as it was; training the copy trains its trunk.

    AlexNet with "gap_linear": 58,631,144 parameters in the head become 257,000. Raises ValueError for
    another kind, for a network that cannot run on ``input_shape`` and for a head that is not made of
    modules.
    """
    if kind not in HEAD_CHOICES:
        raise ValueError(f"Unknown head {kind!r}: choose {' or '.join(HEAD_CHOICES)}.")
    name = type(model).__name__
    try:
        head = find_head(meta_twin(model), input_shape)
    except RuntimeError as error:
        size = " x ".join(map(str, input_shape))
        raise ValueError(
            f"{name} cannot run on an input of {size}: choose another size ({error})."
        ) from error
    patient = copy_with_its_tensors(model)
    accepted = _runs_at(model, head.classes, _larger(input_shape))
    if head.kind is not HeadKind.FLATTEN:
        return SurgeryResult(
            model=patient,
            kind=kind,
            changed=False,
            explanation=f"{name} {_WHY_NOT[head.kind]}.",
            removed=(),
            added=(),
            classes=head.classes,
            channels=None,
            map_size=None,
            accepts_any_size=accepted,
            accepted_any_size=accepted,
        )
    before, known = _leaves(patient), set(patient.modules())
    linear = {
        path: module for path in head.modules if isinstance(module := patient.get_submodule(path), nn.Linear)
    }
    if not linear:
        raise ValueError(f"The head of {name} has no linear layer that is a module: it cannot be replaced.")
    last = list(linear)[-1]
    maker = _Maker(head, kind, has_bias=linear[last].bias is not None, like=linear[last].weight)
    _operate(patient, head, maker, last)
    for fresh in set(patient.modules()) - known:
        fresh.training = model.training
    after = _leaves(patient)
    if not _runs_at(patient, head.classes, input_shape):
        raise ValueError(f"The head of {name} does more than its modules say: it cannot be replaced.")
    height, width = head.map_size
    return SurgeryResult(
        model=patient,
        kind=kind,
        changed=True,
        explanation=(
            f"{name} flattened a map of {head.channels} x {height} x {width} before its fully connected layers; "
            "now it takes the mean over all positions instead, at any size."
        ),
        removed=tuple(
            _described(path, module) for path, module in before.items() if after.get(path) is not module
        ),
        added=tuple(
            _described(path, module) for path, module in after.items() if before.get(path) is not module
        ),
        classes=head.classes,
        channels=head.channels,
        map_size=head.map_size,
        accepts_any_size=_runs_at(patient, head.classes, _larger(input_shape)),
        accepted_any_size=accepted,
    )


_WHY_NOT = {
    HeadKind.GLOBAL_POOL: "already pools its last map globally before it classifies",
    HeadKind.FIXED_POOL: "already pools its last map to one value a channel, by a window of this map's size",
    HeadKind.TOKEN: "classifies one token, so it has no flattened map to replace",
    HeadKind.NONE: "has no flattened map before its scores",
}


def _operate(patient: nn.Module, head: Head, make: _Maker, last_linear: str) -> None:
    """Put the new head in place: where the map is pooled or flattened, and where the scores are made."""
    container = _container(patient, head)
    if isinstance(patient.get_submodule(head.producer), _ADAPTIVE):
        put_module(patient, head.producer, make.pooled_map())
        scores: nn.Module = make.scores()
    elif isinstance(patient.get_submodule(head.flattener), nn.Flatten):
        put_module(patient, head.flattener, nn.Sequential(*make.pooled_map_layers(), nn.Flatten(1)))
        scores = make.scores()
    elif container and _is_within(head.flattener, container):
        scores = make.sequence(*make.pooled_map_layers(), nn.Flatten(1), make.scores())
    else:
        scores = make.sequence(*make.pooled_vector_layers(), nn.Flatten(1), make.scores())
    if container:
        put_module(patient, container, scores)
        return
    for path in head.modules:
        put_module(patient, path, scores if path == last_linear else nn.Identity())


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes the parts of a new head."""

    head: Head
    kind: HeadChoice
    has_bias: bool
    like: Tensor

    def pooled_map_layers(self) -> list[nn.Module]:
        """From a map (N, C, h, w) to one position (N, C or classes, 1, 1)."""
        if self.kind == "gap_linear":
            return [nn.AdaptiveAvgPool2d(1)]
        return [self._classes(nn.Conv2d), nn.ReLU(), nn.AdaptiveAvgPool2d(1)]

    def pooled_map(self) -> nn.Module:
        """The same as one module."""
        layers = self.pooled_map_layers()
        return layers[0] if len(layers) == 1 else nn.Sequential(*layers)

    def pooled_vector_layers(self) -> list[nn.Module]:
        """From a flattened map (N, C h w) of any size to one position (N, C or classes, 1)."""
        unflatten = nn.Unflatten(1, (self.head.channels, -1))
        if self.kind == "gap_linear":
            return [unflatten, nn.AdaptiveAvgPool1d(1)]
        return [unflatten, self._classes(nn.Conv1d), nn.ReLU(), nn.AdaptiveAvgPool1d(1)]

    def scores(self) -> nn.Module:
        """From the pooled vector to the scores."""
        if self.kind == "conv_gap":
            return nn.Identity()
        head, like = self.head, self.like
        return nn.Linear(head.channels, head.classes, self.has_bias, device=like.device, dtype=like.dtype)

    def sequence(self, *modules: nn.Module) -> nn.Module:
        """Modules in order, without those that do nothing."""
        return nn.Sequential(*(module for module in modules if not isinstance(module, nn.Identity)))

    def _classes(self, layer: type[nn.Conv1d] | type[nn.Conv2d]) -> nn.Module:
        head, like = self.head, self.like
        return layer(head.channels, head.classes, 1, bias=self.has_bias, device=like.device, dtype=like.dtype)


def _container(patient: nn.Module, head: Head) -> str:
    """Path of the smallest module that holds the whole head and nothing else; "" if there is none."""
    parts = [path.split(".") for path in head.modules]
    shared = parts[0]
    for other in parts[1:]:
        shared = shared[
            : next((i for i, (a, b) in enumerate(zip(shared, other, strict=False)) if a != b), len(shared))
        ]
    path = ".".join(shared)
    held = {inner for inner in _leaves(patient) if _is_within(inner, path)}
    return path if path and held <= set(head.modules) else ""


def _is_within(path: str, container: str) -> bool:
    return path == container or path.startswith(f"{container}.")


def _leaves(model: nn.Module) -> dict[str, nn.Module]:
    return {path: module for path, module in model.named_modules() if next(module.children(), None) is None}


def _described(path: str, module: nn.Module) -> HeadModule:
    return HeadModule(path, str(module), sum(parameter.numel() for parameter in module.parameters()))


def _larger(input_shape: InputShape) -> InputShape:
    """A size to try: more than twice as high and half as wide again."""
    channels, height, width = input_shape
    return channels, 2 * height + 1, width + width // 2


def _runs_at(model: nn.Module, classes: int, input_shape: InputShape) -> bool:
    try:
        with torch.no_grad():
            scores = meta_twin(model)(torch.empty(1, *input_shape, device="meta"))
    except (AssertionError, RuntimeError, ValueError):
        return False
    return scores.shape == (1, classes)
