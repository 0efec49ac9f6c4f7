"""What ConvScope knows of ATen's operators: the kind of each, and how its schema reads.

Operators are known by their ATen name without the trailing underscore of the in-place form. A
composite operator that is not listed is taken apart into the operators that it consists of.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any

import torch
from torch._ops import OpOverload

from analysis.records import Kind

_NAMES: dict[Kind, str] = {
    Kind.CONVOLUTION: (
        "conv1d conv2d conv3d convolution _convolution conv_transpose1d conv_transpose2d conv_transpose3d"
    ),
    Kind.LINEAR: "linear",
    Kind.ATTENTION: "scaled_dot_product_attention matmul bmm mm addmm baddbmm addbmm einsum softmax _softmax",
    Kind.NORMALISATION: "batch_norm layer_norm group_norm instance_norm rms_norm",
    Kind.ACTIVATION: (
        "relu relu6 leaky_relu prelu elu selu celu gelu silu mish hardswish hardsigmoid hardtanh sigmoid tanh "
        "softplus softsign log_sigmoid hardshrink softshrink threshold log_softmax _log_softmax"
    ),
    Kind.POOLING: (
        "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices avg_pool1d avg_pool2d avg_pool3d "
        "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d adaptive_max_pool2d lp_pool2d"
    ),
    Kind.RESAMPLING: (
        "upsample_nearest2d _upsample_nearest_exact2d upsample_bilinear2d upsample_bicubic2d pixel_shuffle "
        "pixel_unshuffle grid_sampler grid_sampler_2d _upsample_bilinear2d_aa _upsample_bicubic2d_aa"
    ),
    Kind.MERGE: "cat stack",
    Kind.REDUCTION: "mean sum amax amin max min std var var_mean std_mean norm linalg_vector_norm logsumexp argmax",
    Kind.RESHAPE: (
        "view reshape _unsafe_view flatten unflatten squeeze unsqueeze permute transpose t expand repeat "
        "slice select split split_with_sizes chunk unbind roll flip pad constant_pad_nd channel_shuffle "
        "contiguous clone alias detach _reshape_alias index index_select copy to _to_copy native_channel_shuffle "
        "im2col col2im unfold"
    ),
    Kind.REGULARISATION: "dropout feature_dropout alpha_dropout feature_alpha_dropout",
}
_KINDS: dict[str, Kind] = {name: kind for kind, names in _NAMES.items() for name in names.split()}
_MERGING = frozenset({"add", "sub", "mul", "div", "maximum", "minimum"})


@dataclass(frozen=True, slots=True)
class OperatorInfo:
    """One overload's schema in the form that the trace needs.

    ``name`` has neither namespace ("aten") nor the underscore of the in-place form.
    """

    name: str
    kind: Kind
    pointwise: bool
    in_place: bool
    composite: bool
    known: bool
    argument_names: tuple[str, ...]
    defaults: dict[str, Any]


@cache
def operator_info(func: OpOverload) -> OperatorInfo:
    """Return what is known of one operator overload: operator_info(aten.relu_.default).name == "relu"."""
    schema = func._schema
    namespace, _, name = schema.name.partition("::")
    arguments = schema.arguments
    first_alias = arguments[0].alias_info if arguments else None
    in_place = name.endswith("_") and first_alias is not None and first_alias.is_write
    base = name[:-1] if in_place else name
    pointwise = torch.Tag.pointwise in func.tags or base in ("fill", "zero")
    kind = _KINDS.get(base) if namespace == "aten" else None
    known = kind is not None or pointwise
    if kind is None:
        kind = Kind.ELEMENTWISE if pointwise else Kind.OTHER
    return OperatorInfo(
        name=base if namespace == "aten" else f"{namespace}.{base}",
        kind=kind,
        pointwise=pointwise,
        in_place=in_place,
        composite=torch._C._dispatch_has_kernel_for_dispatch_key(func.name(), "CompositeImplicitAutograd"),
        known=known,
        argument_names=tuple(argument.name for argument in arguments),
        defaults={
            a.name: tuple(a.default_value) if isinstance(a.default_value, list) else a.default_value
            for a in arguments
            if a.has_default_value()
        },
    )


def kind_of(info: OperatorInfo, data_inputs: int) -> Kind:
    """Kind of one call: an elementwise sum or product of two or more feature maps joins branches."""
    return Kind.MERGE if info.name in _MERGING and data_inputs > 1 else info.kind
