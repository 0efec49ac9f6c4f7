"""A user's own model, named as ``package.module:factory``.

Imports and runs the code that the name points to. For the command line and for library users, who
run that code with their own rights; it must never be reachable from a page, or a visitor could
make the server import code.
"""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Callable
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from torch import nn


def load_factory(name: str) -> nn.Module:
    """The module that the factory returns when called without arguments.

    It is called so that weights take no memory (all parameters are then on the meta device); a
    factory that cannot be run so, because it computes with its weights, is called once more in the
    ordinary way. The training flag is as the factory leaves it and torch's random generator
    as it was before. Every failure is a ValueError that names the part that was wrong.
    load_factory("torchvision.models:resnet18") has 11,689,512 parameters.
    """
    module_name, colon, path = name.partition(":")
    if not (colon and module_name and path):
        raise ValueError(f"{name!r} names no factory: write package.module:factory")
    factory = _attribute(_module(module_name, name), path, name)
    if not callable(factory):
        raise ValueError(f"{path!r} in {name!r} is a {type(factory).__name__}, which cannot be called")
    _check_needs_no_arguments(factory, path, name)
    return _call(factory, path, name)


def _module(module_name: str, name: str) -> ModuleType:
    try:
        return importlib.import_module(module_name)
    except ModuleNotFoundError as error:
        if error.name is not None and (module_name + ".").startswith(error.name + "."):
            raise ValueError(f"There is no module {error.name!r}, which {name!r} asks for") from error
        raise ValueError(f"Importing {module_name!r} for {name!r} failed: {error}") from error
    except (Exception, SystemExit) as error:
        raise ValueError(f"Importing {module_name!r} for {name!r} raised {_described(error)}") from error


def _attribute(module: ModuleType, path: str, name: str) -> Any:
    found: Any = module
    for part in path.split("."):
        try:
            found = getattr(found, part)
        except AttributeError as error:
            raise ValueError(f"{module.__name__!r} has no {path!r}, which {name!r} asks for") from error
    return found


def _check_needs_no_arguments(factory: Callable[..., Any], path: str, name: str) -> None:
    try:
        signature = inspect.signature(factory)
    except (TypeError, ValueError):  # builtins state no signature
        return
    try:
        signature.bind()
    except TypeError as error:
        raise ValueError(f"{path!r} in {name!r} is called without arguments, but has a {error}") from error


def _call(factory: Callable[[], Any], path: str, name: str) -> nn.Module:
    import torch

    from models.weightless import construct_without_weights

    def checked() -> nn.Module:
        result = factory()
        if not isinstance(result, torch.nn.Module):
            kind = type(result).__name__
            raise _WrongResultError(
                f"The factory {path!r} in {name!r} returned a {kind}, not a torch.nn.Module"
            )
        return result

    with torch.random.fork_rng(devices=[]):
        try:
            return construct_without_weights(checked)
        except _WrongResultError:
            raise
        except (Exception, SystemExit):  # noqa: BLE001 - the user's code may raise anything; it runs again below
            return _in_the_ordinary_way(checked, path, name)


def _in_the_ordinary_way(checked: Callable[[], nn.Module], path: str, name: str) -> nn.Module:
    try:
        return checked()
    except _WrongResultError:
        raise
    except (Exception, SystemExit) as error:
        raise ValueError(f"The factory {path!r} in {name!r} raised {_described(error)}") from error


class _WrongResultError(ValueError):
    """The factory ran and returned something else than a module."""


def _described(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
