"""Whether the hub is up."""

from __future__ import annotations

from fastapi import APIRouter, Response

from interface.http.errors import Json

router = APIRouter(tags=["status"])


@router.get("/healthz")
async def healthz() -> Response:
    """It answers, so it lives."""
    return Json({"status": "ok"})
