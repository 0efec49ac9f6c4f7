"""From source channels to the reach of later tensors: each operator's rule, applied in order.

The rules are a registry, operator name to function. An operator without one gets an upper bound
(every channel that its operands see), with its name in the reason.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from analysis.channel_reach import mixing, movements, windows
from analysis.channel_reach.call import ReachCall, Rule, references
from analysis.channel_reach.reach import Reach
from analysis.records import Kind, TensorRef, Trace


def _table(entries: dict[str, Rule]) -> dict[str, Rule]:
    return {name: rule for names, rule in entries.items() for name in names.split()}


RULES: dict[str, Rule] = _table(
    {
        "conv1d conv2d conv3d": mixing.convolution,
        "conv_transpose1d conv_transpose2d conv_transpose3d": mixing.transposed_convolution,
        "linear": mixing.linear,
        "matmul bmm mm addmm baddbmm": mixing.product,
        "einsum": mixing.einsum,
        "scaled_dot_product_attention": mixing.attention,
        "softmax _softmax log_softmax _log_softmax": mixing.softmax,
        "layer_norm rms_norm": mixing.layer_norm,
        "batch_norm instance_norm": mixing.batch_norm,
        "group_norm": mixing.group_norm,
        "mean sum amax amin var std var_mean std_mean logsumexp linalg_vector_norm": mixing.reduction,
        "max_pool1d max_pool2d max_pool3d max_pool2d_with_indices avg_pool1d avg_pool2d avg_pool3d": windows.pooling,
        "adaptive_avg_pool1d adaptive_avg_pool2d adaptive_max_pool1d adaptive_max_pool2d": windows.adaptive_pooling,
        "upsample_nearest2d _upsample_nearest_exact2d upsample_bilinear2d upsample_bicubic2d": windows.upsampling,
        "pixel_shuffle": windows.pixel_shuffle,
        "pixel_unshuffle": windows.pixel_unshuffle,
        "channel_shuffle native_channel_shuffle": windows.channel_shuffle,
        "view reshape _unsafe_view flatten unflatten squeeze unsqueeze _reshape_alias": movements.reshape,
        "permute transpose t": movements.permute,
        "expand": movements.expand,
        "repeat": movements.repeat,
        "slice": movements.slice_,
        "select": movements.select,
        "split split_with_sizes chunk": movements.split,
        "unbind": movements.unbind,
        "roll": movements.roll,
        "flip": movements.flip,
        "pad constant_pad_nd": movements.pad,
        "cat": movements.concatenation,
        "stack": movements.stack,
        "copy": movements.copied,
        "glu": movements.gated_linear,
        "contiguous clone alias detach to _to_copy": movements.unchanged,
    }
)
_BY_KIND: dict[Kind, Rule] = {
    Kind.ACTIVATION: movements.elementwise,
    Kind.REGULARISATION: movements.unchanged,
}


def propagate(trace: Trace, sources: dict[TensorRef, Reach], target: TensorRef) -> Reach | None:
    """Return what of ``sources`` reaches the tensor ``target``; None if nothing does.

    A source keeps its reach: what another source passes to it is not added.
    """
    return dict(follow(trace, sources, (target,))).get(target)


def follow(
    trace: Trace, sources: dict[TensorRef, Reach], targets: Collection[TensorRef]
) -> Iterator[tuple[TensorRef, Reach]]:
    """Yield those of ``targets`` that something reaches, each with its reach, in the order in which they run.

    One pass over the operations, which forgets a reach after its last reader, so that memory stays small
    where a caller looks at each as it comes. Sources count as in :func:`propagate`.
    """
    shapes = {TensorRef(-1, index): record.shape for index, record in enumerate(trace.inputs)}
    for operation in trace.operations:
        for position, output in enumerate(operation.outputs):
            shapes[TensorRef(operation.index, position)] = output.shape
    needed = sorted(_ancestors(trace, targets))
    last_use = {reference: index for index in needed for reference in references(trace.operations[index])}
    yield from ((target, sources[target]) for target in targets if target in sources)
    reaches = dict(sources)
    for index in needed:
        operation = trace.operations[index]
        if any(reference in reaches for reference in references(operation)):
            for position, reach in enumerate(_apply(ReachCall(operation, reaches, shapes))):
                produced = TensorRef(index, position)
                if produced not in reaches:
                    reaches[produced] = reach
                    if produced in targets:
                        yield produced, reach
        for reference in references(operation):
            if last_use[reference] == index:
                reaches.pop(reference, None)


def _ancestors(trace: Trace, targets: Collection[TensorRef]) -> set[int]:
    """Indices of the operations that the targets depend on, their own included."""
    found: set[int] = set()
    waiting = [target.operation for target in targets]
    while waiting:
        index = waiting.pop()
        if index >= 0 and index not in found:
            found.add(index)
            waiting += [reference.operation for reference in references(trace.operations[index])]
    return found


def _apply(call: ReachCall) -> list[Reach]:
    operation = call.operation
    rule = RULES.get(operation.operator) or _BY_KIND.get(operation.kind)
    if rule is None and operation.pointwise:
        rule = movements.elementwise
    if rule is None:
        return call.bounded(
            f"ConvScope does not know which channels {operation.operator!r} mixes: it may mix all"
        )
    try:
        results = rule(call)
    except (IndexError, LookupError, TypeError, ValueError) as error:
        return call.bounded(
            f"ConvScope could not follow {operation.operator!r} here ({error}): it may mix all channels"
        )
    if len(results) < len(
        operation.outputs
    ):  # other views of memory that an in-place operator has overwritten
        return (
            results
            + call.bounded(f"{operation.operator!r} writes into memory that other views share")[
                len(results) :
            ]
        )
    return results
