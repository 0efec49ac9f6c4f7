"""Replacing fully connected heads: the trunk stays, the head shrinks, and any size goes in."""

from __future__ import annotations

from collections import OrderedDict

import pytest
import torch
import torchvision.models as torchvision_models
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import models
from analysis import analyze
from models.head_surgery import HEAD_CHOICES, HeadChoice, replace_head

FLATTENING = ("alexnet", *(f"vgg{depth}{norm}" for depth in (11, 13, 16, 19) for norm in ("", "_bn")))


def owned(model: nn.Module) -> dict[str, Tensor]:
    """All parameters and buffers by name, the tensors themselves."""
    return dict(model.named_parameters()) | dict(model.named_buffers())


@pytest.mark.parametrize("kind", HEAD_CHOICES)
@pytest.mark.parametrize("name", FLATTENING)
def test_heads_that_flatten_are_replaced(name: str, kind: HeadChoice) -> None:
    """The trunk keeps its tensors, the head has C * 1000 + 1000 parameters, and both runs agree on the rest."""
    original = models.build(name)
    before = owned(original)
    result = replace_head(original, kind)
    after = owned(result.model)
    trunk = {key for key in before if not key.startswith("classifier")}
    assert all(after[key] is before[key] for key in trunk)
    channels = 256 if name == "alexnet" else 512
    fresh = {key: tensor for key, tensor in after.items() if key not in trunk}
    assert sum(tensor.numel() for tensor in fresh.values()) == channels * 1000 + 1000
    assert result.changed
    assert (result.channels, result.classes) == (channels, 1000)
    assert sum(module.params for module in result.added) == channels * 1000 + 1000
    assert sum(module.params for module in result.removed) == sum(
        parameter.numel() for parameter in models.build(name).get_submodule("classifier").parameters()
    )
    assert {module.path.split(".")[0] for module in result.removed} == {"avgpool", "classifier"}
    assert result.accepts_any_size
    assert result.accepted_any_size  # both resample the map by adaptive pooling before they flatten it
    # the original is whole
    assert {key: id(tensor) for key, tensor in owned(original).items()} == {
        key: id(tensor) for key, tensor in before.items()
    }
    rows = analyze(original, (3, 224, 224)).rows
    changed = analyze(result.model, (3, 224, 224)).rows
    features = [(row.name, row.macs, row.output_shape) for row in rows if row.name.startswith("features")]
    assert [
        (row.name, row.macs, row.output_shape) for row in changed if row.name.startswith("features")
    ] == features
    assert changed[-1].output_shape == (1, 1000)


# The smallest network of each family: the others have the same head.
SMALLEST = {
    card.family: card.name for card in sorted(models.cards(), key=lambda card: card.gmacs or 0, reverse=True)
}


@pytest.mark.parametrize("name", sorted(set(SMALLEST.values()) - set(FLATTENING)))
def test_models_without_a_flattened_map_say_so(name: str) -> None:
    """One sentence says why, and the model stays as it is."""
    original = models.build(name)
    result = replace_head(original, "gap_linear", models.card(name).input_shape)
    assert not result.changed
    assert (result.removed, result.added) == ((), ())
    token = name.startswith("vit")
    reason = "classifies one token" if token else "already pools its last map globally"
    assert result.explanation.startswith(f"{type(original).__name__} {reason}")
    assert result.explanation.count(".") == 1
    assert all(tensor is owned(original)[key] for key, tensor in owned(result.model).items())
    assert result.accepts_any_size is (not token and name != "maxvit_t")  # those take multiples of their size


# Each new head: C * classes + classes.
@pytest.mark.parametrize(
    ("name", "channels", "head_params"),
    [
        ("alexnet_2012", 256, 257_000),
        ("vgg16_c", 512, 513_000),
        ("lenet5_modern", 120, 1_210),
        ("lenet5", 120, 1_210),
    ],
)
@pytest.mark.parametrize("kind", HEAD_CHOICES)
def test_historical_heads(name: str, channels: int, head_params: int, kind: HeadChoice) -> None:
    """Models that took one size only take any afterwards; the 1998 LeNet's output units go with its head."""
    original = models.build(name)
    result = replace_head(original, kind, models.card(name).input_shape)
    assert (result.changed, result.channels) == (True, channels)
    assert (result.accepted_any_size, result.accepts_any_size) == (False, True)
    assert sum(module.params for module in result.added) == head_params
    before = {id(tensor) for tensor in owned(original).values()}
    assert sum(t.numel() for t in owned(result.model).values() if id(t) not in before) == head_params
    assert all(
        tensor is owned(result.model)[key] for key, tensor in owned(original).items() if tensor.ndim == 4
    )


# Trunk 655,566,528 MACs and 2,469,696 parameters. GAP and Linear(256, 1000): 256,000 MACs, 257,000 parameters.
# 1 x 1 convolution on the 6 x 6 map: 36 times 256,000 MACs.
@pytest.mark.parametrize(
    ("kind", "macs"), [("gap_linear", 655_566_528 + 256_000), ("conv_gap", 655_566_528 + 36 * 256_000)]
)
def test_alexnet_in_numbers(kind: HeadChoice, macs: int) -> None:
    """61,100,840 parameters become 2,726,696; PyTorch's counter and the trace agree on the MACs."""
    result = replace_head(models.build("alexnet"), kind)
    assert sum(module.params for module in result.removed) == 58_631_144
    assert sum(module.params for module in result.added) == 257_000
    totals = analyze(result.model, (3, 224, 224)).totals
    assert (totals.params, totals.macs) == (2_726_696, macs)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        result.model(torch.empty(1, 3, 224, 224, device="meta"))
    assert counter.get_total_flops() == 2 * macs


@pytest.mark.parametrize("kind", HEAD_CHOICES)
def test_a_real_network_runs_for_real_at_several_sizes(kind: HeadChoice) -> None:
    """AlexNet with weights: finite scores at 64, 224 and an oblong; the traces agree on the shapes."""
    original = torchvision_models.alexnet(weights=None).eval()
    result = replace_head(original, kind)
    weight = result.model.get_submodule("features.0").weight
    assert weight is original.features[0].weight
    parameters = {"gap_linear": 2_726_696, "conv_gap": 2_726_696}[kind]
    for height, width in ((64, 64), (224, 224), (97, 160)):
        with torch.inference_mode():
            scores = result.model(torch.randn(2, 3, height, width))
        assert scores.shape == (2, 1000)
        assert torch.isfinite(scores).all()
        report = analyze(result.model, (3, height, width))
        assert report.rows[-1].output_shape == (1, 1000)
        assert report.totals.params == parameters


def test_global_pooling_means_the_mean_over_all_positions() -> None:
    """The scores are those of the trunk's map averaged by hand, times the new weights."""
    result = replace_head(torchvision_models.vgg11(weights=None).eval())
    image = torch.randn(1, 3, 70, 101)
    with torch.inference_mode():
        pooled = result.model.get_submodule("features")(image).mean(dim=(2, 3))
        head = owned(result.model)
        expected = pooled @ head["classifier.weight"].T + head["classifier.bias"]
        assert torch.allclose(result.model(image), expected, atol=1e-5)


def test_without_its_relu_network_in_network_computes_the_same() -> None:
    """A 1 x 1 convolution and a mean commute, so only the ReLU between them makes the second head another one."""
    original = torchvision_models.alexnet(weights=None).eval()
    linear, convolution = replace_head(original, "gap_linear").model, replace_head(original, "conv_gap").model
    weights, maps = owned(linear), owned(convolution)
    with torch.no_grad():
        maps["avgpool.0.weight"].copy_(weights["classifier.weight"][:, :, None, None])
        maps["avgpool.0.bias"].copy_(weights["classifier.bias"])
        image = torch.randn(1, 3, 96, 96)
        assert not torch.allclose(linear(image), convolution(image), atol=1e-4)
        setattr(convolution.get_submodule("avgpool"), "1", nn.Identity())
        assert torch.allclose(linear(image), convolution(image), atol=1e-5)


class Functional(nn.Module):
    """A LeNet whose forward pass flattens by a function; its linear layers are attributes side by side."""

    def __init__(self) -> None:
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.act1 = nn.Linear(400, 120), nn.Tanh()
        self.fc2 = nn.Linear(120, 10)

    def forward(self, image: Tensor) -> Tensor:
        maps = functional.avg_pool2d(torch.tanh(self.conv1(image)), 2)
        maps = functional.avg_pool2d(torch.tanh(self.conv2(maps)), 2)
        return self.fc2(self.act1(self.fc1(maps.view(maps.shape[0], -1))))


class WholeMap(nn.Module):
    """The LeNet-5 of 1998: its third convolution sees the whole 5 x 5 map, so one position is flattened."""

    def __init__(self) -> None:
        super().__init__()
        self.trunk = nn.Sequential(
            nn.Conv2d(1, 6, 5), nn.Tanh(), nn.AvgPool2d(2), nn.Conv2d(6, 16, 5), nn.Tanh(), nn.AvgPool2d(2),
            nn.Conv2d(16, 120, 5), nn.Tanh(),
        )  # fmt: skip
        self.head = nn.Sequential(nn.Linear(120, 84), nn.Tanh(), nn.Linear(84, 10))

    def forward(self, image: Tensor) -> Tensor:
        return self.head(self.trunk(image).flatten(1))


class OwnHead(nn.Module):
    """A head module that flattens for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.dropout, self.second = (
            nn.Linear(8 * 14 * 14, 32),
            nn.Dropout(),
            nn.Linear(32, 5, bias=False),
        )

    def forward(self, maps: Tensor) -> Tensor:
        return self.second(self.dropout(self.first(torch.flatten(maps, 1))))


def in_sequence() -> nn.Module:
    """Everything in one sequence with a flattening module."""
    return nn.Sequential(
        nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(4 * 15 * 15, 50), nn.ReLU(),
        nn.Linear(50, 10),
    )  # fmt: skip


def with_own_head() -> nn.Module:
    """A trunk and a head that flattens for itself."""
    return nn.Sequential(
        OrderedDict(trunk=nn.Sequential(nn.Conv2d(1, 8, 5), nn.AvgPool2d(2)), head=OwnHead())
    )


# Parameters of the new head: C * classes and, where the old one had a bias, as many as there are classes.
@pytest.mark.parametrize("kind", HEAD_CHOICES)
@pytest.mark.parametrize(
    ("factory", "channels", "map_size", "head_params"),
    [
        (Functional, 16, (5, 5), 16 * 10 + 10),
        (WholeMap, 120, (1, 1), 120 * 10 + 10),
        (in_sequence, 4, (15, 15), 4 * 10 + 10),
        (with_own_head, 8, (14, 14), 8 * 5),
    ],
)
def test_heads_of_other_makes(
    factory: type[nn.Module], channels: int, map_size: tuple[int, int], head_params: int, kind: HeadChoice
) -> None:
    """Functional flattening, a flattening module, a head that flattens, a map of one position: all run at any size."""
    original = factory()
    result = replace_head(original, kind, (1, 32, 32))
    assert result.changed
    assert (result.channels, result.map_size) == (channels, map_size)
    assert result.accepts_any_size
    assert not result.accepted_any_size
    with pytest.raises(RuntimeError):
        original(torch.zeros(1, 1, 45, 61))
    assert result.model(torch.zeros(3, 1, 45, 61)).shape == (3, result.classes)
    kept = {id(tensor) for tensor in owned(original).values()}
    fresh = [tensor for tensor in owned(result.model).values() if id(tensor) not in kept]
    assert sum(tensor.numel() for tensor in fresh) == head_params
    remaining = {key for key, tensor in owned(result.model).items() if id(tensor) in kept}
    convolutions = {key for key, tensor in owned(original).items() if tensor.ndim == 4 or "conv" in key}
    assert convolutions <= remaining
    assert sum(module.params for module in result.removed) == sum(
        module.weight.numel() + (module.bias.numel() if module.bias is not None else 0)
        for module in original.modules()
        if isinstance(module, nn.Linear)
    )


def test_hooks_mode_and_precision() -> None:
    """Hooks of the original are not run, the training flag is kept, and new layers have the old dtype."""
    original = in_sequence().double()
    calls: list[int] = []
    original.get_submodule("0").register_forward_hook(lambda module, inputs, output: calls.append(1))
    original.get_submodule("1").eval()
    result = replace_head(original, "conv_gap", (1, 32, 32))
    silent = [path for path, module in result.model.named_modules() if not module.training]
    assert silent == ["1"]
    assert {tensor.dtype for tensor in owned(result.model).values()} == {torch.float64}
    result.model(torch.zeros(1, 1, 40, 40, dtype=torch.float64))
    assert calls == []
    original(torch.zeros(1, 1, 32, 32, dtype=torch.float64))
    assert calls == [1]


def test_what_cannot_be_done_is_explained() -> None:
    """An unknown kind, an input that does not fit, and an output that is no vector of scores."""
    with pytest.raises(ValueError, match="Unknown head 'gap': choose gap_linear or conv_gap"):
        replace_head(in_sequence(), "gap")  # type: ignore[arg-type]  # a name that is not offered
    with pytest.raises(
        ValueError, match="Sequential cannot run on an input of 3 x 32 x 32: choose another size"
    ):
        replace_head(in_sequence(), "gap_linear", (3, 32, 32))
    with pytest.raises(ValueError, match="The head of Sequential has no linear layer that is a module"):
        replace_head(nn.Sequential(nn.Conv2d(3, 5, 32), nn.Flatten()), "gap_linear", (3, 32, 32))
    with pytest.raises(ValueError, match="Conv2d returns no vector of scores"):
        replace_head(nn.Conv2d(3, 3, 3))


def test_a_fixed_window_pools_globally_at_one_size_alone() -> None:
    """The network says that it pools already, and that it does not take other sizes."""
    fixed = nn.Sequential(nn.Conv2d(3, 8, 3), nn.AvgPool2d(30), nn.Flatten(), nn.Linear(8, 2))
    result = replace_head(fixed, "gap_linear", (3, 32, 32))
    assert not result.changed
    assert not result.accepts_any_size
    assert result.explanation == (
        "Sequential already pools its last map to one value a channel, by a window of this map's size."
    )
