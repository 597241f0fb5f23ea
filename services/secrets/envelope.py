"""An export that other programs can open: JSON in a JSON Web Encryption under a pass phrase.

RFC 7516 in its compact form, with PBES2-HS512+A256KW (RFC 7518, 4.8) and A256GCM. Any JOSE library reads it.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

ROUNDS = 210_000
"""As OWASP advises for this hash; some libraries open no more than 300,000."""
ALGORITHM = "PBES2-HS512+A256KW"


def enclosed(content: Mapping[str, Any], pass_phrase: bytes) -> bytes:
    """The content, encrypted."""
    salt, key, nonce = os.urandom(16), os.urandom(32), os.urandom(12)
    header = {"alg": ALGORITHM, "enc": "A256GCM", "p2s": plain64(salt), "p2c": ROUNDS, "cty": "json"}
    protected = plain64(json.dumps(header, separators=(",", ":")).encode())
    over = hashlib.pbkdf2_hmac("sha512", pass_phrase, ALGORITHM.encode() + b"\0" + salt, ROUNDS, 32)
    sealed = AESGCM(key).encrypt(nonce, json.dumps(content).encode(), protected.encode())
    parts = [aes_key_wrap(over, key), nonce, sealed[:-16], sealed[-16:]]
    return ".".join([protected, *map(plain64, parts)]).encode()


def plain64(data: bytes) -> str:
    """Base64url without padding."""
    return base64.urlsafe_b64encode(data).decode().rstrip("=")
