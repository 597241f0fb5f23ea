"""What can go wrong with the web, as one sentence for the person and a code for the service.

Must stay true: nothing that httpcore, ssl or the gate raises gets past `as_fault`.
"""

from __future__ import annotations

import importlib
import ssl
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from services.kit.connection import NotConnected
from services.kit.refusal import Refusal
from services.kit.speech import spoken_duration

LONGEST_WAIT_S = 7 * 86_400
"""A longer Retry-After is taken for this."""
GATE_CODES = {"unknown": "offline", "lost": "offline", "busy": "limited"}
"""Codes of the gate that are called otherwise here; slow, refused, unreachable, private, denied stay."""


class WebFault(Refusal):
    """Nothing to be had.

    `code`: offline (no address found), slow, unreachable, refused (the port is closed), private, denied (not granted),
    insecure (certificate, or sent on in the clear), address, limited (429: see `retry_after`), missing (404, 410),
    forbidden (401, 403), rejected (another 4xx), broken (5xx), cut (ended too early), large, nonsense, redirects.
    """

    def __init__(self, code: str, text: str, status: int = 0, retry_after: timedelta | None = None) -> None:
        super().__init__(text)
        self.code = code
        self.status = status
        """The answer's status; 0 where none came."""
        self.retry_after = retry_after


def as_fault(error: Exception, host: str) -> WebFault:
    """What was raised while asking `host`."""
    transport: Any = importlib.import_module("services.kit.transport")  # loaded: it raised this
    match error:
        case WebFault():
            return error
        case NotConnected():
            return WebFault(GATE_CODES.get(error.code, error.code), str(error))
        case TimeoutError() | transport.httpcore2.TimeoutException():
            return WebFault("slow", f"{host} takes too long to answer.")
        case transport.TooLarge():
            return WebFault("large", f"What {host} sends is larger than I take.")
        case transport.Unreadable():
            return WebFault("nonsense", f"{host} sends something that I can't unpack.")
        case ssl.SSLCertVerificationError():
            return WebFault("insecure", f"{host} can't prove that it is {host}: its certificate does not hold.")
        case ssl.SSLError():
            return WebFault("insecure", f"No safe connection to {host} is possible.")
        case transport.httpcore2.RemoteProtocolError() | transport.httpcore2.LocalProtocolError():
            return WebFault("cut", f"{host} broke off, or does not speak HTTP.")
    return WebFault("cut", f"The connection to {host} broke off.")


def status_fault(status: int, headers: Any, host: str, now: datetime) -> WebFault:
    """For an answer that is no success."""
    if status == 429 or (status == 503 and "retry-after" in headers):
        wait = retry_after(headers.get("retry-after", ""), now)
        when = f" Try again in {spoken_duration(wait)}." if wait else " Try again later."
        return WebFault("limited", f"{host} wants to be asked less often.{when}", status, wait)
    if status >= 500:
        return WebFault("broken", f"{host} has a problem of its own (it answered {status}).", status)
    if status in {404, 410}:
        return WebFault("missing", f"{host} has nothing at that address.", status)
    if status in {401, 403}:
        return WebFault("forbidden", f"{host} does not let me in (it answered {status}).", status)
    return WebFault("rejected", f"{host} rejected the request (it answered {status}).", status)


def retry_after(said: str, now: datetime) -> timedelta | None:
    """How long to wait, by seconds or a date; None where it does not say."""
    if said.strip().isdecimal():
        return timedelta(seconds=min(int(said.strip()[:9]), LONGEST_WAIT_S))
    try:
        until = parsedate_to_datetime(said)
    except (TypeError, ValueError):
        return None
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(seconds=1)), timedelta(seconds=LONGEST_WAIT_S))
