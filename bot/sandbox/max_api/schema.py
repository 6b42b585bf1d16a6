"""The sandbox's own description of the MAX Bot API, and what it finds wrong with calls and answers.

`description.json` was written from the official description, with the departures that were seen in life; a test
compares the two.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from bot.sandbox.bot_api.call import Json
from bot.sandbox.max_api.refusal import MaxApiRefusal, invalid_max_api_refusal

_TYPES: Mapping[str, type | tuple[type, ...]] = {
    "string": str, "integer": int, "number": (int, float), "boolean": bool, "array": list, "object": dict,
}  # fmt: skip
_BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {
    "enum": lambda value, allowed: value in allowed,
    "minLength": lambda value, least: len(value) >= least,
    "maxLength": lambda value, most: len(value) <= most,
    "minItems": lambda value, least: len(value) >= least,
    "maxItems": lambda value, most: len(value) <= most,
    "minimum": lambda value, least: value >= least,
    "maximum": lambda value, most: value <= most,
    "pattern": lambda value, form: re.search(form, value) is not None,
}


class MaxApiSchema:
    """The calls that are played, and the form of what they take and give."""

    def __init__(self, description: Json) -> None:
        self._calls: Json = description["calls"]
        self._schemas: Json = description["schemas"]

    def check_call(self, call: str, query: Mapping[str, str], body: object) -> None:
        """Raise 404 for an unknown call, 400 for a parameter or field that MAX does not have, or a wrong value."""
        described = self._calls.get(call)
        if described is None:
            raise MaxApiRefusal(404, "not.found", f"sandbox: no call {call}")
        fault = next(self._faults_of_query(described["query"], query), None)
        if fault is None and "body" in described:
            fault = next(self.faults({"$ref": described["body"]}, body, "body", is_strict=True), None)
        if fault is not None:
            raise invalid_max_api_refusal(f"sandbox: {call}: {fault}")

    def check_answer(self, call: str, answer: object) -> None:
        """AssertionError where the sandbox's own answer is not what MAX would say."""
        fault = next(self.faults({"$ref": self._calls[call]["answer"]}, answer, "answer", is_strict=True), None)
        assert fault is None, f"{call}: {fault}"  # noqa: S101 -- the sandbox's own fault

    def check_update(self, update: Json) -> None:
        """AssertionError for an update that MAX would not write."""
        fault = next(self.faults({"$ref": "Update"}, update, "update", is_strict=True), None)
        assert fault is None, fault  # noqa: S101 -- the sandbox's own fault

    def faults(self, schema: Json, value: Any, place: str, *, is_strict: bool) -> Iterator[str]:
        """What is wrong, place by place; `is_strict` refuses unknown fields."""
        if value is None and schema.get("nullable"):
            return
        if "$ref" in schema:
            yield from self.faults(self._schemas[schema["$ref"]], value, place, is_strict=is_strict)
            return
        expected = schema.get("type")
        if expected is not None and not _is(expected, value):
            yield f"{place} is no {expected}"
            return
        yield from (f"{place} breaks {name}" for name, holds in _BOUNDS.items() if _breaks(schema, name, value, holds))
        if "discriminator" in schema:
            yield from self._faults_of_kind(schema["discriminator"], value, place, is_strict=is_strict)
        elif "properties" in schema:
            yield from self._faults_of_object(schema, value, place, is_strict=is_strict)
        for number, item in enumerate(value if "items" in schema else ()):
            yield from self.faults(schema["items"], item, f"{place}.{number}", is_strict=is_strict)
        for name, item in value.items() if "additional" in schema else ():
            yield from self.faults(schema["additional"], item, f"{place}.{name}", is_strict=is_strict)

    def _faults_of_kind(self, told: Json, value: Any, place: str, *, is_strict: bool) -> Iterator[str]:
        kind = value.get(told["name"]) if isinstance(value, dict) else None
        name = told["kinds"].get(kind)
        if name is None:
            yield f"{place}.{told['name']} is none that MAX knows"
        else:
            yield from self._faults_of_object(self._schemas[name], value, place, is_strict=is_strict)

    def _faults_of_object(self, schema: Json, value: Any, place: str, *, is_strict: bool) -> Iterator[str]:
        properties = schema.get("properties", {})
        if is_strict:
            yield from (f"{place} has no field {name}" for name in value if name not in properties)
        yield from (f"{place}.{name} is missing" for name in schema.get("required", ()) if name not in value)
        for name, item in value.items():
            if name in properties:
                yield from self.faults(properties[name], item, f"{place}.{name}", is_strict=is_strict)

    def _faults_of_query(self, parameters: Json, query: Mapping[str, str]) -> Iterator[str]:
        yield from (f"no parameter {name}" for name in query if name not in parameters)
        for name, schema in parameters.items():
            if name in query:
                yield from self.faults(schema, _typed(schema, query[name]), name, is_strict=True)
            elif schema.get("required"):
                yield f"{name} is missing"


@cache
def max_api_schema() -> MaxApiSchema:
    """The description of the wheel, read once."""
    return MaxApiSchema(json.loads(files(__package__).joinpath("description.json").read_text(encoding="utf-8")))


def _is(expected: str, value: object) -> bool:
    return isinstance(value, _TYPES[expected]) and (expected == "boolean" or not isinstance(value, bool))


def _breaks(schema: Json, name: str, value: Any, holds: Callable[[Any, Any], bool]) -> bool:
    return name in schema and not holds(value, schema[name])


def _typed(schema: Json, said: str) -> object:
    """A parameter of the address as its type."""
    if schema.get("type") == "integer":
        return int(said) if re.fullmatch(r"-?[0-9]+", said) else said
    return said == "true" if schema.get("type") == "boolean" and said in {"true", "false"} else said
