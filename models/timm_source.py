"""Models of timm, where it is installed, under the names "timm/<name>".

timm is imported by the first call and never otherwise. Only names that timm's registry lists are
accepted, so that no name can make timm fetch a model from elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import TYPE_CHECKING, Any

from models.catalogue import TIMM_PREFIX, unknown_model
from models.records import ModelCard

if TYPE_CHECKING:
    from torch import nn

_UNSTATED = "timm states neither parameters, MACs nor accuracy: the analysis counts the first two."


def timm_names() -> tuple[str, ...]:
    """Names of all models of the installed timm, such as "timm/resnet50". ValueError without timm."""
    return tuple(TIMM_PREFIX + name for name in _timm().list_models())


def timm_card(name: str) -> ModelCard:
    """The card of "timm/<name>" or "timm/<name>.<weights tag>", from timm's default configuration.

    timm states the input shape and the licence of the weights with a model, but neither paper nor
    parameters nor accuracy: those fields are None. Raises ValueError for an unknown name or tag.
    """
    timm = _timm()
    configuration = _configuration(timm, name)
    architecture = name.removeprefix(TIMM_PREFIX).partition(".")[0]
    family = timm.model_entrypoint(architecture).__module__.rpartition(".")[2]
    return ModelCard(
        name=name,
        title=name.removeprefix(TIMM_PREFIX),
        family=family,
        year=None,
        paper=None,
        paper_url=None,
        authors=None,
        source="timm",
        input_shape=configuration.input_size,
        top1=None,
        top5=None,
        params=None,
        gmacs=None,
        weights=(),
        weights_license=configuration.license or "not stated by timm",
        notes=(_UNSTATED,),
    )


def timm_constructor(name: str, image_size: int | None) -> Callable[[], nn.Module]:
    """A call without arguments that builds the untrained model, for ``image_size`` where that matters."""
    timm = _timm()
    configuration = _configuration(timm, name)
    arguments: dict[str, Any] = {"pretrained": False}
    if image_size is not None and configuration.fixed_input_size:
        arguments["img_size"] = image_size
    return partial(timm.create_model, name.removeprefix(TIMM_PREFIX), **arguments)


def _timm() -> ModuleType:
    try:
        import timm
    except ModuleNotFoundError as error:
        if error.name not in ("timm", None):
            raise ValueError(f"timm is installed but cannot be imported: {error}") from error
        raise ValueError("Models of timm need timm, which is not installed: run pip install timm") from error
    except (ImportError, RuntimeError) as error:
        raise ValueError(f"timm is installed but cannot be imported: {error}") from error
    return timm


def _configuration(timm: ModuleType, name: str) -> Any:
    wanted = name.removeprefix(TIMM_PREFIX)
    architecture, _, tag = wanted.partition(".")
    if not timm.is_model(architecture):
        raise ValueError(unknown_model(name, timm_names()))
    tags = timm.list_pretrained(architecture + ".*") if tag else []
    if tag and wanted not in tags:
        raise ValueError(unknown_model(name, [TIMM_PREFIX + known for known in (*tags, architecture)]))
    return timm.get_pretrained_cfg(wanted, allow_unregistered=True)
