"""What cannot be analysed is refused in a sentence that names the layer and the value."""

from __future__ import annotations

from typing import Any

import numpy
import pytest
import torch
import torchvision.models as torchvision_models
from torch import Tensor, nn

import models
from analysis import ForwardError, InputTooSmall, analyze


def refused(model: Any, shape: Any) -> str:
    """The sentence of the ValueError that the analysis raises."""
    with pytest.raises(ValueError, match=r"[.!?]$") as caught:
        analyze(model, shape)
    sentence = str(caught.value)
    assert "\n" not in sentence
    return sentence


def where_it_stops(model: nn.Module, size: int) -> str | None:
    """The last layer that a real image of this size enters, if the real network refuses it."""
    entered: list[str] = []
    leaves = [(path, module) for path, module in model.named_modules() if not list(module.children())]
    handles = [
        module.register_forward_pre_hook(lambda module, inputs, path=path: entered.append(path))
        for path, module in leaves
    ]
    try:
        with torch.inference_mode():
            model(torch.zeros(1, 3, size, size))
    except RuntimeError:
        return entered[-1]
    finally:
        for handle in handles:
            handle.remove()
    return None


@pytest.mark.parametrize(
    ("name", "size", "layer", "smallest"),
    [
        # 63 -> 15 -> 7 -> 3 -> 1; at 62 the first map is 14 and the last pooling gets 2 x 2
        ("alexnet", 17, "features.5", 63),
        ("alexnet", 62, "features.12", 63),
        # five poolings by two: 32
        ("vgg11", 31, "features.20", 32),
        ("squeezenet1_1", 10, "features.8", 17),
        ("googlenet", 10, "maxpool3", 15),
        ("densenet121", 20, "features.transition3.pool", 29),
        ("inception_v3", 60, "Mixed_7a.branch3x3_2.conv", 75),
        ("swin_t", 3, "features.0.0", 4),
        ("convnext_tiny", 31, "features.6.1", 32),
    ],
)
def test_an_image_that_is_too_small(name: str, size: int, layer: str, smallest: int) -> None:
    """The sentence names the layer where the map vanished and a size that really is the smallest that runs."""
    with pytest.raises(InputTooSmall) as caught:
        analyze(models.build(name), (3, size, size))
    assert caught.value.layer == layer
    assert caught.value.smallest == smallest
    assert f"3 x {size} x {size}: layer '{layer}' fails, nothing is left of its" in str(caught.value)
    assert str(caught.value).endswith(f"The smallest square input that works is {smallest} x {smallest}.")
    quick = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    real = torchvision_models.get_model(name, weights=None, **quick).eval()
    assert where_it_stops(real, smallest) is None
    assert where_it_stops(real, smallest - 1) is not None
    assert where_it_stops(real, size) == layer


def test_alexnet_at_17_pixels_in_full() -> None:
    """The whole sentence, as a page shows it."""
    assert refused(models.build("alexnet"), (3, 17, 17)) == (
        "The network cannot run on an input of 3 x 17 x 17: layer 'features.5' fails, nothing is left of its "
        "1 x 1 map. The smallest square input that works is 63 x 63."
    )


def test_a_network_for_one_size_names_it() -> None:
    """ViT-B/16 for 224 pixels: no size is the smallest, one is right."""
    with pytest.raises(ForwardError) as caught:
        analyze(models.build("vit_b_16"), (3, 230, 230))
    assert not isinstance(caught.value, InputTooSmall)
    assert str(caught.value).endswith("Expected 224 but got 230. It runs at 224 x 224.")


def test_a_wrong_number_of_channels() -> None:
    """The layer, what it expects and what it gets; a grouped convolution counts the channels of all groups."""
    assert refused(models.build("resnet18"), (4, 224, 224)) == (
        "The network cannot run on an input of 4 x 224 x 224: layer 'conv1' fails, it expects 3 channels and gets 4."
    )
    assert "it expects 6 channels and gets 3." in refused(nn.Conv2d(6, 6, 3, groups=3), (3, 8, 8))


def test_a_wrong_number_of_features() -> None:
    """A flattened map of another size than the linear layer was made for."""
    model = nn.Sequential(nn.Conv2d(3, 4, 3), nn.Flatten(), nn.Linear(4 * 36, 10))
    assert "layer '2' fails, it expects 144 features and gets 196." in refused(model, (3, 9, 9))


@pytest.mark.parametrize(
    ("shape", "named"),
    [
        ((3, 0, 224), "holds 0: every size is at least 1."),
        ((3, 224, -1), "holds -1: every size is at least 1."),
        ((3, 10**9, 10**9), "holds 1000000000: the largest size analysed here is 16384."),
        ((10**9, 8, 8), "holds 1000000000: the largest size analysed here is 65536."),
        ((3, 2.5, 8), "holds 2.5: every size is a whole number."),
        ((3, "8", 8), "holds '8': every size is a whole number."),
        ((3, True, 8), "holds True: every size is a whole number."),
        ((3, None, 8), "holds None: every size is a whole number."),
        ((224, 224), "(224, 224) is not an image: give (channels, height, width)"),
        ((3,), "(3,) is not an image: give (channels, height, width)"),
        ((1, 3, 224, 224), "(1, 3, 224, 224) is not an image: give (channels, height, width)"),
        ((3, 8, 8, 8), "(leave the batch out)"),
        ((), "() is not a tuple such as (3, 224, 224)."),
        ("3,224,224", "'3,224,224' is not a tuple such as (3, 224, 224)."),
        (224, "224 is not a tuple such as (3, 224, 224)."),
        (None, "None is not a tuple such as (3, 224, 224)."),
        (((3, 8, 8), ()), "() is not a tuple of whole numbers such as (3, 224, 224)."),
    ],
)
def test_what_is_not_the_size_of_an_image(shape: Any, named: str) -> None:
    """The shape and the value that is wrong are in the sentence."""
    assert named in refused(nn.Conv2d(3, 4, 3), shape)


def test_sizes_from_numpy_and_lists_are_sizes() -> None:
    """Whole numbers of any type, in any sequence."""
    model = nn.Conv2d(3, 4, 3)
    expected = analyze(model, (3, 8, 9))
    assert analyze(model, [3, 8, 9]) == expected
    assert analyze(model, torch.Size((3, 8, 9))) == expected
    from_numpy: Any = tuple(numpy.array([3, 8, 9]))
    assert analyze(model, from_numpy) == expected
    assert {type(size) for shape in expected.input_shapes for size in shape} == {int}


@pytest.mark.parametrize(
    ("thing", "named"),
    [
        ("resnet18", "not a str."),
        (None, "not a NoneType."),
        (nn.Conv2d, "not the class Conv2d."),
        ({"weight": torch.zeros(1)}, "not a dict."),
    ],
)
def test_what_is_not_a_module(thing: Any, named: str) -> None:
    """The sentence says what it got and what it needs."""
    sentence = refused(thing, (3, 8, 8))
    assert sentence.startswith("Only a torch.nn.Module can be analysed")
    assert sentence.endswith(named)


class TwoInputs(nn.Module):
    """An image, and a vector that shifts its channels."""

    def __init__(self) -> None:
        """Four channels."""
        super().__init__()
        self.layer = nn.Conv2d(3, 4, 3)
        self.shift = nn.Linear(5, 4)

    def forward(self, image: Tensor, vector: Tensor) -> Tensor:
        """Their sum."""
        result: Tensor = self.layer(image) + self.shift(vector)[:, :, None, None]
        return result


def test_a_network_with_two_inputs_says_which_is_missing() -> None:
    """With both it runs; with one, or with a wrong one, the sentence says what is wrong."""
    assert analyze(TwoInputs(), ((3, 32, 32), (5,))).totals.macs == 30 * 30 * 4 * 27 + 20
    assert "missing 1 required positional argument: 'vector' (give one shape for each input)." in refused(
        TwoInputs(), (3, 32, 32)
    )
    assert "an input of 3 x 32 x 32 and 6: layer 'shift' fails, it expects 5 features and gets 6." in refused(
        TwoInputs(), ((3, 32, 32), (6,))
    )
    assert "takes 2 positional arguments but 3 were given" in refused(nn.Conv2d(3, 4, 3), ((3, 8, 8), (3,)))


class OwnError(Exception):
    """An exception that nobody else knows."""


class Raising(nn.Module):
    """Raises from the inside of a network."""

    def __init__(self, error: Exception) -> None:
        """The error to raise."""
        super().__init__()
        self.error = error

    def forward(self, image: Tensor) -> Tensor:
        """Raise."""
        raise self.error


@pytest.mark.parametrize(
    ("error", "detail"),
    [
        (OwnError("the tide is out"), "the tide is out."),
        (OwnError(), "OwnError."),
        (RuntimeError("first line\nsecond line"), "first line."),
        (KeyError("gate"), "KeyError 'gate'."),
        (AssertionError(), "AssertionError."),
    ],
)
def test_an_error_of_the_networks_own(error: Exception, detail: str) -> None:
    """The module that raised it and what it said; the original is the cause."""
    model = nn.Sequential(nn.Conv2d(3, 3, 1), Raising(error))
    assert f"layer '1' fails, {detail}" in refused(model, (3, 8, 8))
    with pytest.raises(ForwardError) as caught:
        analyze(model, (3, 8, 8))
    assert caught.value.__cause__ is not None


class Looking(nn.Module):
    """Decides by the values of its input."""

    def __init__(self, how: str) -> None:
        """The name of the way of looking."""
        super().__init__()
        self.how = how

    def forward(self, image: Tensor) -> Tensor:
        """Look."""
        if self.how == "item":
            return image * image.sum().item()
        if self.how == "branch":
            return image if image.sum() > 0 else -image
        if self.how == "list":
            return image * len(image.flatten().tolist())
        if self.how == "numpy":
            return image * float(image.numpy().max())
        if self.how == "mask":
            return image[image > 0]
        return image[:, :, : int(image.max())]


@pytest.mark.parametrize("how", ["item", "branch", "list", "numpy", "mask", "slice"])
def test_control_flow_that_depends_on_values(how: str) -> None:
    """There are none: the sentence says so, whatever PyTorch calls it."""
    assert refused(nn.Sequential(nn.ReLU(), Looking(how)), (3, 8, 8)).startswith(
        "The network cannot run on an input of 3 x 8 x 8: layer '1' fails, "
        "it reads the values of a tensor, and ConvScope analyses shapes without values."
    )


@pytest.mark.filterwarnings("ignore")  # eager quantisation warns of its end, and in more than one way
def test_modules_without_a_python_structure_or_shapes() -> None:
    """TorchScript, lazy and quantised modules, each by name."""
    with pytest.warns(FutureWarning, match="deprecated"):
        scripted = torch.jit.script(nn.Conv2d(3, 4, 3))
    assert "is TorchScript, whose structure cannot be read" in refused(scripted, (3, 8, 8))
    lazy = nn.Sequential(nn.Conv2d(3, 4, 1), nn.LazyConv2d(8, 3))
    assert refused(lazy, (3, 8, 8)) == (
        "Parameter '1.weight' is lazy and has no shape yet: run the model once on a real input before analysing it."
    )
    lazy(torch.zeros(1, 3, 8, 8))
    assert analyze(lazy, (3, 8, 8)).totals.params == 16 + 4 * 8 * 9 + 8
    quantised = torchvision_models.quantization.mobilenet_v2(weights=None, quantize=True)
    assert "is quantised, and its operators tell no shapes: analyse the float model" in refused(
        quantised, (3, 224, 224)
    )


def test_a_sparse_product_has_no_cost_and_says_so() -> None:
    """An operator of unknown cost makes the total a lower bound with a reason, never a silent zero."""

    class Sparse(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.matrix: Tensor
            self.register_buffer("matrix", torch.eye(8).to_sparse())

        def forward(self, image: Tensor) -> Tensor:
            return torch.sparse.mm(self.matrix, image[0, 0])

    report = analyze(Sparse(), (3, 8, 8))
    assert report.totals.macs_status == "bound"
    assert report.totals.macs_reason == "the cost of operator '_sparse_addmm' is not known"
    assert [row.macs for row in report.rows if "sparse" in row.operator] == [None]


@pytest.mark.parametrize("move", ["meta", "half", "double", "channels_last", "fx", "compile"])
def test_a_model_in_another_state_is_analysed_the_same(move: str) -> None:
    """On the meta device, in other types, in another memory format, taken apart or compiled: the same counts."""
    plain = torchvision_models.resnet18(weights=None).eval()
    expected = analyze(plain, (3, 64, 64)).totals
    moved: Any = {
        "meta": lambda: plain.to("meta"),
        "half": plain.half,
        "double": plain.double,
        "channels_last": lambda: plain.to(memory_format=torch.channels_last),
        "fx": lambda: torch.fx.symbolic_trace(plain),
        "compile": lambda: torch.compile(plain),
    }[move]()
    width = {"half": 0.5, "double": 2.0}.get(move, 1.0)
    totals = analyze(moved, (3, 64, 64)).totals
    assert (totals.params, totals.macs) == (expected.params, expected.macs)
    assert totals.receptive_field == expected.receptive_field
    assert totals.param_bytes == expected.param_bytes * width
    if move != "fx":  # torch.fx turns the shortcuts' in-place sums into new tensors
        assert totals.peak_live_bytes == expected.peak_live_bytes * width


class Mixing(nn.Module):
    """Adds to its input a tensor that it makes on the processor, whatever the input's device."""

    def forward(self, image: Tensor) -> Tensor:
        """The sum."""
        return image + torch.ones(8, 8)


def test_a_constant_made_on_the_processor_does_not_stop_the_analysis() -> None:
    """It would on the meta device; the analysis makes it there too."""
    report = analyze(Mixing(), (3, 8, 8))
    assert [row.operator for row in report.rows] == ["add"]


@pytest.mark.parametrize("like", [True, False])
def test_a_buffer_that_is_filled_in_parts_keeps_what_flows_into_it(like: bool) -> None:
    """Zeros, then slices of the features: what comes after depends on the image, with a bound that says why."""

    class Shifting(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.before = nn.Conv2d(3, 8, 3, padding=1)
            self.after = nn.Conv2d(8, 4, 3, padding=1)

        def forward(self, image: Tensor) -> Tensor:
            features = self.before(image)
            shifted = torch.zeros_like(features) if like else torch.zeros(features.shape)
            shifted[:, :4, :, 1:] = features[:, :4, :, :-1]
            shifted[:, 4:] = features[:, 4:]
            result: Tensor = self.after(shifted)
            return result

    report = analyze(Shifting(), (3, 16, 16))
    assert report.totals.macs == 256 * 9 * (3 * 8 + 8 * 4)
    assert report.rows[-1].inputs != ()
    assert report.rows[-1].status == "bound"
    # before: image 3, features 8; from the first copy on: features 8 and the buffer 8, then the buffer and 4
    assert max(row.live_bytes for row in report.rows) == 1024 * (8 + 8)


def test_padding_by_name_that_cannot_be() -> None:
    """Padding "same" with a stride is refused by PyTorch; its sentence reaches the user."""

    class Strided(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.kernel = nn.Parameter(torch.zeros(4, 3, 3, 3))

        def forward(self, image: torch.Tensor) -> torch.Tensor:
            return nn.functional.conv2d(image, self.kernel, stride=2, padding="same")

    with pytest.raises(ValueError, match="padding='same' is not supported for strided convolutions"):
        analyze(Strided(), (3, 9, 9))
