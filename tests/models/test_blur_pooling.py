"""BlurPool surgery: what is blurred and where, that nothing else changes, and what it costs."""

from __future__ import annotations

from collections import Counter, OrderedDict
from collections.abc import Callable

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.flop_counter import FlopCounterMode

import models
from analysis import analyze
from models.blur import Blur
from models.blur_places import Kind
from models.blur_pooling import TAPS, blur_pooling
from models.initialised import build_initialised
from models.module_copies import meta_twin

# The smallest network of each family and source: the others have the same modules, more of them.
SMALLEST = {
    (card.source, card.family): card.name
    for card in sorted(
        (*models.cards(), *models.cards("papers")), key=lambda card: card.gmacs or 0, reverse=True
    )
}
ALL = (*SMALLEST.values(), "lenet5", "resnet18_v1", "resnet50_v1", "inception_v3", "vit_b_16")
# What cannot be changed, and the number of places.
FUNCTIONAL = {
    **dict.fromkeys([name for name in models.names() if name.startswith("swin")], 3),
    **dict.fromkeys([name for name in models.names() if name.startswith("vit")], 1),
    **dict.fromkeys(
        [name for name in models.names("papers") if name.startswith("resnet") and "cifar" in name], 2
    ),
    **dict.fromkeys(["resnet18_v1", "resnet34_v1"], 3),
    "inception_v3": 2,
    "lenet5": 2,
}


def owned(model: nn.Module) -> dict[str, Tensor]:
    """All parameters and saved buffers by name, the tensors themselves."""
    return model.state_dict(keep_vars=True)


def output_shapes(model: nn.Module, name: str) -> dict[str, tuple[int, ...]]:
    """The shape of what each module returns, in its last call; on the meta device."""
    shapes: dict[str, tuple[int, ...]] = {}

    def noting(path: str) -> Callable[[nn.Module, object, object], None]:
        def note(module: nn.Module, inputs: object, output: object) -> None:
            if isinstance(output, Tensor):
                shapes[path] = tuple(output.shape)

        return note

    twin = meta_twin(model)
    for path, module in twin.named_modules():
        module.register_forward_hook(noting(path))
    with torch.no_grad():
        twin(torch.empty(1, *models.card(name).input_shape, device="meta"))
    return shapes


@pytest.mark.parametrize("name", dict.fromkeys(ALL))
def test_every_family_of_the_zoo(name: str) -> None:
    """Its tensors are the same under the same names; only maps between a convolution and its blur are larger."""
    original = models.build(name)
    result = blur_pooling(original, 3, models.card(name).input_shape)
    before, after = owned(original), owned(result.model)
    assert before.keys() == after.keys()
    assert all(after[key] is tensor for key, tensor in before.items())
    assert len(result.left_alone) == FUNCTIONAL.get(name, 0)
    assert result.changed is bool(result.blurred)
    assert result.changed is not (name.startswith("vit") or name == "lenet5")
    sizes, sizes_after = output_shapes(original, name), output_shapes(result.model, name)
    changed = {path for path, shape in sizes.items() if sizes_after[path] != shape}
    convolutions = {blurring.path for blurring in result.blurred if blurring.kind is Kind.CONVOLUTION}
    own = {path for path in changed if not path.endswith(tuple(convolutions))}
    kinds = Counter(type(original.get_submodule(path)).__name__ for path in own)
    assert set(kinds) <= {"BatchNorm2d", "BatchNormalisation"}, kinds
    assert len(own) <= len(convolutions)
    assert all(
        isinstance(result.model.get_submodule(path), Blur) for line in result.blurred for path in line.blurs
    )


# Read off the sources: torchvision's ResNet calls one ReLU twice in a block, so the blur waits before the next layer;
# its shortcuts are 1 x 1 and blur first; GoogLeNet's ReLU is a function inside of BasicConv2d.
@pytest.mark.parametrize(
    ("name", "blurs"),
    [
        ("alexnet", {"features.0": "features.1.blur_after", "features.2": "features.2.blur",
                     "features.5": "features.5.blur", "features.12": "features.12.blur"}),
        ("resnet50", {"conv1": "relu.blur_after", "maxpool": "maxpool.blur"}
         | {f"layer{stage}.0.conv2": f"layer{stage}.0.conv3.blur_before" for stage in (2, 3, 4)}
         | {f"layer{stage}.0.downsample.0": f"layer{stage}.0.downsample.0.blur_before" for stage in (2, 3, 4)}),
        ("googlenet", {"conv1.conv": "conv1.blur_after"} | {f"maxpool{i}": f"maxpool{i}.blur" for i in (1, 2, 3, 4)}),
        ("densenet121", {"features.conv0": "features.relu0.blur_after", "features.pool0": "features.pool0.blur"}
         | {f"features.transition{i}.pool": f"features.transition{i}.pool" for i in (1, 2, 3)}),
        ("mobilenet_v2", {f"features.{path}.0": f"features.{path}.2.blur_after"
                          for path in ("0", "2.conv.1", "4.conv.1", "7.conv.1", "14.conv.1")}),
        ("convnext_tiny", {path: f"{path}.blur_after" for path in
                           ("features.0.0", "features.2.1", "features.4.1", "features.6.1")}),
        ("shufflenet_v2_x0_5", {"conv1.0": "conv1.2.blur_after", "maxpool": "maxpool.blur"}
         | {path: f"{path}.blur_after" for stage in (2, 3, 4)
            for path in (f"stage{stage}.0.branch1.0", f"stage{stage}.0.branch2.3")}),
        ("resnet50_v1", {"conv1": "relu1.blur_after", "pool1": "pool1.blur"}),
    ],
)  # fmt: skip
def test_where_the_blurs_stand(name: str, blurs: dict[str, str]) -> None:
    """Behind the activation, before a 1 x 1 shortcut, behind a convolution that none follows."""
    result = blur_pooling(models.build(name))
    found = {blurring.path: ", ".join(blurring.blurs) for blurring in result.blurred}
    assert {path: found[path] for path in blurs} == blurs
    if name != "resnet50_v1":
        assert found.keys() == blurs.keys()


def without_blur(model: nn.Module) -> None:
    """Make every blur of a network take the value in its middle alone: a plain subsampling."""
    for module in model.modules():
        if isinstance(module, Blur):
            taps = torch.zeros_like(module.taps)
            taps[0, 0, (taps.shape[2] - 1) // 2, (taps.shape[3] - 1) // 2] = 1
            module.taps = taps


@pytest.mark.parametrize("taps", TAPS)
@pytest.mark.parametrize(
    ("name", "size"),
    [("resnet18", 97), ("squeezenet1_0", 97), ("googlenet", 96), ("mobilenet_v3_small", 64), ("shufflenet_v2_x0_5", 75),
     ("convnext_tiny", 64), ("alexnet", 96), ("regnet_y_400mf", 65), ("resnet20_cifar", 32)],
)  # fmt: skip
def test_without_the_filter_it_is_the_network_as_it_was(name: str, size: int, taps: int) -> None:
    """Dense layers, subsampled at the same places, give the same scores: every blur stands where it has to."""
    original = build_initialised(name)
    image = torch.randn(2, 3, size, size, generator=torch.Generator().manual_seed(0))
    result = blur_pooling(original, taps, (3, size, size))
    with torch.inference_mode():
        expected, blurred = original(image), result.model(image)
        without_blur(result.model)
        plain = result.model(image)
    # of what the filters change, however little a network with random weights depends on its input
    assert (plain - expected).abs().max() <= 1e-3 * (blurred - expected).abs().max() > 0


# ResNet-18 at 224. Its first convolution: 7 * 7 * 3 * 64 * 112^2 = 118,013,952, at stride 1 four times as many.
# Three 3 x 3 of stride 2: 57,802,752 each, four times as many. The shortcuts cost what they did.
# Eight blurs, 9 for each value behind them: 64 (112^2 + 56^2), then (128 + 64) 28^2, (256 + 128) 14^2, (512 + 256) 7^2.
RESNET18_MORE = 3 * (118_013_952 + 3 * 57_802_752) + 9 * (1_003_520 + 150_528 + 75_264 + 37_632)


def test_resnet18_in_numbers() -> None:
    """2,699,742,464 MACs instead of 1,814,073,344, by the trace and by PyTorch's counter; no parameter more."""
    result = blur_pooling(models.build("resnet18"))
    before, after = (
        analyze(model, (3, 224, 224)).totals for model in (models.build("resnet18"), result.model)
    )
    assert after.macs - before.macs == RESNET18_MORE
    assert after.macs == 2_699_742_464
    assert (after.params, after.effective_stride) == (before.params, before.effective_stride)
    with torch.no_grad(), FlopCounterMode(display=False) as counter:
        result.model(torch.empty(1, 3, 224, 224, device="meta"))
    assert counter.get_total_flops() == 2 * after.macs


# Without the first layer's: 3 * 118,013,952 MACs and a blur of 64 * 112^2 values less.
def test_the_first_layer_may_stay() -> None:
    """As in the paper's ResNet; it is named among what was left alone."""
    result = blur_pooling(models.build("resnet18"), keep_first=True)
    assert [(line.path, line.reason) for line in result.left_alone] == [
        ("conv1", "is the first layer, which was to stay")
    ]
    assert len(result.blurred) == 7
    macs = analyze(result.model, (3, 224, 224)).totals.macs
    assert macs == 1_814_073_344 + RESNET18_MORE - 3 * 118_013_952 - 9 * 64 * 112**2
    assert "7 subsamplings" in result.explanation
    assert "1 is left as before" in result.explanation
    unstrided = blur_pooling(models.build("vgg11"), keep_first=True)
    assert (len(unstrided.blurred), unstrided.left_alone) == (5, ())


# Each 2 x 2 window at stride 2 becomes one at stride 1 and three taps at stride 2: 2 J more, J = 1, 2, 4, 8, 16.
def test_receptive_fields_grow() -> None:
    """VGG-11 sees 150 + 62 pixels; the limit of each subsampling is that of its stride, as before."""
    report = analyze(blur_pooling(models.build("vgg11")).model, (3, 224, 224))
    assert report.totals.receptive_field == (212, 212)
    limits = [row.aliasing_frequency_image for row in report.rows if row.aliasing_frequency]
    assert limits == [(0.5 / stride, 0.5 / stride) for stride in (2, 4, 8, 16, 32)]


def test_a_blur_before_a_1x1_convolution_is_the_same() -> None:
    """A shortcut blurred first gives what it gives blurred last, and costs a quarter."""
    shortcut = nn.Sequential(nn.Conv2d(3, 8, 1, 2, bias=False), nn.BatchNorm2d(8)).eval()
    result = blur_pooling(shortcut, 3, (3, 16, 16))
    assert result.blurred[0].blurs == ("0.blur_before",)
    maps = torch.randn(1, 3, 16, 16)
    dense = functional.conv2d(maps, shortcut.get_parameter("0.weight"))
    filter_ = torch.tensor([1.0, 2, 1]) / 4
    blurred = functional.conv2d(
        functional.pad(dense, (1, 1, 1, 1), "reflect"),
        torch.outer(filter_, filter_).expand(8, 1, 3, 3),
        stride=2,
        groups=8,
    )
    with torch.inference_mode():
        assert torch.allclose(result.model(maps), shortcut[1](blurred), atol=1e-6)


class SharedActivation(nn.Module):
    """One ReLU that runs twice, first behind a strided convolution, where two layers read it."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.relu = nn.Conv2d(1, 4, 3, 2, 1), nn.ReLU(inplace=True)
        self.left, self.right = nn.Conv2d(4, 4, 3, padding=1), nn.Conv2d(4, 4, 1)

    def forward(self, image: Tensor) -> Tensor:
        maps = self.relu(self.first(image))
        return self.relu(self.left(maps) + self.right(maps))


class FunctionalActivation(nn.Module):
    """A ReLU that is a function of the network's own forward pass, and is added to something afterwards."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.other = nn.Conv2d(1, 4, 3, 2, 1), nn.Conv2d(1, 4, 1, 2)

    def forward(self, image: Tensor) -> Tensor:
        return functional.relu(self.first(image)) + self.other(image)


class Twice(nn.Module):
    """A convolution that runs twice."""

    def __init__(self) -> None:
        super().__init__()
        self.halving = nn.Conv2d(4, 4, 2, 2)

    def forward(self, image: Tensor) -> Tensor:
        return self.halving(self.halving(image))


class OwnPooling(nn.MaxPool2d):
    """A pooling with a forward pass of its own."""

    def forward(self, maps: Tensor) -> Tensor:
        return super().forward(maps) + 1


class WithPositions(nn.Module):
    """A pooling that tells where its maxima were, for an unpooling."""

    def __init__(self) -> None:
        super().__init__()
        self.pool, self.unpool = nn.MaxPool2d(2, return_indices=True), nn.MaxUnpool2d(2)

    def forward(self, image: Tensor) -> Tensor:
        return self.unpool(*self.pool(image))


class Sliced(nn.Module):
    """Every third value of the image, which no module does."""

    def forward(self, image: Tensor) -> Tensor:
        return image[:, :, ::3, ::3]


def test_networks_of_other_makes() -> None:
    """A blur before each reader of a shared activation; what has no place is left alone with the reason."""
    shared = blur_pooling(SharedActivation(), 3, (1, 16, 16))
    assert [line.blurs for line in shared.blurred] == [("left.blur_before", "right.blur_before")]
    functional_ = blur_pooling(FunctionalActivation(), 3, (1, 16, 16))
    assert [line.blurs for line in functional_.blurred] == [("other.blur_before",)]
    reasons: dict[Callable[[], nn.Module], tuple[int, str, str]] = {
        FunctionalActivation: (1, "first", "is followed by an activation that is no module of its own"),
        Twice: (4, "halving", "runs 2 times"),
        Sliced: (1, "", "takes every third value by slicing"),
        lambda: nn.Sequential(OwnPooling(2)): (1, "0", "is a OwnPooling, which computes in a way of its own"),
        WithPositions: (1, "pool", "returns the positions of its maxima as well"),
        lambda: nn.Sequential(nn.Conv2d(1, 4, 8, 8)): (
            1, "0", "has a stride of 8, for which a filter of a few values is no low-pass",
        ),
        lambda: nn.MaxPool2d(2): (1, "", "is the whole network"),
    }  # fmt: skip
    for factory, (channels, path, reason) in reasons.items():
        alone = blur_pooling(factory(), 3, (channels, 24, 24)).left_alone
        assert [(line.path, line.reason) for line in alone] == [(path, reason)]


def test_the_original_is_left_as_it_was() -> None:
    """Strides, classes, hooks and flags of the original stay; the copy has its precision and runs no hook of it."""
    conv, relu, pool = nn.Conv2d(1, 4, 3, 2), nn.ReLU(), nn.AvgPool2d(2)
    original = nn.Sequential(OrderedDict(conv=conv, relu=relu, pool=pool)).double()
    calls: list[int] = []
    relu.register_forward_hook(lambda module, inputs, output: calls.append(1))
    result = blur_pooling(original, 5, (1, 20, 20))
    assert conv.stride == (2, 2)
    assert type(relu) is nn.ReLU
    assert original.get_submodule("pool") is pool
    maps = torch.randn(1, 1, 20, 20, dtype=torch.float64)
    assert result.model(maps).dtype == torch.float64
    assert calls == []
    assert original(maps).shape == result.model(maps).shape == (1, 4, 4, 4)
    assert result.model.get_submodule("pool").training


def test_what_cannot_be_done_is_explained() -> None:
    """A number of taps that is not offered, a size that does not fit, nothing to blur, all left alone."""
    with pytest.raises(ValueError, match="A blur of 6 values is not offered: choose 3, 4, 5"):
        blur_pooling(nn.MaxPool2d(2), 6)
    with pytest.raises(ValueError, match="Conv2d cannot run on an input of 3 x 8 x 8: choose another size"):
        blur_pooling(nn.Conv2d(4, 4, 3), 3, (3, 8, 8))
    nothing = blur_pooling(nn.Conv2d(3, 3, 3))
    assert (nothing.changed, nothing.explanation) == (False, "Conv2d subsamples nowhere.")
    alone = blur_pooling(models.build("vit_b_32"))
    assert alone.explanation == "VisionTransformer has no place for a blur: 1 subsampling cannot be changed."
    flat = nn.Sequential(nn.Conv2d(1, 2, 3), nn.AvgPool2d(6), nn.Flatten())
    assert (
        blur_pooling(flat, 3, (1, 8, 8)).explanation == "Sequential subsamples nowhere."
    )  # it pools globally
