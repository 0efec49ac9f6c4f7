"""BlurPool: let a network low-pass what it subsamples, on a private copy that keeps all its parameters.

Zhang, "Making Convolutional Networks Shift-Invariant Again" (ICML 2019, arXiv 1904.11486), section 3.2: max
pooling becomes a dense maximum, a blur and a subsampling; a strided convolution with its activation becomes
a dense one, the activation, a blur and a subsampling; average pooling becomes a blur and a subsampling. The blur
is binomial (:mod:`models.blur`); where it stands is found from one forward pass (:mod:`models.blur_places`).

The weights stay those of the network without blurs. The paper trains its networks with them; weights
trained without lose accuracy until they are trained on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from models.blur import Blur, BlurredMaxPool, Window, blur_around
from models.blur_places import Kind, LeftAlone, Place, find_places
from models.module_copies import copy_with_its_tensors, meta_twin, put_module
from models.records import InputShape
from models.value_flow import ValueFlow, follow

TAPS = (3, 4, 5)


@dataclass(frozen=True, slots=True)
class Blurring:
    """One subsampling that now reads a blurred map.

    ``path`` is its module, ``before`` and ``after`` what it was and is ("Conv2d(3, 64, ...)"), ``stride`` (h, w) is
    now the blur's, and ``blurs`` are the paths of the blurs.
    """

    path: str
    kind: Kind
    stride: tuple[int, int]
    before: str
    after: str
    blurs: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class BlurPoolResult:
    """A network that blurs what it subsamples, and what was done.

    ``model`` is a private copy that holds the very tensors of the original under the same names.
    ``blurred`` are the subsamplings that were changed, ``left_alone`` those that were not, each in order;
    ``changed`` is False where nothing was. ``explanation`` says it in a sentence.
    """

    model: nn.Module
    taps: int
    changed: bool
    explanation: str
    blurred: tuple[Blurring, ...]
    left_alone: tuple[LeftAlone, ...]


def blur_pooling(
    model: nn.Module,
    taps: int = 3,
    input_shape: InputShape = (3, 224, 224),
    *,
    keep_first: bool = False,
) -> BlurPoolResult:
    """Put a binomial blur of 3, 4 or 5 values a side before everything that subsamples, on a private copy.

    All maps behind a subsampling keep their sizes. ``keep_first`` leaves a strided first convolution as it is,
    as the paper does in ResNet, since at stride 1 it costs S^2 times as much on the largest map.
    ``input_shape`` (channels, height, width) is a size that the network can take. Works on the meta
    device and on real weights.

    ResNet-50: eight places, 25,557,032 parameters as before. Raises ValueError for another number of taps
    and for a network that cannot run on ``input_shape``.
    """
    if taps not in TAPS:
        raise ValueError(f"A blur of {taps} values is not offered: choose {', '.join(map(str, TAPS))}.")
    name = type(model).__name__
    twin = meta_twin(model)
    try:
        flow = follow(twin, input_shape)
    except (AssertionError, RuntimeError, ValueError) as error:
        size = " x ".join(map(str, input_shape))
        raise ValueError(
            f"{name} cannot run on an input of {size}: choose another size ({error})."
        ) from error
    places, alone = find_places(twin, flow)
    kept = [place for place in places if keep_first and place.reads_first]
    alone = (*(LeftAlone(place.path, "is the first layer, which was to stay") for place in kept), *alone)
    patient = copy_with_its_tensors(model)
    like = next(patient.parameters(), None)
    blurred = tuple(_operate(patient, place, taps, like) for place in places if place not in kept)
    _check(patient, flow, input_shape, name)
    return BlurPoolResult(
        model=patient,
        taps=taps,
        changed=bool(blurred),
        explanation=_explanation(name, taps, len(blurred), len(alone)),
        blurred=blurred,
        left_alone=alone,
    )


def _operate(patient: nn.Module, place: Place, taps: int, like: Tensor | None) -> Blurring:
    """Take one subsampling apart and put its blur in place."""
    module: Any = patient.get_submodule(place.path)
    before = str(module)
    strides = (Window(stride=place.windows[0].stride), Window(stride=place.windows[1].stride))
    blurs: list[str] = []
    if place.kind is Kind.CONVOLUTION:
        module.stride = (1, 1)
        after = str(module)
        for path, side in place.blurs:
            around = patient.get_submodule(path)
            known = set(around.children())
            blur_around(around, Blur(taps, strides, like), side)
            blurs += [f"{path}.{name}" for name, child in around.named_children() if child not in known]
    else:
        pooled = (BlurredMaxPool if place.kind is Kind.MAX_POOLING else Blur)(taps, place.windows, like)
        pooled.training = module.training
        put_module(patient, place.path, pooled)
        after = f"MaxPool2d({pooled.extra_repr()})" if isinstance(pooled, BlurredMaxPool) else str(pooled)
        blurs.append(f"{place.path}.blur" if isinstance(pooled, BlurredMaxPool) else place.path)
    return Blurring(
        path=place.path,
        kind=place.kind,
        stride=(place.windows[0].stride, place.windows[1].stride),
        before=before,
        after=after,
        blurs=tuple(blurs),
    )


def _check(patient: nn.Module, flow: ValueFlow, input_shape: InputShape, name: str) -> None:
    """Raise where the network no longer returns maps of the same sizes, or cannot run any more."""
    try:
        after = follow(meta_twin(patient), input_shape)
    except (AssertionError, RuntimeError, ValueError) as error:
        raise ValueError(
            f"{name} computes with the sizes of its maps in a way that blurs disturb ({error})."
        ) from error
    last, now = (f.maker(f.result) if f.result is not None else None for f in (flow, after))
    if (last and last.after) != (now and now.after):
        raise ValueError(f"The blurs would change the size of what {name} returns.")


def _explanation(name: str, taps: int, blurred: int, alone: int) -> str:
    if not blurred and not alone:
        return f"{name} subsamples nowhere."
    if not blurred:
        return f"{name} has no place for a blur: {_counted(alone)} cannot be changed."
    rest = f", and {alone} {'is' if alone == 1 else 'are'} left as before" if alone else ""
    verb = "reads" if blurred == 1 else "read"
    return f"{name}: {_counted(blurred)} now {verb} a map blurred by {taps} x {taps} values{rest}."


def _counted(places: int) -> str:
    return "1 subsampling" if places == 1 else f"{places} subsamplings"
