"""Where a redirect may lead, and what is taken along."""

from __future__ import annotations

import pytest

from services.kit.hops import BadAddress, first_hop, next_hop


def test_what_was_encrypted_is_not_sent_on_in_the_clear() -> None:
    hop = first_hop("GET", "https://example.org/a", None, {}, b"")
    with pytest.raises(BadAddress, match="without encryption"):
        next_hop(hop, 302, "http://example.org/a")
    assert str(next_hop(hop, 302, "//example.org/b").url) == "https://example.org/b"


def test_a_password_stays_with_its_host() -> None:
    headers = {"Authorization": "Basic x", "X-Api-Key": "k", "Accept": "*/*"}
    hop = first_hop("GET", "http://example.org/a", None, headers, b"")
    assert "authorization" in next_hop(hop, 302, "/b").headers
    assert "authorization" in next_hop(hop, 301, "https://example.org/a").headers
    for elsewhere in ("https://example.com/", "http://example.org:81/", "http://sub.example.org/"):
        assert next_hop(hop, 302, elsewhere).headers == {"accept": "*/*"}


def test_the_method_is_kept_as_the_standard_says() -> None:
    post = first_hop("POST", "https://example.org/", None, {"Content-Type": "a/b"}, b"body")
    assert [next_hop(post, status, "/x").method for status in (301, 302, 303, 307, 308)] == [
        *("GET", "GET", "GET", "POST", "POST")
    ]
    assert (next_hop(post, 303, "/x").body, next_hop(post, 307, "/x").body) == (b"", b"body")
    find = first_hop("PROPFIND", "https://example.org/.well-known/caldav", None, {}, b"<find/>")
    assert next_hop(find, 301, "/dav").method == "PROPFIND"
