"""The description of the interface, as OpenAPI: what may be asked, and what is answered."""

from __future__ import annotations

from typing import Any

from digitdesk import __version__
from digitdesk.web.access import KEY_HEADER
from digitdesk.web.questions import MOST_IN_A_BATCH

Object = dict[str, Any]

_TEXT: Object = {"type": "string"}
_RATIO: Object = {"type": "number", "minimum": 0, "maximum": 1}
_STROKES: Object = {
    "type": "array",
    "description": "Points [x, y] per stroke in the order they were drawn, y growing downward; "
    "a board is 280 high, but any size will do.",
    "items": {
        "type": "array",
        "items": {"type": "array", "items": {"type": "number"}, "minItems": 2},
    },
}
_PICTURE: Object = {
    "type": "string",
    "format": "byte",
    "description": "Base64 of a PNG, JPEG, BMP, GIF, TIFF, WebP or PPM file.",
}
_BOX: Object = {
    "type": "array",
    "description": "Left, top, right and bottom.",
    "items": {"type": "number"},
    "minItems": 4,
    "maxItems": 4,
}
_MODEL: Object = {"type": "string", "description": "The id of a model; the first where left out."}


def _of(name: str) -> Object:
    return {"$ref": f"#/components/schemas/{name}"}


def _object(**properties: Object) -> Object:
    return {"type": "object", "properties": properties}


def _with(schema: Object, *required: str) -> Object:
    return schema | {"required": list(required)}


def _list(of: Object) -> Object:
    return {"type": "array", "items": of}


def _or_null(of: Object) -> Object:
    return {"anyOf": [of, {"type": "null"}]}


_SCHEMAS: Object = {
    "Question": {
        "description": "Either strokes or a picture.",
        "oneOf": [
            _with(_object(strokes=_STROKES), "strokes"),
            _with(_object(picture=_PICTURE), "picture"),
        ],
    },
    "Prediction": _object(
        label=_or_null(_TEXT),
        confidence=_or_null(_RATIO),
        second_label=_or_null(_TEXT),
        second_confidence=_or_null(_RATIO),
        probabilities=_list(_RATIO),
        reason=_TEXT | {"description": "Why there is no sure answer; empty where there is one."},
        seen=_TEXT | {"description": "Base64 of 28×28 bytes, ink = 255, where it was asked for."},
    ),
    "Number": _object(
        number=_or_null(_TEXT),
        confidence=_or_null(_RATIO),
        digits=_list(_object(label=_TEXT, confidence=_RATIO, box=_BOX, reason=_TEXT)),
        reason=_TEXT,
        separators=_list(_object(sign=_TEXT, before={"type": "integer"}, box=_BOX))
        | {"description": "Signs and spaces, each with how many of the digits stand before it."},
    ),
    "Model": _object(
        id=_TEXT,
        title=_TEXT,
        network=_TEXT,
        class_names=_list(_TEXT),
        test_accuracy=_or_null(_RATIO),
    ),
    "Error": _object(
        error=_object(what=_TEXT, expected=_TEXT, received=_TEXT, hint=_TEXT, sentence=_TEXT)
    ),
}


def _json(schema: Object, text: str = "") -> Object:
    return {
        "description": text or "The answer.",
        "content": {"application/json": {"schema": schema}},
    }


_REFUSALS: Object = {
    "400": _json(_of("Error"), "The question cannot be read."),
    "403": _json(_of("Error"), "Another host or origin, or no key."),
    "404": _json(_of("Error"), "There is nothing at this address."),
    "405": _json(_of("Error"), "The address does not take this method."),
    "413": _json(_of("Error"), "More than 2 MB."),
    "500": _json(_of("Error"), "Something went wrong inside."),
    "503": _json(_of("Error"), "Too much to do; ask again after Retry-After seconds."),
}


def _post(summary: str, schema: Object, answer: Object) -> Object:
    content: Object = {"application/json": {"schema": schema}}
    return {
        "post": {
            "summary": summary,
            "requestBody": {"required": True, "content": content},
            "responses": {"200": _json(answer), **_REFUSALS},
        }
    }


def _get(summary: str, answer: Object) -> Object:
    return {"get": {"summary": summary, "responses": {"200": _json(answer), **_REFUSALS}}}


def document() -> Object:
    """The whole description."""
    truth: Object = {"type": "boolean"}
    batch = _list(_of("Question")) | {"minItems": 1, "maxItems": MOST_IN_A_BATCH}
    asked = _object(model=_MODEL, with_seen=truth)
    one = asked | _of("Question")
    several = _with(_object(batch=batch, model=_MODEL, with_seen=truth), "batch")
    number = _object(model=_MODEL, at_a_glance=truth) | _of("Question")
    predictions = _object(model=_TEXT, predictions=_list(_of("Prediction")))
    return {
        "openapi": "3.1.0",
        "info": {"title": "DigitDesk", "version": __version__},
        "paths": {
            "/api/predict": _post(
                "Read one digit, or up to a hundred", {"oneOf": [one, several]}, predictions
            ),
            "/api/number": _post("Read a number", number, _of("Number")),
            "/api/models": _get(
                "The models that can be asked", _object(models=_list(_of("Model")))
            ),
            "/api/health": _get(
                "Whether the server works",
                _object(status=_TEXT, version=_TEXT, waiting={"type": "integer"}),
            ),
        },
        "components": {
            "schemas": _SCHEMAS,
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": KEY_HEADER}},
        },
        "security": [{}, {"key": []}],
    }
