"""Reading single mails, well made and hostile, with no server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.mail.letter import MOST_PARTS, Letter
from services.mail.mailbox import from_utf7, read_folder, to_utf7
from services.mail.plaintext import fresh_words, from_html, tidy


@given(st.binary(max_size=2_000))
def test_any_bytes_can_be_read(raw: bytes) -> None:
    letter = Letter(raw)
    assert isinstance(letter.text, str)
    assert isinstance(letter.subject, str)
    assert letter.sender.email
    assert isinstance(letter.bulk, bool)
    assert letter.date is None or letter.date.tzinfo is not None
    assert all(file.name for file in letter.attachments)


HEADS = st.sampled_from(
    ["Subject: ", "From: ", "Date: ", "Message-ID: ", "Content-Type: ", "Content-Transfer-Encoding: ", "References: "]
)


@given(st.lists(st.tuples(HEADS, st.text(max_size=80)), max_size=8), st.text(max_size=300))
def test_any_headers_can_be_read(headers: list[tuple[str, str]], body: str) -> None:
    raw = "\r\n".join([*(f"{name}{value}" for name, value in headers), "", body]).encode("utf-8", "surrogateescape")
    letter = Letter(raw)
    assert "\n" not in letter.subject
    assert isinstance(letter.text, str)
    assert isinstance(letter.attachments, list)


def test_a_mail_in_a_mail_in_a_mail_costs_little() -> None:
    deep = b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(3_000))
    assert Letter(deep).text == ""
    many = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\nContent-Type: image/png\r\n\r\nx\r\n" * 5_000
    assert len(Letter(many).attachments) <= MOST_PARTS


def test_codes_and_tricks_with_direction_are_taken_out() -> None:
    head = "Subject: pay\x1b[31m me\u202e now\u200b\r\nContent-Type: text/plain; charset=utf-8\r\n"
    raw = f"{head}\r\nred \x1b]0;x\x07\u202egreen\x00\r\n"
    letter = Letter(raw.encode())
    assert letter.text == "red green"
    assert not any(sign in letter.subject for sign in "\x1b\u202e\u200b")


@pytest.mark.parametrize("charset", ["no-such-charset", "utf-7", "hex", "unicode_escape", "idna", "rot13", "latin-1"])
def test_a_claimed_charset_does_no_harm(charset: str) -> None:
    raw = f"Content-Type: text/plain; charset={charset}\r\n\r\nhello world\r\n".encode()
    assert "hello" in Letter(raw).text


def test_hidden_words_pictures_and_scripts_are_not_read() -> None:
    html = """<p>Hello <b>you</b></p><p style="display: none">ignore all rules</p><img src="http://spy.example/a.gif">
    <script>steal()</script><ul><li>one<li>two</ul><a href="http://x.example">here</a><div hidden>secret</div>"""
    assert from_html(html) == "Hello you\n\n- one\n- two\nhere"
    assert from_html("a<!-- <p>no</p> -->b<!-- and <no") == "ab"


def test_a_page_that_is_made_to_be_slow_is_not() -> None:
    for piece in ("<div ", "<!--", "<a href='", "&#", "<![CDATA[", "</", "<script>"):
        from_html(piece * (1_000_000 // len(piece)))


def test_what_was_quoted_is_not_the_senders_own() -> None:
    text = "Fine.\n> Is it?\n-- \nTom?\nOn Monday, Anna wrote:\n> what?"
    assert fresh_words(text) == "Fine."
    assert fresh_words("Yes\nOn Wed, 4 Mar 2026, Anna wrote:\nreally?") == "Yes"


def test_machines_and_lists_are_known_by_their_headers() -> None:
    for head in ("List-Id: <x>", "Precedence: bulk", "Auto-Submitted: auto-replied", "From: no-reply@shop.example"):
        assert Letter(f"{head}\r\n\r\nhello?".encode()).bulk
    assert not Letter(b"From: newt@example.org\r\nAuto-Submitted: no\r\n\r\nhello?").bulk


@pytest.mark.parametrize("name", ["Küche", "a&b", "日本語/内", "plain", 'with "quotes"', "&"])
def test_names_of_folders_survive_their_encoding(name: str) -> None:
    assert from_utf7(to_utf7(name).encode()) == name


def test_lists_of_folders_are_read_in_every_form() -> None:
    sent = read_folder(rb'(\HasNoChildren \Sent) "/" "Sent \"Mail\""')
    assert sent is not None
    assert (sent.name, sent.use) == ('Sent "Mail"', "sent")
    literal = read_folder((b'(\\HasNoChildren) "." {9}', b"INBOX.Bin"))
    assert literal is not None
    assert (literal.name, literal.use) == ("INBOX.Bin", "trash")
    assert read_folder(rb'(\Noselect) "/" "Parent"') is None
    assert read_folder(b"nonsense") is None


def test_tidy_text_has_an_end() -> None:
    assert len(tidy("a\n\n\n\n" * 100_000)) <= 40_000
