"""What a QR code says so that a telephone knows what to do: join a network, keep a contact, call, write.

Wi-Fi: the form that Android and iOS read, `WIFI:T:WPA;S:name;P:password;;` (ZXing's "Barcode contents"). Contacts:
vCard 3.0 (RFC 2426). Telephone numbers and mail: RFC 3966 and RFC 6068.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from services.kit import Refusal

SECURITY = {"wpa": "WPA", "wep": "WEP", "none": "nopass"}
LONGEST_SSID, SHORTEST_WPA, LONGEST_WPA = 32, 8, 63
PHONE = re.compile(r"\+?[\d\s()./-]{6,25}")
MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+")
BARE_ADDRESS = re.compile(r"(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}(?:/\S*)?", re.IGNORECASE)


def as_written(text: str) -> str:
    """An address, a telephone number or a mail address in the form that a telephone acts on; other text as it is."""
    said = text.strip()
    if MAIL.fullmatch(said):
        return f"mailto:{quote(said, safe='@+')}"
    if PHONE.fullmatch(said) and said.startswith(("+", "0")):
        return telephone(said)
    if BARE_ADDRESS.fullmatch(said) and (said.lower().startswith("www.") or "/" in said):
        return f"https://{said}"
    return said


def telephone(number: str) -> str:
    """tel:+33123456789"""
    digits = re.sub(r"[^\d+]", "", number)
    if not re.fullmatch(r"\+?\d{3,20}", digits):
        raise Refusal(f"{number.strip()!r} is no telephone number.")
    return f"tel:{digits}"


def wifi(name: str, password: str, security: str, hidden: bool) -> str:
    """Joins a network."""
    if len(name.encode()) > LONGEST_SSID:
        raise Refusal(f"The name of a network has at most {LONGEST_SSID} characters.")
    if security == "none" or not password:
        if security != "none":
            raise Refusal("What is the password? For a network without one, say that it is open.")
        return f"WIFI:T:nopass;S:{escaped(name)};{'H:true;' if hidden else ''};"
    if security == "wpa" and not SHORTEST_WPA <= len(password) <= LONGEST_WPA:
        raise Refusal(f"A Wi-Fi password has {SHORTEST_WPA} to {LONGEST_WPA} characters.")
    return f"WIFI:T:{SECURITY[security]};S:{escaped(name)};P:{escaped(password)};{'H:true;' if hidden else ''};"


def escaped(text: str) -> str:
    """With a backslash before what has a meaning of its own."""
    return re.sub(r'([\\;,:"])', r"\\\1", text)


def contact(name: str, phone: str, email: str, organisation: str, address: str, website: str) -> str:
    """A vCard with what is known."""
    given, _, family = name.strip().rpartition(" ")
    rows = ["BEGIN:VCARD", "VERSION:3.0"]
    rows += [f"N:{card(family)};{card(given)};;;" if given else f"N:{card(name)};;;;", f"FN:{card(name)}"]
    for key, value in (("ORG", organisation), ("TEL", phone), ("EMAIL", email), ("URL", website)):
        rows += [f"{key}:{card(value)}"] if value.strip() else []
    rows += [f"ADR:;;{card(address)};;;;"] if address.strip() else []
    return "\r\n".join([*rows, "END:VCARD"])


def card(text: str) -> str:
    """Escaped as RFC 2426 says."""
    return re.sub(r"([\\;,])", r"\\\1", text.strip()).replace("\r", "").replace("\n", "\\n")
