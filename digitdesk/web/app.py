"""The pages and the interface: what each address answers, and that nothing else is answered.

Nothing that was drawn is stored or logged.
"""

from __future__ import annotations

import base64
import json
import logging
import time
import traceback
from collections.abc import Callable
from importlib import resources
from typing import Any

from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException

from digitdesk import __version__
from digitdesk.errors import ConfigError, DigitDeskError
from digitdesk.export.html import filled, page_file
from digitdesk.export.javascript import preparation_object
from digitdesk.messages.prediction import NumberReading, Prediction
from digitdesk.web.access import KEY_HEADER, Access, ForbiddenError
from digitdesk.web.desk import BusyError, Desk
from digitdesk.web.models import ServedModels
from digitdesk.web.openapi import document
from digitdesk.web.questions import Question, check_pictures, question_of, questions_of

MOST_BYTES = 2_000_000
RETRY_SECONDS = 1

_LOGGER = logging.getLogger(__name__)
_SCRIPTS = ("words", "board", "answer", "page")
_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class Answers:
    """What the interface answers.

    Args:
        session: Reads numbers and pictures.
        desk: Has it read, when its turn comes.
        models: Which models there are.
    """

    def __init__(self, session: Any, desk: Desk, models: ServedModels) -> None:
        self._session = session
        self._desk = desk
        self._models = models

    def predict(self) -> Response:
        """One digit, or a batch of them."""
        asked = _asked()
        key, with_seen = self._models.key_of(asked.get("model")), asked.get("with_seen") is True
        questions = questions_of(asked["batch"]) if "batch" in asked else [question_of(asked)]
        if len(questions) == 1:
            predictions = [self._predict(questions[0], key)]
        else:
            # As one task: a batch has one place in the queue, as everybody has.
            has_pictures = any(question.strokes is None for question in questions)
            predictions = self._desk.do(lambda: self._all(questions, key), is_large=has_pictures)
        told = [
            prediction.plain | ({"seen": _seen(prediction)} if with_seen else {})
            for prediction in predictions
        ]
        return _json({"model": self._models_id(asked), "predictions": told})

    def number(self) -> Response:
        """A number of several digits."""
        asked = _asked()
        key, question = self._models.key_of(asked.get("model")), question_of(asked)
        at_a_glance = asked.get("at_a_glance") is True

        def read() -> NumberReading:
            strokes, session = question.strokes, self._session
            if strokes is not None:
                reading: NumberReading = session.read_number(strokes, key, at_a_glance=at_a_glance)
                return reading
            check_pictures([question])
            reading = session.read_number_file(question.picture, key)
            return reading

        reading = self._desk.do(read, is_large=question.strokes is None)
        told = reading.plain
        for digit, prediction in zip(told["digits"], reading.digits, strict=True):
            digit["reason"] = prediction.reason
        return _json(told)

    def models(self) -> Response:
        """The models that can be asked."""
        return _json({"models": self._models.listed()})

    def health(self) -> Response:
        """Whether the server works."""
        return _json({"status": "ok", "version": __version__, "waiting": self._desk.waiting})

    def _predict(self, question: Question, key: str) -> Prediction:
        if question.strokes is not None:
            return self._desk.read(question.strokes, key)
        (prediction,) = self._desk.do(lambda: self._all([question], key), is_large=True)
        return prediction

    def _all(self, questions: list[Question], key: str) -> list[Prediction]:
        check_pictures(questions)
        drawings = [q.strokes for q in questions if q.strokes is not None]
        read = iter(self._session.read_drawings(drawings, key) if drawings else ())
        return [
            self._picture(q.picture, key) if q.strokes is None else next(read) for q in questions
        ]

    def _picture(self, picture: bytes, key: str) -> Prediction:
        prediction: Prediction = self._session.read_image_file(picture, key)
        return prediction

    def _models_id(self, asked: dict[str, Any]) -> str:
        name: str = asked.get("model") or self._models.listed()[0]["id"]
        return name


def create_app(session: Any, desk: Desk, models: ServedModels, access: Access) -> Flask:
    """The application, for any WSGI server.

    Args:
        session: The session whose models answer.
        desk: Does the work.
        models: Which models are offered.
        access: Who may ask.
    """
    app = Flask("digitdesk", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = MOST_BYTES
    answers = Answers(session, desk, models)
    files = _files()

    def check() -> Response | None:
        g.begun = time.monotonic()
        is_file = request.path.startswith("/page/")
        key = (
            access.key
            if is_file
            else request.headers.get(KEY_HEADER) or request.args.get("key", "")
        )
        is_preflight = request.method == "OPTIONS" and bool(access.foreign_origin)
        access.check(request.method, dict(request.headers), access.key if is_preflight else key)
        return Response(status=204) if is_preflight else None

    def finish(response: Response) -> Response:
        response.headers.update(_HEADERS)
        if access.foreign_origin and request.headers.get("Origin") == access.foreign_origin:
            response.headers["Access-Control-Allow-Origin"] = access.foreign_origin
            response.headers["Access-Control-Allow-Headers"] = f"Content-Type, {KEY_HEADER}"
            response.headers["Vary"] = "Origin"
        rule = request.url_rule.rule if request.url_rule else "no such address"
        taken = 1000 * (time.monotonic() - g.get("begun", time.monotonic()))
        # The rule and not the address, which may hold a key; never what was asked.
        _LOGGER.info("%s %s %d %.0f ms", request.method, rule, response.status_code, taken)
        return response

    def page() -> Response:
        return Response(_page(), mimetype="text/html")

    def file(name: str) -> Response:
        if name not in files:
            raise ConfigError("There is no such file")
        text, kind = files[name]
        return Response(text, mimetype=kind)

    app.before_request(check)
    app.after_request(finish)
    app.register_error_handler(DigitDeskError, _refused)
    app.register_error_handler(HTTPException, _unanswered)
    app.register_error_handler(Exception, _failed)
    rules: tuple[tuple[str, str, Callable[..., Response]], ...] = (
        ("GET", "/", page),
        ("GET", "/page/<name>", file),
        ("GET", "/openapi.json", lambda: _json(document())),
        ("GET", "/api/health", answers.health),
        ("GET", "/api/models", answers.models),
        ("POST", "/api/predict", answers.predict),
        ("POST", "/api/number", answers.number),
    )
    for method, rule, view in rules:
        app.add_url_rule(rule, rule, view, methods=[method], provide_automatic_options=False)
    return app


def _asked() -> dict[str, Any]:
    """The object that was sent."""
    if request.mimetype != "application/json":
        raise ConfigError(
            "The question is of another kind",
            expected="Content-Type: application/json",
            received=request.mimetype[:60] or "nothing",
        )
    try:
        asked = json.loads(request.get_data(cache=False), parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise ConfigError("The question is not readable JSON") from None
    if not isinstance(asked, dict):
        raise ConfigError(
            "The question cannot be read", expected="an object", received=type(asked).__name__
        )
    return asked


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number")


def _seen(prediction: Prediction) -> str | None:
    """The 28×28 picture as text."""
    picture = prediction.preprocessed
    return None if picture is None else base64.b64encode(picture.pixels).decode("ascii")


def _json(value: Any, status: int = 200) -> Response:
    text = json.dumps(value, ensure_ascii=False, allow_nan=False)
    return Response(text, status, mimetype="application/json")


def _error(error: DigitDeskError, status: int) -> Response:
    parts = {
        name: getattr(error, name) for name in ("what", "expected", "received", "hint", "sentence")
    }
    return _json({"error": parts}, status)


def _refused(error: DigitDeskError) -> Response:
    if isinstance(error, BusyError):
        response = _error(error, 503)
        response.headers["Retry-After"] = str(RETRY_SECONDS)
        return response
    return _error(error, 403 if isinstance(error, ForbiddenError) else 400)


def _unanswered(error: HTTPException) -> Response:
    what = {
        404: "There is nothing at this address",
        405: "This address does not take that method",
        413: "The question is too large",
    }.get(error.code or 500, "The question cannot be answered")
    expected = f"at most {MOST_BYTES:,} bytes" if error.code == 413 else ""
    return _error(DigitDeskError(what, expected=expected), error.code or 500)


def _failed(error: Exception) -> Response:
    # Where it was, and not what it said: that may hold what was drawn.
    places = "".join(traceback.format_tb(error.__traceback__))
    _LOGGER.error("An answer failed: %s\n%s", type(error).__name__, places)
    return _error(DigitDeskError("Something went wrong inside", hint="The log says more"), 500)


def _files() -> dict[str, tuple[str, str]]:
    """The page's own files by name, each with its kind."""
    constants = f"const PREPARATION = {json.dumps(preparation_object())};\n"
    scripts = {f"{name}.js": page_file(f"{name}.js") for name in _SCRIPTS}
    client = resources.files("digitdesk.web").joinpath("client.js").read_text(encoding="utf-8")
    scripts |= {"preparation.js": constants, "client.js": client}
    files = {name: (text, "text/javascript") for name, text in scripts.items()}
    return files | {"page.css": (page_file("page.css"), "text/css")}


def _page() -> str:
    names = ("preparation", *_SCRIPTS, "client")
    scripts = "\n".join(f'<script src="page/{name}.js"></script>' for name in names)
    return filled(
        {
            "policy": "",
            "title": "DigitDesk",
            "subtitle": '<select id="model" data-say-label="model"></select>',
            "style": '<link rel="stylesheet" href="page/page.css">',
            "notes": '<p data-lang="en" lang="en">Drawings go to the computer that DigitDesk runs '
            "on, and are kept nowhere.</p>"
            '<p data-lang="zh" lang="zh">笔画只发送到运行 DigitDesk 的电脑，不会保存。</p>',
            "scripts": scripts,
        }
    )
