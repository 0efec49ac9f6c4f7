"""Building models of the zoo: the right network, no weights, nothing of the caller's touched."""

from __future__ import annotations

import random
import subprocess
import sys
import warnings
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor

import numpy
import pytest
import torch
import torchvision.models as torchvision_models
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

import models
from models.weightless import construct_without_weights

# torchvision counts GoogLeNet without its auxiliary heads aux1 and aux2, but builds them by default.
AUXILIARY_HEADS = {"googlenet": 13_004_888 - 6_624_904}
EIGHT = (
    "regnet_y_128gf",
    "vit_h_14",
    "resnet50",
    "regnet_x_400mf",
    "swin_v2_t",
    "googlenet",
    "maxvit_t",
    "densenet121",
)


def count(tensors: Iterable[Tensor]) -> int:
    """Elements of all tensors together."""
    return sum(tensor.numel() for tensor in tensors)


@pytest.mark.parametrize("name", models.names())
def test_parameters_equal_the_published_number(name: str) -> None:
    """Each set of published weights, at its own size, has exactly the parameters of the built model."""
    for entry in torchvision_models.get_model_weights(name):
        model = models.build(name, entry.transforms().crop_size[0])
        assert count(model.parameters()) == entry.meta["num_params"] + AUXILIARY_HEADS.get(name, 0)


@pytest.mark.parametrize("name", models.names())
def test_a_built_model_runs_at_the_size_of_its_card_with_the_published_macs(name: str) -> None:
    """PyTorch's own counter finds the card's GMACs, to the last published digit, without any memory."""
    card = models.card(name)
    model = models.build(name)
    assert not model.training
    assert all(tensor.is_meta for tensor in (*model.parameters(), *model.buffers()))
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        output = model(torch.empty(1, *card.input_shape, device="meta"))
    assert tuple(output.shape) == (1, 1000)
    assert card.gmacs is not None
    assert abs(counter.get_total_flops() / 2 - card.gmacs * 1e9) <= 0.5e6


@pytest.mark.parametrize(
    ("name", "heads", "with_heads", "without"),
    [
        ("googlenet", ("aux1", "aux2"), 13_004_888, 6_624_904),
        ("inception_v3", ("AuxLogits",), 27_161_264, 23_834_568),
    ],
)
def test_auxiliary_heads_are_built(name: str, heads: tuple[str, ...], with_heads: int, without: int) -> None:
    """The heads that the card's note names account for the whole difference."""
    model = models.build(name)
    total = count(model.parameters())
    assert total == with_heads
    assert total - sum(count(model.get_submodule(head).parameters()) for head in heads) == without


@pytest.mark.parametrize("name", ["regnet_y_400mf", "resnet18", "swin_t", "vit_b_16", "mnasnet0_5"])
def test_a_built_model_has_the_tensors_of_an_ordinary_one(name: str) -> None:
    """Names, shapes, dtypes and trainability are those of the model that torchvision builds with weights."""
    ordinary = torchvision_models.get_model_builder(name)(weights=None)
    built = models.build(name)
    assert [(key, value.shape, value.dtype) for key, value in built.state_dict().items()] == [
        (key, value.shape, value.dtype) for key, value in ordinary.state_dict().items()
    ]
    assert [key for key, value in built.named_parameters() if value.requires_grad] == [
        key for key, value in ordinary.named_parameters() if value.requires_grad
    ]


@pytest.mark.parametrize("name", ["vit_h_14", "regnet_y_128gf"])
def test_the_largest_models_take_no_memory(name: str) -> None:
    """A fresh process grows by less than 300 MB when it builds a model whose weights take 2.5 GB."""
    pytest.importorskip("resource")
    code = (
        "import resource, torchvision, models\n"
        "before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        f"model = models.build({name!r})\n"
        "after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss\n"
        "print(after - before, sum(parameter.numel() for parameter in model.parameters()))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    growth, params = map(int, found.stdout.split())
    kibibytes = growth / 1024 if sys.platform == "darwin" else growth
    assert kibibytes * 1024 < 300e6
    assert params == models.card(name).params


def numpy_state() -> tuple[bytes, int]:
    """The state of numpy's global generator."""
    state = numpy.random.get_state(legacy=False)["state"]
    return state["key"].tobytes(), state["pos"]


def test_nothing_of_the_caller_is_touched() -> None:
    """Random generators, default device and grad mode are as before, and nothing warns, for all 80."""
    before = (torch.get_rng_state(), random.getstate(), numpy_state())
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for name in models.names():
            models.build(name)
    assert torch.equal(torch.get_rng_state(), before[0])
    assert random.getstate() == before[1]
    assert numpy_state() == before[2]
    assert torch.empty(1).device == torch.device("cpu")
    assert torch.is_grad_enabled()


def test_eight_threads_build_as_one_does() -> None:
    """Different models built at once have the parameters of the card, and real layers elsewhere stay real."""

    def build_and_look(name: str) -> tuple[int, bool]:
        model = models.build(name)
        ordinary = nn.Linear(2, 2)
        return count(model.parameters()), bool(torch.isfinite(ordinary.weight).all())

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(build_and_look, EIGHT * 4))
    expected = {name: (models.card(name).params or 0) + AUXILIARY_HEADS.get(name, 0) for name in EIGHT}
    assert found == [(expected[name], True) for name in EIGHT] * 4


@pytest.mark.parametrize(
    ("name", "size", "sentence"),
    [
        ("vit_b_16", 230, "ViT-B/16 cannot be built for images of 230 pixels: choose a multiple of 16"),
        ("vit_h_14", 7, "ViT-H/14 cannot be built for images of 7 pixels: choose a multiple of 14"),
        ("resnet18", 0, "ResNet-18 cannot be built for images of 0 pixels: choose 1 or more"),
        ("maxvit_t", 256, "MaxViT-T cannot be built for images of 256 pixels: choose a multiple of 224"),
    ],
)
def test_a_size_that_a_model_cannot_have_is_refused(name: str, size: int, sentence: str) -> None:
    """The sentence names the model and the size and says which sizes it can have."""
    with pytest.raises(ValueError, match=sentence):
        models.build(name, size)


@pytest.mark.parametrize(("name", "size"), [("vit_b_32", 96), ("vit_h_14", 28), ("maxvit_t", 448)])
def test_models_with_a_size_step_run_at_its_multiples(name: str, size: int) -> None:
    """A model built for another multiple of its step runs there."""
    output = models.build(name, size)(torch.empty(1, 3, size, size, device="meta"))
    assert tuple(output.shape) == (1, 1000)


class Tied(nn.Module):
    """Two layers that share one weight, and a buffer that a constructor computes from real values."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.second = nn.Linear(4, 4), nn.Linear(4, 4)
        self.first.weight = self.second.weight = nn.Parameter(torch.zeros(4, 4), requires_grad=False)
        self.widths: Tensor
        self.register_buffer("widths", torch.arange(int(torch.ones(3).sum())))


def test_shared_tensors_stay_shared() -> None:
    """A weight that two layers share is one meta tensor still, frozen still; values could be computed with."""
    module = construct_without_weights(Tied)
    assert isinstance(module, Tied)
    assert module.first.weight is module.second.weight
    assert module.first.weight.is_meta
    assert not module.first.weight.requires_grad
    assert module.widths.is_meta
    assert tuple(module.widths.shape) == (3,)


def test_a_constructor_that_runs_its_layers_is_called_on_the_meta_device() -> None:
    """A real tensor cannot pass through layers without weights; the second attempt has none."""

    def probing() -> nn.Module:
        layer = nn.Conv2d(3, 8, 3)
        return nn.Sequential(layer, nn.Flatten(), nn.Linear(layer(torch.zeros(1, 3, 5, 5)).numel(), 2))

    module = construct_without_weights(probing)
    # 3 * 8 * 9 + 8 in the convolution, 8 * 3 * 3 = 72 features, 72 * 2 + 2 in the linear layer
    assert count(module.parameters()) == 224 + 146


def test_the_random_generator_of_the_caller_is_not_drawn_from() -> None:
    """A constructor may draw numbers to compute with; they come from a private generator, the same each time."""

    def drawing() -> nn.Module:
        return nn.Linear(int(torch.randperm(50)[0]) + 1, int(torch.zeros(1).random_(1, 9)), bias=False)

    before = torch.get_rng_state()
    shapes = {
        tuple(weight.shape) for _ in range(3) for weight in construct_without_weights(drawing).parameters()
    }
    assert torch.equal(torch.get_rng_state(), before)
    assert len(shapes) == 1
