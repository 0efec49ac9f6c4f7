"""What the backward pass keeps, against autograd's own hooks on real tensors."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
import torch.nn.functional as functional
import torchvision.models as torchvision_models
from torch import Tensor, nn
from torch.autograd.graph import saved_tensors_hooks

from analysis import analyze
from analysis.products import viewable


def kept_by_autograd(model: nn.Module, shape: tuple[int, int, int]) -> int:
    """Bytes of the distinct storages that autograd saves in a real forward pass, without the model's own."""
    own = {tensor.untyped_storage().data_ptr() for tensor in (*model.parameters(), *model.buffers())}
    saved: list[Tensor] = []

    def keep(tensor: Tensor) -> Tensor:
        saved.append(tensor)  # alive, so that no address is used again
        return tensor

    with saved_tensors_hooks(keep, lambda tensor: tensor):
        result = model(torch.rand(1, *shape))
    assert result is not None
    storages = {
        tensor.untyped_storage().data_ptr(): tensor for tensor in saved if tensor.ndim and tensor.numel()
    }
    return sum(
        tensor.untyped_storage().nbytes() for address, tensor in storages.items() if address not in own
    )


def ours(model: nn.Module, shape: tuple[int, int, int]) -> int:
    """The same from shapes alone."""
    return analyze(model, shape).totals.saved_for_backward_bytes


# Between them: relu, relu6, hardswish, silu, gelu, in place and not; average, maximum and adaptive
# pooling; gates; concatenation; batch and layer norm; windows of attention, fused and explicit.
@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("alexnet", 127), ("vgg11_bn", 64), ("resnet18", 65), ("resnet50", 64), ("resnext50_32x4d", 64),
        ("googlenet", 64), ("inception_v3", 139), ("densenet121", 64), ("squeezenet1_1", 64), ("mobilenet_v2", 64),
        ("mobilenet_v3_small", 64), ("mnasnet0_5", 64), ("shufflenet_v2_x0_5", 64), ("efficientnet_b0", 64),
        ("efficientnet_v2_s", 64), ("regnet_x_400mf", 64), ("regnet_y_400mf", 64), ("convnext_tiny", 64),
        ("swin_t", 70), ("vit_b_32", 224), ("maxvit_t", 224),
    ],
)  # fmt: skip
def test_saved_bytes_of_the_zoo(name: str, size: int) -> None:
    """Exactly what autograd keeps of the real network in evaluation mode."""
    quick = {"init_weights": False} if name in ("googlenet", "inception_v3") else {}
    model = torchvision_models.get_model(name, weights=None, **quick).eval()
    assert ours(model, (3, size, size)) == kept_by_autograd(model, (3, size, size))


def test_saved_bytes_of_swin_v2() -> None:
    """Autograd keeps one more number for each head: the exponential of its scale, made from a parameter alone."""
    model = torchvision_models.swin_v2_t(weights=None).eval()
    heads = 2 * 3 + 2 * 6 + 6 * 12 + 2 * 24
    assert ours(model, (3, 64, 64)) == kept_by_autograd(model, (3, 64, 64)) - 4 * heads


class Around(nn.Module):
    """A convolution, one function of its result, another convolution."""

    def __init__(self, function: Callable[[Tensor], Tensor], channels: int = 6) -> None:
        """``function`` gets (1, 6, 12, 12) and returns ``channels`` channels."""
        super().__init__()
        self.before = nn.Conv2d(3, 6, 1)
        self.function = function
        self.after = nn.Conv2d(channels, 2, 1)

    def forward(self, image: Tensor) -> Tensor:
        """One step after the other."""
        result: Tensor = self.after(self.function(self.before(image)))
        return result


FUNCTIONS: dict[str, Callable[[Tensor], Tensor]] = {
    "relu": functional.relu,
    "relu in place": functional.relu_,
    "relu6 in place": lambda x: functional.relu6(x, inplace=True),
    "leaky_relu": functional.leaky_relu,
    "leaky_relu in place": lambda x: functional.leaky_relu(x, inplace=True),
    "elu": functional.elu,
    "elu in place": lambda x: functional.elu(x, inplace=True),
    "selu": functional.selu,
    "celu": functional.celu,
    "hardswish": functional.hardswish,
    "hardswish in place": lambda x: functional.hardswish(x, inplace=True),
    "hardsigmoid": functional.hardsigmoid,
    "silu": functional.silu,
    "silu in place": lambda x: functional.silu(x, inplace=True),
    "mish": functional.mish,
    "mish in place": lambda x: functional.mish(x, inplace=True),
    "gelu": functional.gelu,
    "sigmoid": torch.sigmoid,
    "tanh": torch.tanh,
    "softplus": functional.softplus,
    "softsign": functional.softsign,
    "log_sigmoid": functional.logsigmoid,
    "hardshrink": functional.hardshrink,
    "softshrink": functional.softshrink,
    "tanhshrink": functional.tanhshrink,
    "softmax": lambda x: functional.softmax(x, 1),
    "log_softmax": lambda x: functional.log_softmax(x, 1),
    "gated linear unit": lambda x: functional.glu(torch.cat([x, x], 1), 1),
    "exp": torch.exp,
    "log": lambda x: torch.log(x.abs() + 1),
    "sqrt": lambda x: x.abs().sqrt(),
    "rsqrt": lambda x: (x.abs() + 1).rsqrt(),
    "reciprocal": lambda x: 1 / (x.abs() + 1),
    "square": lambda x: x**2,
    "power of itself": lambda x: (x.abs() + 1) ** x,
    "negative": torch.neg,
    "clamp": lambda x: x.clamp(0, 1),
    "clamp in place": lambda x: x.clamp_(0, 1),
    "sum with itself": lambda x: x + x,
    "times a number": lambda x: x * 2.0,
    "times itself": lambda x: x * x.sigmoid(),
    "times itself in place": lambda x: x.sigmoid().mul_(x),
    "divided": lambda x: x / (x.abs() + 1),
    "maximum": lambda x: torch.maximum(x, x.sigmoid()),
    "interpolated": lambda x: torch.lerp(x, x.sigmoid(), 0.5),
    "gate": lambda x: x * x.mean((2, 3), keepdim=True).sigmoid(),
    "mean": lambda x: x.mean((2, 3), keepdim=True),
    "amax": lambda x: x.amax((2, 3), keepdim=True),
    "maximum along a dimension": lambda x: x.max(3, keepdim=True)[0],
    "variance": lambda x: x.var((2, 3), keepdim=True),
    "deviation": lambda x: x.std((2, 3), keepdim=True),
    "normalise": lambda x: functional.normalize(x, dim=1),
    "logsumexp": lambda x: x.logsumexp(3, keepdim=True),
    "max_pool": lambda x: functional.max_pool2d(x, 2),
    "avg_pool": lambda x: functional.avg_pool2d(x, 2),
    "adaptive_avg_pool to one": lambda x: functional.adaptive_avg_pool2d(x, 1),
    "adaptive_avg_pool": lambda x: functional.adaptive_avg_pool2d(x, 5),
    "adaptive_max_pool": lambda x: functional.adaptive_max_pool2d(x, 5),
    "nearest": lambda x: functional.interpolate(x, scale_factor=2),
    "bilinear": lambda x: functional.interpolate(x, scale_factor=2, mode="bilinear"),
    "reflection": lambda x: functional.pad(x, (1, 1, 1, 1), mode="reflect"),
    "zero padding": lambda x: functional.pad(x, (1, 1, 1, 1)),
    "circular": lambda x: functional.pad(x, (1, 1, 1, 1), mode="circular"),
    "roll": lambda x: x.roll(2, 3),
    "flip": lambda x: x.flip(3),
    "half of the channels, twice": lambda x: torch.cat([half.sigmoid() * 2 for half in x.chunk(2, 1)], 1),
    "a view of half, kept whole": lambda x: torch.cat([x[:, :3].exp().square(), x[:, 3:].square()], 1),
    "masked_fill": lambda x: x.masked_fill(x > 0, 0.0),
    "where": lambda x: torch.where(x > 0, x, x.sigmoid()),
    "group_norm": lambda x: functional.group_norm(x, 3),
    "instance_norm": functional.instance_norm,
    "layer_norm": lambda x: functional.layer_norm(x, (12,)),
    "matmul": lambda x: x @ x.sigmoid(),
    "matmul, transposed": lambda x: x @ x.transpose(2, 3),
    "matmul, rearranged": lambda x: (
        x.permute(0, 2, 1, 3) @ x.sigmoid().permute(0, 2, 3, 1) @ x.permute(0, 2, 1, 3)
    ),
    "matmul, broadcast": lambda x: x @ x.exp()[:, :1],
    "einsum": lambda x: torch.einsum("bchw,bcvw->bchv", x, x.exp()),
    "einsum, rearranged": lambda x: torch.einsum("bchw,bcvh->bcvw", x.exp(), x.sigmoid()),
    "attention": lambda x: functional.scaled_dot_product_attention(x, x.exp(), x.sigmoid()),
    "lrn": lambda x: functional.local_response_norm(x, 3),
}
CHANNELS = {"matmul, rearranged": 12}


@pytest.mark.parametrize("name", FUNCTIONS)
def test_saved_bytes_of_one_operator(name: str) -> None:
    """Between two convolutions that keep their own inputs, so that only what the operator adds can differ."""
    model = Around(FUNCTIONS[name], CHANNELS.get(name, 6)).eval()
    assert ours(model, (3, 12, 12)) == kept_by_autograd(model, (3, 12, 12))


class Tokens(nn.Module):
    """A linear layer over the channels of half a map: its rows are not evenly spaced in memory."""

    def __init__(self, *, bias: bool) -> None:
        """With a bias PyTorch takes another way than without."""
        super().__init__()
        self.before = nn.Conv2d(3, 6, 1)
        self.linear = nn.Linear(6, 4, bias=bias)

    def forward(self, image: Tensor) -> Tensor:
        """Rows, columns, channels."""
        result: Tensor = self.linear(self.before(image).exp()[..., :5].permute(0, 2, 3, 1))
        return result


@pytest.mark.parametrize("bias", [True, False])
def test_a_linear_layer_copies_what_it_cannot_view_as_a_matrix(bias: bool) -> None:
    """The copy is kept beside the exponential that the exponential itself keeps."""
    model = Tokens(bias=bias).eval()
    # input of 3 and exponential of 6 channels at 10 x 10, copy of 6 channels at 10 x 5, float32
    assert ours(model, (3, 10, 10)) == kept_by_autograd(model, (3, 10, 10)) == 4 * (300 + 600 + 300)


def test_nothing_is_kept_before_the_first_trainable_parameter() -> None:
    """With a frozen backbone only the head keeps its input."""
    model = torchvision_models.resnet18(weights=None).eval()
    model.requires_grad_(False)
    assert ours(model, (3, 64, 64)) == kept_by_autograd(model, (3, 64, 64)) == 0
    model.fc.requires_grad_(True)
    assert ours(model, (3, 64, 64)) == kept_by_autograd(model, (3, 64, 64)) == 512 * 4
    model.layer4.requires_grad_(True)
    assert ours(model, (3, 64, 64)) == kept_by_autograd(model, (3, 64, 64))


def test_a_frozen_factor_does_not_need_the_other() -> None:
    """A frozen linear layer passes gradients on without its input; a frozen convolution keeps it."""
    model = torchvision_models.vgg11(weights=None).eval()
    model.classifier.requires_grad_(False)
    assert ours(model, (3, 64, 64)) == kept_by_autograd(model, (3, 64, 64))


def test_viewable_agrees_with_torch() -> None:
    """Every permutation of small shapes, cut and expanded, into every way of merging its dimensions."""
    generator = torch.Generator().manual_seed(0)
    answers = set()
    for _ in range(3000):
        sizes = torch.randint(1, 4, (4,), generator=generator).tolist()
        tensor = torch.empty(sizes).permute(torch.randperm(4, generator=generator).tolist())
        if torch.rand((), generator=generator) < 0.3:
            tensor = tensor[..., : max(1, tensor.shape[-1] - 1)]
        if torch.rand((), generator=generator) < 0.3:
            tensor = tensor.unsqueeze(1).expand(-1, 2, -1, -1, -1)
        cut = int(torch.randint(1, tensor.ndim, (), generator=generator))
        shape = tensor.shape
        target = (shape[:cut].numel(), shape[cut:].numel())
        try:
            tensor.view(target)
            allowed = True
        except RuntimeError:
            allowed = False
        assert viewable(tuple(shape), tensor.stride(), target) is allowed
        answers.add(allowed)
    assert answers == {True, False}
