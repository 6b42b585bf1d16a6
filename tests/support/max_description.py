"""The description of the MAX Bot API that the sandbox holds, made of the official one and of what it departs in.

`vestnik_description` says what `bot/sandbox/max_api/description.json` must be.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from tests.support.yaml_subset import read_yaml

OFFICIAL = Path(__file__).parents[2].parent / "shared" / "max" / "schema.yaml"
CALLS = {
    "GET /me": "getMyInfo",
    "GET /subscriptions": "getSubscriptions",
    "POST /subscriptions": "subscribe",
    "DELETE /subscriptions": "unsubscribe",
    "POST /uploads": "getUploadUrl",
    "POST /messages": "sendMessage",
    "PUT /messages": "editMessage",
    "POST /answers": "answerOnCallback",
    "GET /updates": "getUpdates",
}
"""The calls that the sandbox plays."""

ASIDE = frozenset({"PhotoTokens", "UploadedInfo", "Error"})
"""What answers outside the calls hold."""

KEPT = ("type", "nullable", "enum", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "pattern")
Json = dict[str, Any]


def vestnik_description(official: Path = OFFICIAL) -> Json:
    """Calls with their parameters, bodies and answers, and the schemas that they need."""
    whole = read_yaml(official.read_text(encoding="utf-8"))
    schemas = {name: _flat(schema, whole["components"]["schemas"]) for name, schema in _schemas(whole).items()}
    calls = {name: _call(whole["paths"], name) for name in CALLS}
    _depart(schemas, calls)
    return {"calls": calls, "schemas": {name: schemas[name] for name in sorted(_needed(schemas, calls))}}


def _depart(schemas: Json, calls: Json) -> None:
    """Where `../shared/max/README.md` stands against the schema."""
    schemas["MessageBody"]["required"].remove("link")
    schemas["Message"]["properties"]["body"]["nullable"] = True
    schemas["NewMessageBody"]["required"] = []
    schemas["NewMessageBody"]["properties"]["attachments"]["maxItems"] = 12
    schemas["ContactAttachmentPayload"]["properties"]["hash"] = {"type": "string"}
    schemas["SimpleQueryResult"]["properties"]["code"] = {"type": "string"}
    schemas["CallbackAnswer"]["properties"] = {"message": {"$ref": "NewMessageBody"}}
    schemas["CallbackAnswer"]["required"] = ["message"]
    schemas["BotStartedUpdate"]["properties"]["payload"]["maxLength"] = 128
    subscription = schemas["SubscriptionRequestBody"]["properties"]
    for name in ("self_signed_cert", "version"):
        del subscription[name]
    subscription["secret"]["pattern"] = "^[a-zA-Z0-9_-]{5,256}$"
    del schemas["Subscription"]["properties"]["self_signed_cert"]
    keyboard = schemas["InlineKeyboardAttachmentRequestPayload"]["properties"]["buttons"]
    keyboard["maxItems"], keyboard["items"]["maxItems"] = 30, 7
    calls["GET /updates"]["query"]["timeout"]["maximum"] = 30
    calls["GET /updates"]["query"]["limit"]["maximum"] = 100


def _schemas(whole: Json) -> Json:
    found: Json = whole["components"]["schemas"]
    return found


def _call(paths: Json, name: str) -> Json:
    method, path = name.split()
    described = paths[path][method.lower()]
    assert described["operationId"] == CALLS[name]
    answer = described["responses"]["200"]
    if "$ref" in answer:
        answer = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/SimpleQueryResult"}}}}
    call: Json = {"query": {each["name"]: _parameter(each) for each in described.get("parameters", ())}}
    if "requestBody" in described:
        call["body"] = _ref(described["requestBody"]["content"]["application/json"]["schema"])
    return call | {"answer": _ref(answer["content"]["application/json"]["schema"])}


def _parameter(described: Json) -> Json:
    """Lists are written with commas."""
    schema = described["schema"]
    kept = _property(schema)
    if "items" in schema:
        kept = {"type": "string"}
    return kept | ({"required": True} if described.get("required") else {})


def _ref(schema: Json) -> str:
    return str(schema["$ref"].rpartition("/")[2])


def _flat(schema: Json, schemas: Json) -> Json:
    """A schema with all that it inherits; a discriminator is followed from the base alone."""
    flat: Json = {name: schema[name] for name in KEPT if name in schema}
    properties: Json = {}
    required: list[str] = []
    for part in schema.get("allOf", ()):
        base = _flat(schemas[_ref(part)], schemas) if "$ref" in part else _flat(part, schemas)
        properties |= base.get("properties", {})
        required += base.get("required", [])
    properties |= {name: _property(each) for name, each in schema.get("properties", {}).items()}
    required += schema.get("required", ())
    if properties:
        flat |= {"type": "object", "properties": properties, "required": sorted(set(required))}
    if "discriminator" in schema:
        told = schema["discriminator"]
        kinds = {kind: place.rpartition("/")[2] for kind, place in told["mapping"].items()}
        flat["discriminator"] = {"name": told["propertyName"], "kinds": kinds}
    return flat


def _property(schema: Json) -> Json:
    """A property: its own words, or the schema that it refers to."""
    kept: Json = {name: schema[name] for name in KEPT if name in schema}
    reference = next((each for each in (schema, *schema.get("allOf", ())) if "$ref" in each), None)
    if reference is not None:
        kept = {"$ref": _ref(reference)} | ({"nullable": True} if schema.get("nullable") else {})
    if "items" in schema:
        kept |= {"type": "array", "items": _property(schema["items"])}
    if "additionalProperties" in schema:
        kept["additional"] = _property(schema["additionalProperties"])
    return kept


def _needed(schemas: Mapping[str, Json], calls: Json) -> set[str]:
    wanted = [*ASIDE, *(each[part] for each in calls.values() for part in ("body", "answer") if part in each)]
    wanted += [each["$ref"] for call in calls.values() for each in call["query"].values() if "$ref" in each]
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += _referred(schemas[name])
    return found


def _referred(node: Any) -> list[str]:
    if isinstance(node, list):
        return [name for each in node for name in _referred(each)]
    if not isinstance(node, dict):
        return []
    if "kinds" in node:
        return list(node["kinds"].values())
    own = [node["$ref"]] if "$ref" in node else []
    return [*own, *(name for each in node.values() for name in _referred(each))]
