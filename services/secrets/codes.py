"""One-time codes (RFC 4226, RFC 6238) and the otpauth:// addresses that carry their keys; pyotp reckons."""

from __future__ import annotations

import binascii
from datetime import datetime

import pyotp

from services.kit import Refusal


def plan_of(said: str) -> str:
    """A full otpauth:// address, of an address or of a bare key in base 32; refuses what is neither."""
    text = said.strip()
    try:
        if not text.lower().startswith("otpauth://"):
            text = pyotp.TOTP("".join(text.replace("-", "").split()).upper()).provisioning_uri(name="code")
        otp = pyotp.parse_uri(text)
        otp.generate_otp(0)
    except (ValueError, binascii.Error, TypeError):
        raise Refusal("That is no one-time code key: I need an otpauth:// address or a key in base 32.") from None
    return text


def code_at(plan: str, now: datetime) -> tuple[str, int, str | None]:
    """The code, how many seconds it is still good for (0: until used), and the next plan of one that counts."""
    otp = pyotp.parse_uri(plan)
    if isinstance(otp, pyotp.HOTP):
        return otp.at(0), 0, otp.provisioning_uri(initial_count=otp.initial_count + 1)
    assert isinstance(otp, pyotp.TOTP)
    seconds = int(now.timestamp())
    return otp.at(seconds), otp.interval - seconds % otp.interval, None
