"""Imports aiogram in one second of processor time instead of four: its models are built when the first is used."""

from importlib import import_module
from typing import Any

from pydantic import BaseModel


def import_aiogram_models() -> None:
    """Whoever imports aiogram before this waits for every model to be built, as aiogram would have it.

    aiogram gives each of its types, when it is imported, the names in their annotations and has it built, and each
    method; the types refer to each other, so that most are built many times. Pydantic builds a model that is not
    complete by itself, if the model knows these names.
    """
    names: dict[str, Any] = {}

    def remember(_types_namespace: dict[str, Any]) -> None:
        names.update(_types_namespace)

    build = vars(BaseModel)["model_rebuild"]
    BaseModel.model_rebuild = remember  # type: ignore[assignment, method-assign]  # until aiogram is imported
    try:
        modules = [import_module("aiogram.types"), import_module("aiogram.methods")]
    finally:
        BaseModel.model_rebuild = build  # type: ignore[method-assign]
    for module in modules:
        for name in module.__all__:
            model = getattr(module, name)
            if isinstance(model, type) and issubclass(model, BaseModel):
                model.__pydantic_parent_namespace__ = names
    modules[0].Update.model_rebuild()
