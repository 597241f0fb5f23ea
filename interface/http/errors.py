"""What goes wrong over HTTP, in one shape: `{"error": sentence, "code": word}`.

Below /v1 the same is said in OpenAI's shape, `{"error": {"message", "type", "code"}}`, which its clients read.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from interface import wire
from interface.holder import NotTheirs
from memory.errors import RecordAway

logger = logging.getLogger(__name__)

CODES = {
    400: "bad_request",
    401: "unauthorized",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    409: "refused",
    413: "too_large",
    422: "invalid",
    500: "fault",
    503: "unavailable",
}
OPENAI_PREFIX = "/v1/"


class Json(Response):
    """A JSON answer that can't fail to be written."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        """The row as UTF-8."""
        return wire.dump(content).encode()


def error(status: int, text: str, path: str = "", headers: Mapping[str, str] | None = None) -> Json:
    """An error as its path's clients read it."""
    code = CODES.get(status, "error")
    if path.startswith(OPENAI_PREFIX):
        kind = "server_error" if status >= 500 else "invalid_request_error"
        return Json({"error": {"message": text, "type": kind, "param": None, "code": code}}, status, headers)
    return Json({"error": text, "code": code}, status, headers)


def explain(invalid: RequestValidationError) -> str:
    """All that is wrong with the request, in one line; never echoes what was sent."""
    parts = []
    for fault in invalid.errors():
        where = ".".join(str(part) for part in fault["loc"][1:]) or str(fault["loc"][0])
        parts.append(f"{where}: {fault['msg'].removeprefix('Value error, ')}")
    return "; ".join(parts)


def handle(app: FastAPI) -> None:
    """Answer every fault in the one shape."""

    @app.exception_handler(HTTPException)
    async def refused(request: Request, fault: HTTPException) -> Response:
        text = "There is nothing here by that name." if fault.detail == "Not Found" else str(fault.detail)
        return error(fault.status_code, text, request.url.path, fault.headers)

    @app.exception_handler(NotTheirs)
    async def not_theirs(request: Request, fault: NotTheirs) -> Response:
        return error(403, str(fault), request.url.path)

    @app.exception_handler(RecordAway)
    async def away(request: Request, fault: RecordAway) -> Response:
        logger.warning("%s %s: %s", request.method, request.url.path, fault)
        return error(503, str(fault), request.url.path)

    @app.exception_handler(RequestValidationError)
    async def invalid(request: Request, fault: RequestValidationError) -> Response:
        return error(422, explain(fault), request.url.path)

    @app.exception_handler(Exception)
    async def broke(request: Request, fault: Exception) -> Response:
        logger.error("%s %s broke", request.method, request.url.path, exc_info=fault)
        return error(500, "Something went wrong inside MuOS; the log has the details.", request.url.path)
