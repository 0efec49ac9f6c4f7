"""The command line: ``python -m analysis resnet50 --size 224``, ``python -m analysis list --family ResNet``.

One model gives its layers, several a comparison. A bad argument ends with exit code 2 and one
sentence on standard error. Of ``analysis``, only this module and :mod:`analysis.command_line_list`
know the zoo.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from analysis.analyze import analyze
from analysis.command_line_list import add_list_arguments, zoo_text
from analysis.command_line_output import FORMATS, Analysed, output_text

_IMAGE = (3, 224, 224)
_EPILOG = """examples:
  python -m analysis resnet50 --size 224
  python -m analysis vgg16 resnet50 mobilenet_v2 --format markdown
  python -m analysis --module my_package.networks:build --input 3,256,128 --format json
  python -m analysis list --family ResNet --max-params 30e6"""


class _Parser(argparse.ArgumentParser):
    """Says what is wrong in one sentence, without the usage."""

    def error(self, message: str) -> NoReturn:
        self.exit(2, f"{self.prog}: {message}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line on ``arguments`` (default: those of the process) and return its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    listing = given[:1] == ["list"]
    parser = _list_parser() if listing else _analysis_parser()
    options = parser.parse_args(given[1:] if listing else given)
    try:
        text = zoo_text(options) if listing else _analysis_text(options)
    except ValueError as error:
        parser.error(str(error))
    try:
        print(text, flush=True)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return 0


def _analysis_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m analysis",
        description="Shapes, parameters, MACs, memory and receptive fields of convolutional networks.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "models", nargs="*", metavar="MODEL", help="a name of the zoo, or timm/NAME; several are compared"
    )
    parser.add_argument(
        "--module", action="append", default=[], metavar="PACKAGE.MODULE:FACTORY",
        help="a model of your own: what the factory returns, called without arguments",
    )  # fmt: skip
    parser.add_argument("--size", metavar="N|HxW", help="image size in pixels (default: the model's own)")
    parser.add_argument(
        "--input", action="append", default=[], metavar="C,H,W",
        help="input shape without the batch, instead of --size; once for each input of the model",
    )  # fmt: skip
    parser.add_argument("--format", choices=FORMATS, default="table", help="default: table")
    parser.add_argument(
        "--depth", type=int, metavar="N", help="sum up modules N levels deep instead of listing layers"
    )
    parser.add_argument(
        "--witnesses", action="store_true", help="set the counts beside fvcore's, PyTorch's, the published"
    )
    return parser


def _list_parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m analysis list", description="The models of the zoo, with their published figures."
    )
    add_list_arguments(parser)
    return parser


def _analysis_text(options: argparse.Namespace) -> str:
    if not options.models and not options.module:
        raise ValueError("name a model, such as resnet50, or see python -m analysis list")
    if options.size is not None and options.input:
        raise ValueError("--size and --input both give the input: leave one out")
    if options.depth is not None and options.depth < 0:
        raise ValueError(f"--depth {options.depth} is below 0, which is the whole network")
    shapes = tuple(_shape(text, "--input") for text in options.input) or None
    size = None if options.size is None else _size(options.size)
    analysed = [_of_the_zoo(name, shapes, size) for name in options.models]
    if size is not None:
        shapes = ((_IMAGE[0], *size),)
    analysed += [_of_the_user(name, shapes) for name in options.module]
    return output_text(analysed, options.format, options.depth, options.witnesses)


def _of_the_zoo(
    name: str, shapes: tuple[tuple[int, ...], ...] | None, size: tuple[int, int] | None
) -> Analysed:
    import models

    card = models.card(name)
    channels, *own_size = card.input_shape
    shapes = shapes or ((channels, *(size or own_size)),)
    model = models.build(name, shapes[0][-1] if len(shapes[0]) == 3 and card.size_step else None)
    published = next((weights for weights in card.weights if weights.input_shape == shapes[0]), None)
    return Analysed(
        report=analyze(model, shapes, name=name),
        model=model,
        published_gmacs=published.gmacs if published else None,
        published_params=card.params,
    )


def _of_the_user(name: str, shapes: tuple[tuple[int, ...], ...] | None) -> Analysed:
    import models

    model = models.load_factory(name)
    return Analysed(report=analyze(model, shapes or _IMAGE, name=name), model=model)


def _size(text: str) -> tuple[int, int]:
    sides = text.lower().split("x")
    if len(sides) > 2 or not all(side.isdecimal() for side in sides):
        raise ValueError(f"--size {text!r} is not a size: write 224, or 256x192 for height x width")
    return int(sides[0]), int(sides[-1])


def _shape(text: str, option: str) -> tuple[int, ...]:
    sizes = text.split(",")
    if not all(size.strip().isdecimal() for size in sizes):
        raise ValueError(f"{option} {text!r} is not a shape: write channels, height and width as 3,224,224")
    return tuple(int(size) for size in sizes)
