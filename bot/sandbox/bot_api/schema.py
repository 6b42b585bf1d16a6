"""The Bot API's method list and field types, taken from aiogram's own models and made strict.

The pushes of python-telegram-bot are so checked by the types of aiogram, and no list of methods is written by hand.
"""

import json
import types
from collections.abc import Mapping
from copy import copy
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from aiogram import methods
from aiogram.types import InputFile
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.fields import FieldInfo

from bot.sandbox.bot_api.call import BotApiCall, Json, Upload
from bot.sandbox.bot_api.refusal import BotApiRefusal, bad_request_refusal


class BotApiSchema:
    """Which methods there are, which of their fields hold JSON, and what each field may hold."""

    def __init__(self) -> None:
        self._models: dict[str, type[BaseModel]] = {
            name.lower(): model
            for model in vars(methods).values()
            if isinstance(model, type) and isinstance(name := vars(model).get("__api_method__"), str)
        }
        self._strict: dict[type[BaseModel], type[BaseModel]] = {}
        self._json_fields: dict[str, frozenset[str]] = {}

    def call(self, method: str, fields: Mapping[str, Any], uploads: Mapping[str, Upload]) -> BotApiCall:
        """The call, checked; raises 404 for an unknown method and 400 for a field that the Bot API does not have."""
        model = self._models.get(method.lower())
        if model is None:
            raise BotApiRefusal(404, "Not Found: method not found")
        decoded = self._decoded(model, fields)
        self._check(model, decoded, uploads)
        return BotApiCall(str(vars(model)["__api_method__"]), decoded, uploads)

    def _decoded(self, model: type[BaseModel], fields: Mapping[str, Any]) -> Json:
        holders = self._json_fields.get(model.__name__)
        if holders is None:
            holders = frozenset(name for name, field in _fields(model).items() if _holds_json(field.annotation))
            self._json_fields[model.__name__] = holders
        return {
            name: _from_json(name, value) if name in holders and isinstance(value, str) else value
            for name, value in fields.items()
        }

    def _check(self, model: type[BaseModel], fields: Json, uploads: Mapping[str, Upload]) -> None:
        parts = {name: f"attach://{name}" for name in uploads if name in _fields(model)}
        try:
            self._strictly(model).model_validate({**fields, **parts})
        except ValidationError as error:
            raise _refusal_of(model, error) from None

    def _strictly(self, model: type[BaseModel]) -> type[BaseModel]:
        """A subclass that forbids unknown fields, and so do the models nested in it."""
        if model in self._strict:
            return self._strict[model]
        annotations: dict[str, Any] = {}
        namespace: dict[str, Any] = {"model_config": ConfigDict(extra="forbid"), "__annotations__": annotations}
        for name, field in _fields(model).items():
            narrowed = self._narrowed(field.annotation)
            if narrowed != field.annotation:
                annotations[name], namespace[name] = narrowed, copy(field)
        namespace["__module__"] = __name__
        strict: type[BaseModel] = type(f"Strict{model.__name__}", (model,), namespace)
        strict.__pydantic_parent_namespace__ = model.__pydantic_parent_namespace__  # the names in its annotations
        self._strict[model] = strict
        return strict

    def _narrowed(self, annotation: Any) -> Any:
        """The same type expression with strict models in it and uploads as the ``attach://`` text that names them."""
        if annotation is InputFile:
            return str
        if isinstance(annotation, type) and issubclass(annotation, BaseModel):
            return self._strictly(annotation)
        origin, arguments = get_origin(annotation), get_args(annotation)
        if origin in {Union, types.UnionType}:
            return Union[tuple(self._narrowed(argument) for argument in arguments)]  # noqa: UP007 -- built at run time
        if origin is list:
            return types.GenericAlias(list, (self._narrowed(arguments[0]),))
        return annotation


@cache
def bot_api_schema() -> BotApiSchema:
    """One schema a process: its strict models are built once."""
    return BotApiSchema()


def _fields(model: type[BaseModel]) -> Mapping[str, FieldInfo]:
    """The fields with their types, which a model knows once it is built (`bot.telegram.models`)."""
    model.model_rebuild()
    return model.model_fields


def _holds_json(annotation: Any) -> bool:
    if get_origin(annotation) in {list, dict} or annotation in {list, dict}:
        return True
    if isinstance(annotation, type):
        return issubclass(annotation, BaseModel)
    arguments = get_args(annotation)
    nested = arguments[:1] if get_origin(annotation) is Annotated else arguments
    return any(_holds_json(argument) for argument in nested)


def _from_json(name: str, value: str) -> object:
    if not value:
        return None
    try:
        return json.loads(value)
    except ValueError:
        raise bad_request_refusal(f"can't parse {name.replace('_', ' ')} JSON object") from None


def _refusal_of(model: type[BaseModel], error: ValidationError) -> BotApiRefusal:
    """Our words: which field of which method, and what is wrong with it; never the value."""
    problems = error.errors(include_input=False, include_url=False, include_context=False)
    unknown = [problem for problem in problems if problem["type"] == "extra_forbidden"]
    first = (unknown or problems)[0]
    place = ".".join(str(step) for step in first["loc"] if not str(step).startswith("Strict"))
    method = vars(model)["__api_method__"]
    if first["type"] == "extra_forbidden":
        return bad_request_refusal(f"sandbox: {method} has no field {place}")
    if first["type"] == "missing":
        return bad_request_refusal("message text is empty" if place == "text" else f"{place} is empty")
    return bad_request_refusal(f"sandbox: field {place} of {method}: {first['msg']}")
