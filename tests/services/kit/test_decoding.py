"""Bytes from the web are read in the encoding that they are in, and in no other of Python's."""

from __future__ import annotations

import pytest

from services.kit.decoding import text_of


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ("é€".encode(), "text/plain; charset=utf-8"),
        ("é€".encode("cp1252"), "text/html; charset=ISO-8859-1"),
        ("é€".encode("cp1252"), ""),
        ("é€".encode(), 'text/html; charset="no-such"'),
        ("é€".encode("utf-16"), ""),
        ("\ufeffé€".encode(), "text/plain; charset=iso-8859-1"),
    ],
)
def test_text_is_read_in_its_encoding(body: bytes, content_type: str) -> None:
    assert text_of(body, content_type) == "é€"


def test_a_document_may_name_its_own_encoding() -> None:
    html = '<html><meta charset="koi8-r"><p>привет'.encode("koi8-r")
    assert text_of(html, "text/html").endswith("привет")
    xml = '<?xml version="1.0" encoding="windows-1251"?><a>привет</a>'.encode("cp1251")
    assert "привет" in text_of(xml, "")


@pytest.mark.parametrize("name", ["punycode", "zlib_codec", "unicode_escape", "rot13", "utf-7", "../x"])
def test_no_encoding_that_is_none_of_the_webs_is_used(name: str) -> None:
    assert text_of(b"plain +AGE- \\u0041", f"text/plain; charset={name}") == "plain +AGE- \\u0041"
