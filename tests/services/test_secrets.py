"""The secrets service: what it seals, when it opens, the standards it follows, and that nothing leaks."""

from __future__ import annotations

import base64
import json
import string
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from joserfc import jwe
from joserfc.jwk import OctKey

from agent.turn import Turn
from interface.hub import Hub, open_hub
from interface.settings import Settings
from interface.wire import Account
from services.secrets import codes, vault
from services.secrets.server import service

Say = Callable[..., tuple[str, dict[str, Any]]]
NINE = "2026-03-04T09:00:00+01:00"
PHRASE = "violet engines hum softly"
SECRET = "q4-Heron-61"
RFC_KEY = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"


@pytest.fixture
def say(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Say]:
    """Call a tool; gives the text (a refusal's starts with "!") and the data."""
    monkeypatch.setenv("MUOS_SERVICE_DATA", str(tmp_path))
    monkeypatch.setattr(service, "_store", None)
    monkeypatch.setattr(vault, "LOCK", {"memory_kib": 64, "rounds": 1, "lanes": 1})
    monkeypatch.setattr(vault.KEYS, "open", {})
    monkeypatch.setattr(vault.KEYS, "wrong", {})

    def say(
        tool: str, call_id: str = "", member: str = "owner", now: str = NINE, preview: bool = False, **given: Any
    ) -> tuple[str, dict[str, Any]]:
        meta = {
            "muos/call": call_id,
            "muos/member": member,
            "muos/now": now,
            "muos/zone": "Europe/Paris",
            "muos/preview": preview,
        }
        result = service.answer(tool, given, meta)
        text = getattr(result.content[0], "text", "")
        return ("!" if result.is_error else "") + text, {**(result.structured_content or {}), **(result.meta or {})}

    yield say
    service._opened().db.close()


def traces(folder: Path, *secrets: str) -> list[str]:
    """The files below the folder that hold one of the texts, in any of the forms that it may be written in."""
    forms = {secret.encode(form): secret for secret in secrets for form in ("utf-8", "utf-16-le")}
    files = [file for file in folder.rglob("*") if file.is_file() and not file.is_symlink()]
    return [f"{file.name}: {forms[form]}" for file in files for form in forms if form in file.read_bytes()]


def test_a_secret_is_shown_and_not_said(say: Say) -> None:
    say("create", pass_phrase=PHRASE)
    assert say("add", entry="the router", password=SECRET, user="anna")[0] == "Saved router in your vault."
    text, data = say("get", entry="router password")
    assert text == "router: shown on your screen, not said aloud."
    assert data["shown"] == {"name": "router", "secret": SECRET, "user": "anna", "has_code": False}
    assert say("list")[0] == "1 entry: router."


def test_a_locked_vault_gives_and_takes_nothing(say: Say) -> None:
    assert say("get", entry="router")[0].startswith("!You have no vault yet")
    say("create", pass_phrase=PHRASE)
    say("add", entry="router", password=SECRET)
    say("lock")
    for tool, given in (
        ("get", {"entry": "router"}),
        ("list", {}),
        ("add", {"entry": "x"}),
        ("delete", {"entry": "router"}),
    ):
        assert say(tool, **given)[0].startswith("!Your vault is locked"), tool
    assert say("unlock", pass_phrase="a wrong one")[0] == "!That is not the pass phrase of your vault."
    assert say("unlock", pass_phrase=f"  {PHRASE.replace(' ', '  ')} ")[0] == "Your vault is unlocked for 10 minutes."
    assert say("get", entry="router")[1]["shown"]["secret"] == SECRET


def test_it_locks_itself_by_either_clock_and_when_time_is_turned_back(
    say: Say, monkeypatch: pytest.MonkeyPatch
) -> None:
    say("create", pass_phrase=PHRASE)
    assert say("list", now="2026-03-04T09:09:59+01:00")[0] == "Your vault is empty."
    assert say("list", now="2026-03-04T09:10:00+01:00")[0].startswith("!Your vault is locked")
    say("unlock", pass_phrase=PHRASE)
    assert say("list", now="2026-03-04T08:59:59+01:00")[0].startswith("!Your vault is locked")
    say("unlock", pass_phrase=PHRASE)
    vault.KEYS.open["owner"].steady -= 601
    assert say("list")[0].startswith("!Your vault is locked")


def test_wrong_pass_phrases_are_slowed_down(say: Say) -> None:
    say("create", pass_phrase=PHRASE)
    for _ in range(vault.TRIES):
        assert "not the pass phrase" in say("unlock", pass_phrase="wrong wrong")[0]
    assert "too often" in say("unlock", pass_phrase=PHRASE)[0]
    count, last = vault.KEYS.wrong["owner"]
    vault.KEYS.wrong["owner"] = (count, last - 31)
    assert "unlocked" in say("unlock", pass_phrase=PHRASE)[0]


def test_each_member_has_a_vault_of_their_own(say: Say) -> None:
    say("create", pass_phrase=PHRASE)
    say("add", entry="router", password=SECRET)
    assert say("get", entry="router", member="bob")[0].startswith("!You have no vault")
    say("create", pass_phrase="another pass phrase", member="bob")
    assert say("list", member="bob")[0] == "Your vault is empty."


def test_an_entry_can_not_be_passed_off_as_another_members(say: Say) -> None:
    say("create", pass_phrase=PHRASE)
    say("create", pass_phrase=PHRASE, member="bob")
    say("add", entry="router", password=SECRET)
    say("add", entry="router", password="bobs", member="bob")
    db = service._opened().db
    db.execute("UPDATE entry SET sealed=(SELECT sealed FROM entry WHERE vault=2) WHERE vault=1")
    assert "tampered" in say("list")[0]


def test_everything_can_be_taken_back_and_nothing_readable_is_kept(say: Say, tmp_path: Path) -> None:
    say("create", pass_phrase=PHRASE, call_id="c1")
    say("add", entry="cellar", password=SECRET, call_id="a1")
    say("change", entry="cellar", password="Moss-grey-77", call_id="a2")
    say("rename", entry="cellar", to="vaulted", call_id="a3")
    say("delete", entry="vaulted", call_id="a4")
    assert say("add", entry="cellar", password=SECRET, call_id="a1")[0] == "That was done before."
    assert "changed afterwards" in say("undo", call="c1")[0]
    for call in ("a4", "a3", "a2"):
        assert say("undo", call=call)[0].startswith("Undone: Secrets:")
    assert say("get", entry="cellar")[1]["shown"]["secret"] == SECRET
    say("get", entry=1, secret="Moss-grey-77")
    assert traces(tmp_path, PHRASE, SECRET, "Moss-grey-77", "cellar", "vaulted") == []


def test_a_changed_pass_phrase_leaves_no_way_back_to_the_old_one(say: Say) -> None:
    say("create", pass_phrase=PHRASE, call_id="c1")
    say("add", entry="router", password=SECRET)
    assert "not the pass phrase" in say("change_pass_phrase", old="wrong wrong", to="wooden clouds drift away")[0]
    assert "at least 8" in say("change_pass_phrase", old=PHRASE, to="short")[0]
    say("change_pass_phrase", old=PHRASE, to="wooden clouds drift away")
    assert say("undo", call="c1")[0].startswith("!That can't be undone")
    say("lock")
    assert "not the pass phrase" in say("unlock", pass_phrase=PHRASE)[0]
    say("unlock", pass_phrase="wooden clouds drift away")
    assert say("get", entry="router")[1]["shown"]["secret"] == SECRET


def test_wrong_arguments_are_not_repeated_in_the_answer(say: Say) -> None:
    text, _ = say("add", entry={"x": SECRET}, password=[SECRET], more=SECRET)
    assert text.startswith("!")
    assert SECRET not in text


def test_an_export_opens_with_any_jose_library(say: Say) -> None:
    say("create", pass_phrase=PHRASE)
    say("add", entry="router", password=SECRET)
    _, data = say("export", pass_phrase=PHRASE)
    token = Path(data["path"]).read_text()
    opened = jwe.decrypt_compact(token, OctKey.import_key(PHRASE), algorithms=["PBES2-HS512+A256KW", "A256GCM"])
    assert opened.plaintext is not None
    content = json.loads(opened.plaintext)
    assert content["entries"][0] | {"user": ""} == {
        "name": "router",
        "secret": SECRET,
        "user": "",
        "website": "",
        "note": "",
        "code": "",
    }


@pytest.mark.parametrize(
    ("algorithm", "key", "at", "code"),
    [
        ("SHA1", b"12345678901234567890", 59, "94287082"),
        ("SHA1", b"12345678901234567890", 1111111109, "07081804"),
        ("SHA256", b"12345678901234567890123456789012", 1111111111, "67062674"),
        ("SHA256", b"12345678901234567890123456789012", 20000000000, "77737706"),
        ("SHA512", b"1234567890" * 6 + b"1234", 1234567890, "93441116"),
        ("SHA512", b"1234567890" * 6 + b"1234", 2000000000, "38618901"),
    ],
)
def test_timed_codes_are_those_of_rfc_6238(algorithm: str, key: bytes, at: int, code: str) -> None:
    secret = base64.b32encode(key).decode().rstrip("=")
    plan = codes.plan_of(f"otpauth://totp/Test:anna?secret={secret}&algorithm={algorithm}&digits=8&period=30")
    assert codes.code_at(plan, datetime.fromtimestamp(at, UTC))[0] == code


def test_counted_codes_are_those_of_rfc_4226_and_each_is_used_once(say: Say) -> None:
    wanted = "755224 287082 359152 969429 338314 254676 287922 162583 399871 520489".split()
    say("create", pass_phrase=PHRASE)
    say("add", entry="gate", code=f"otpauth://hotp/Depot:gate?secret={RFC_KEY}&counter=0")
    assert [say("next_code", entry="gate")[1]["shown"]["code"] for _ in wanted] == wanted
    assert say("one_time_code", entry="gate")[0].startswith("!The codes of gate are counted")


def test_a_bare_key_will_do_and_nonsense_will_not(say: Say) -> None:
    say("create", pass_phrase=PHRASE)
    say("add", entry="shop", code="gezd gnbv gy3t qojq gezd gnbv gy3t qojq")
    text, data = say("one_time_code", entry="shop", now="1970-01-01T00:00:59+00:00")
    assert text.startswith("!Your vault is locked")
    say("unlock", pass_phrase=PHRASE)
    text, data = say("one_time_code", entry="shop")
    assert (len(data["shown"]["code"]), data["seconds"]) == (6, 30)
    for nonsense in ("1!", "otpauth://totp/x?secret=", f"otpauth://totp/x?secret={RFC_KEY}&period=0", "http://x/y"):
        assert say("add", entry="bad", code=nonsense)[0].startswith("!"), nonsense


def test_made_passwords_have_every_sort_of_character_and_words_are_many(say: Say) -> None:
    seen = set()
    for _ in range(20):
        made = say("generate_password", length=8)[1]["shown"]["secret"]
        assert len(made) == 8
        assert all(set(made) & set(sort) for sort in (string.ascii_lowercase, string.ascii_uppercase, string.digits))
        seen.add(made)
    assert len(seen) == 20
    text, data = say("generate_password", words=6)
    assert (len(data["shown"]["secret"].split("-")), data["bits"]) == (6, 66)
    assert data["shown"]["secret"] not in text


def test_a_preview_saves_and_opens_nothing(say: Say) -> None:
    assert "ready" in say("create", pass_phrase=PHRASE, preview=True)[0]
    assert say("list")[0].startswith("!You have no vault")


async def says(hub: Hub, text: str) -> str:
    account = Account()
    async for event in hub.answer(Turn(text, datetime.fromisoformat(NINE), "Europe/Paris")):
        account.add(event)
    return str(account.row()["text"])


async def test_no_file_of_the_home_holds_what_was_said_to_the_vault(tmp_path: Path) -> None:
    async with open_hub(Settings(home=tmp_path, zone="Europe/Paris")) as hub:
        assert "ready" in await says(hub, f"create a vault with the pass phrase “{PHRASE}”")
        assert "Saved" in await says(hub, f"save the password “{SECRET}” for the cellarium")
        assert "screen" in await says(hub, "what's the password for the cellarium?")
        assert "locked" in await says(hub, "lock my vault")
        assert "pass phrase" in await says(hub, "unlock my vault with “not the right words”")
        asked = await says(hub, "unlock my vault")
        assert asked.endswith("?")
        assert "unlocked" in await says(hub, f"“{PHRASE}”")
        waits = await says(hub, f"change the pass phrase of my vault from “{PHRASE}” to “wooden clouds drift away”")
        assert "yes" in waits
        assert "changed" in await says(hub, "yes")
        await says(hub, "undo")
        entries = await hub.journal("owner", 50)
        kept = {entry.text for entry in entries if entry.tool.startswith("secrets_")}
        assert kept == {"(private)", "Your vault is locked."}
    words = [PHRASE, SECRET, "not the right words", "wooden clouds drift away", "cellarium"]
    assert traces(tmp_path, *words) == []
