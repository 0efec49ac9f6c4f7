"""From a trace to what every tensor in it sees: each operator's rule, applied in order.

The rules are a registry, operator name to function. An operator without one gets an upper bound
(everything that its operands see), with its name in the reason.
"""

from __future__ import annotations

from collections.abc import Callable

from analysis.receptive_field import contractions, joins, masks, movements, windows
from analysis.receptive_field.call import Call, Sight, bounded
from analysis.receptive_field.field import Shape, image_field
from analysis.records import Kind, TensorRef, Trace

Rule = Callable[[Call], list[Sight]]


def _table(entries: dict[str, Rule]) -> dict[str, Rule]:
    return {name: rule for names, rule in entries.items() for name in names.split()}


RULES: dict[str, Rule] = _table(
    {
        "conv1d conv2d conv3d": windows.convolution,
        "conv_transpose1d conv_transpose2d conv_transpose3d": windows.transposed_convolution,
        "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices avg_pool1d avg_pool2d avg_pool3d": windows.pooling,
        "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d adaptive_max_pool2d": windows.adaptive_pooling,
        "upsample_nearest2d _upsample_nearest_exact2d upsample_bilinear2d upsample_bicubic2d": windows.upsampling,
        "pixel_shuffle": windows.pixel_shuffle,
        "pixel_unshuffle": windows.pixel_unshuffle,
        "linear": contractions.linear,
        "matmul bmm mm addmm baddbmm": contractions.product,
        "einsum": contractions.einsum,
        "scaled_dot_product_attention": contractions.attention,
        "softmax _softmax log_softmax _log_softmax": contractions.softmax,
        "layer_norm rms_norm": contractions.layer_norm,
        "batch_norm group_norm instance_norm": contractions.spatial_norm,
        "mean sum amax amin var std var_mean std_mean logsumexp linalg_vector_norm": contractions.reduction,
        "view reshape _unsafe_view flatten unflatten squeeze unsqueeze _reshape_alias": movements.reshape,
        "permute transpose t": movements.permute,
        "expand": movements.expand,
        "repeat": movements.repeat,
        "slice": movements.slice_,
        "select": movements.select,
        "split split_with_sizes chunk": movements.split,
        "unbind": movements.unbind,
        "unfold": movements.unfold,
        "roll": movements.roll,
        "flip": movements.flip,
        "pad constant_pad_nd": movements.pad,
        "cat": joins.concatenation,
        "stack": joins.stack,
        "copy": movements.copied,
        "where masked_fill": masks.masked,
        "glu": movements.gated_linear,
        "channel_shuffle native_channel_shuffle": movements.channel_shuffle,
        "contiguous clone alias detach to _to_copy": movements.unchanged,
    }
)
_BY_KIND: dict[Kind, Rule] = {
    Kind.ACTIVATION: movements.elementwise,
    Kind.REGULARISATION: movements.unchanged,
}


def receptive_fields(trace: Trace) -> tuple[dict[TensorRef, Sight], ...]:
    """Return, for each image among the inputs, the sight of every tensor that depends on it.

    Inputs with two spatial dimensions are images; a side input such as a vector is not.
    """
    return tuple(
        _propagate(trace, TensorRef(-1, index), record.shape)
        for index, record in enumerate(trace.inputs)
        if len(record.shape) == 4
    )


def _propagate(trace: Trace, image: TensorRef, shape: Shape) -> dict[TensorRef, Sight]:
    start = image_field(shape)
    sights: dict[TensorRef, Sight] = {image: Sight(start, start)}
    shapes: dict[TensorRef, Shape] = {
        TensorRef(-1, index): record.shape for index, record in enumerate(trace.inputs)
    }
    for operation in trace.operations:
        for position, output in enumerate(operation.outputs):
            shapes[TensorRef(operation.index, position)] = output.shape
        if any(reference in sights for reference in operation.inputs):
            call = Call(operation, sights, shapes)
            for position, sight in enumerate(_apply(call)):
                sights[TensorRef(operation.index, position)] = sight
    return sights


def _apply(call: Call) -> list[Sight]:
    operation = call.operation
    rule = RULES.get(operation.operator) or _BY_KIND.get(operation.kind)
    if rule is None and operation.pointwise:
        rule = movements.elementwise
    everything = "it may see all that its inputs see"
    if rule is None:
        reason = f"ConvScope does not know how far {operation.operator!r} reaches: {everything}"
        results = [bounded(call, reason)] * len(operation.outputs)
    else:
        try:
            results = rule(call)
        except (IndexError, LookupError, RecursionError, TypeError, ValueError) as error:
            reason = f"ConvScope could not follow {operation.operator!r} here ({error}): {everything}"
            results = [bounded(call, reason, len(output.shape)) for output in operation.outputs]
    # Outputs beyond the rule's are other views of memory that an in-place operator has overwritten.
    reason = f"{operation.operator!r} writes into memory that other views share"
    return results + [
        bounded(call, reason, len(output.shape)) for output in operation.outputs[len(results) :]
    ]
