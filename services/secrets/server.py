"""Secrets: passwords, notes and one-time codes in a vault that only its member's pass phrase opens.

Must stay true: what is secret is never said aloud, never told to the hub as a name, and in no record: every tool that
is given or gives one is private, and what undo keeps is sealed like the vault itself.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Annotated

from pydantic import Field

from services.kit import Context, Refusal, Reply, Service
from services.kit.speech import counted, spoken, spoken_duration
from services.secrets import codes, envelope, making, vault
from services.secrets.meant import (
    SECRET,
    Name,
    NamePart,
    PassPhrase,
    Password,
    User,
    Website,
    find,
    plain_name,
    thing,
    with_code,
)
from services.secrets.vault import KEYS, Entry

service = Service(__file__, tables=vault.TABLES)

NAMED_AT_MOST = 12


@service.tool(
    "reversible",
    private=True,
    examples=[
        "create a vault with the pass phrase “green lamps over quiet water”",
        "set up my password vault, pass phrase: seven owls at noon",
        "start a new vault for my passwords",
        "make me a password safe protected by “copper kettle on blue tiles”",
        "I want an encrypted vault with the passphrase winter bread and old maps",
        "could you set a master password “three foxes by the mill”",
    ],
)
def create(ctx: Context, pass_phrase: PassPhrase) -> Reply:
    """Create the person's own encrypted vault for passwords, locked by a pass phrase that they choose."""
    if ctx.db.execute("SELECT 1 FROM vault WHERE member=?", (ctx.member,)).fetchone():
        raise Refusal("You have a vault already.")
    key = vault.fresh_key()
    lock, sealed = vault.locked_with(vault.chosen(pass_phrase), ctx.member, key)
    ctx.db.execute("INSERT INTO vault(member, lock, key) VALUES(?,?,?)", (ctx.member, lock, sealed))
    lasts = spoken_duration(KEYS.put(ctx, key)) if not ctx.preview else "a while"
    return Reply(
        f"Your vault is ready, and unlocked for {lasts}. Its pass phrase is on your screen: check it and keep it safe,"
        " for nobody can restore it.",
        {"unlocked": True, "shown": {"pass_phrase": pass_phrase}},
    )


@service.tool(
    "read",
    private=True,
    examples=[
        "unlock my vault with “green lamps over quiet water”",
        "open the vault, the pass phrase is seven owls at noon",
        "unlock my vault",
        "unlock the passwords",
        "here is my pass phrase: winter bread and old maps",
        "let me into my password safe",
        "open up my secrets",
        "my master password is three foxes by the mill",
    ],
)
def unlock(ctx: Context, pass_phrase: PassPhrase) -> Reply:
    """Unlock the vault of passwords for some minutes, with its pass phrase."""
    lasts = KEYS.put(ctx, vault.opened_with(ctx, pass_phrase))
    return Reply(f"Your vault is unlocked for {spoken_duration(lasts)}.", {"seconds": lasts.total_seconds()})


@service.tool(
    "read",
    examples=[
        "lock my vault",
        "lock my password safe",
        "lock my passwords now",
        "lock the password vault again",
        "I'm done with my secrets, lock up",
        "nobody should see my passwords any more",
    ],
)
def lock(ctx: Context) -> Reply:
    """Lock the vault of passwords at once."""
    was = KEYS.forget(ctx)
    return Reply("Your vault is locked." if was else "Your vault was locked already.", {"unlocked": False})


@service.tool(
    "reversible",
    private=True,
    examples=[
        "save the password “k7-Tulip-94” for the router",
        "store my login for the library, user anna, password “moss77grey”",
        "add a password for the streaming account",
        "keep the door code “4471#” in my vault",
        "put the wifi key “blau-9931-see” into the vault as home wifi",
        "make a new password for the gym and keep it",
        "add the one-time code otpauth://totp/Shop:anna?secret=GEZDGNBVGY3TQOJQ&issuer=Shop",
        "I need a fresh password saved for the tax office",
        "the PIN of the card is “8830”, keep it secret",
    ],
)
def add(
    ctx: Context,
    entry: Name,
    password: Password = None,
    user: User = None,
    website: Website = None,
    note: Annotated[
        str | None, Field(description="A note kept with it", max_length=10_000, json_schema_extra=SECRET)
    ] = None,
    code: Annotated[
        str | None,
        Field(
            description="Key of one-time codes: an otpauth:// address or base 32",
            max_length=2_000,
            json_schema_extra=SECRET,
        ),
    ] = None,
) -> Reply:
    """Save a password, login or one-time code key in the vault; without a password a strong one is made."""
    called = plain_name(entry)
    if any(found.name.casefold() == called.casefold() for found in vault.entries(ctx)):
        raise Refusal(f"There is an entry called {called!r} already; change that one or choose another name.")
    plan = codes.plan_of(code) if code else ""
    made = not password and not plan
    value = making.password(20, marks=True)[0] if made else password or ""
    found = Entry(called, value, user or "", website or "", note or "", plan)
    vault.put(ctx, found)
    said = f"Saved a new password for {called}." if made else f"Saved {called} in your vault."
    return Reply(said, {"name": called, "generated": made}, [thing(found)])


@service.tool(
    "reversible",
    private=True,
    examples=[
        "change the router password to “Lilac-20-Oak”",
        "my bank password is now “Anchor?81”",
        "update the login of the library, the user is anna.b",
        "set a new password on my gym entry",
        "replace the secret for the streaming account with “nine9herons”",
        "the tax office has another website now, tax.example",
        "give the shop entry a new password",
        "the door code changed to “9052#”",
    ],
)
def change(ctx: Context, entry: Name, password: Password = None, user: User = None, website: Website = None) -> Reply:
    """Change the password, user name or website of something in the vault; without any, make a new password."""
    found = find(ctx, entry)
    if password is None and user is None and website is None:
        password = making.password(20, marks=True)[0]
    changed = replace(
        found,
        secret=found.secret if password is None else password,
        user=found.user if user is None else user,
        website=found.website if website is None else website,
    )
    vault.put(ctx, changed)
    return Reply(f"Changed {found.name} in your vault.", {"name": found.name}, [thing(found)])


@service.tool(
    "read",
    private=True,
    examples=[
        "what's the password for the router?",
        "show me my bank password",
        "get the library login",
        "I forgot my gym password",
        "what is the wifi key?",
        "look up the door code in my vault",
        "which user name do I have at the tax office?",
        "give me the PIN of the card",
        "how do I log in to the streaming account?",
        "password of the shop please",
    ],
)
def get(ctx: Context, entry: Name) -> Reply:
    """Show a saved password or login from the vault on the screen; it is never said aloud."""
    found = find(ctx, entry)
    values = {key: value for key, value in asdict(found).items() if key not in {"id", "code"} and value}
    values |= {"has_code": bool(found.code)}
    return Reply(f"{found.name}: shown on your screen, not said aloud.", {"shown": values}, [thing(found)])


@service.tool(
    "read",
    private=True,
    examples=[
        "what's in my vault?",
        "list my saved passwords",
        "which logins do you keep for me?",
        "what secrets do I have?",
        "show the names in my password safe",
        "do I have a password for anything with mail in it?",
        "for which accounts do you have one-time codes?",
    ],
)
def list_(ctx: Context, part: NamePart = None) -> Reply:
    """List the names of what is in the vault, without the secrets."""
    found = [entry for entry in vault.entries(ctx) if not part or part.casefold() in entry.name.casefold()]
    if not found:
        return Reply("There is nothing like that in your vault." if part else "Your vault is empty.", {"names": []})
    names = [entry.name for entry in found]
    more = f" and {len(names) - NAMED_AT_MOST} more" if len(names) > NAMED_AT_MOST else ""
    said = ", ".join(names[:NAMED_AT_MOST]) + more if more else spoken(names)
    return Reply(f"{counted(len(names), 'entry').replace('entrys', 'entries')}: {said}.", {"names": names})


@service.tool(
    "reversible",
    private=True,
    examples=[
        "rename the router entry in my vault to attic router",
        "call the bank password savings bank instead",
        "the streaming login should be named films",
        "change the name of my gym entry to sports club",
        "in the vault, shop becomes corner shop",
        "name my library login city library",
    ],
)
def rename(
    ctx: Context, entry: Name, to: Annotated[str, Field(description="The new name", min_length=1, max_length=200)]
) -> Reply:
    """Give something in the vault another name."""
    found, called = find(ctx, entry), plain_name(to)
    if any(other.name.casefold() == called.casefold() and other.id != found.id for other in vault.entries(ctx)):
        raise Refusal(f"There is an entry called {called!r} already.")
    vault.put(ctx, replace(found, name=called))
    return Reply(f"{found.name} is called {called} now.", {"name": called}, [thing(replace(found, name=called))])


@service.tool(
    "reversible",
    private=True,
    examples=[
        "delete the router password",
        "remove my gym login from the vault",
        "forget the password for the shop",
        "take the streaming account out of my vault",
        "get rid of the saved door code",
        "erase the tax office from my secrets",
        "the library login can go",
    ],
)
def delete(ctx: Context, entry: Name) -> Reply:
    """Delete a password or login from the vault."""
    found = find(ctx, entry)
    ctx.db.execute("DELETE FROM entry WHERE id=?", (found.id,))
    return Reply(f"Deleted {found.name} from your vault.", {"name": found.name})


@service.tool(
    "read",
    private=True,
    examples=[
        "generate a password",
        "make up a strong password with 24 characters",
        "suggest a pass phrase of 6 words",
        "I need a random password",
        "invent a password of 5 words I can remember",
        "create a password without special characters",
        "give me 16 random letters and digits for a login",
    ],
)
def generate_password(
    ctx: Context,
    length: Annotated[int, Field(description="How many characters", ge=8, le=128)] = 20,
    words: Annotated[
        int | None, Field(description="How many words, for a pass phrase instead of characters", ge=3, le=24)
    ] = None,
    marks: Annotated[bool, Field(description="With special characters")] = True,
) -> Reply:
    """Generate a new random password or pass phrase, shown on the screen and kept nowhere."""
    made, bits = making.phrase(words) if words else making.password(length, marks)
    sort = counted(words, "word") if words else counted(length, "character")
    return Reply(f"A new password of {sort}, shown on your screen.", {"shown": {"secret": made}, "bits": round(bits)})


@service.tool(
    "read",
    private=True,
    examples=[
        "what's my one-time code for the shop?",
        "give me the two-factor code for the bank",
        "2FA code for mail please",
        "authenticator code of the tax office",
        "I need the six digits for the library login",
        "get the verification code for my cloud account",
        "which code does the authenticator show for films?",
    ],
)
def one_time_code(ctx: Context, entry: Name) -> Reply:
    """Show the present one-time code (two-factor, authenticator) of something in the vault."""
    found = with_code(find(ctx, entry))
    code, seconds, following = codes.code_at(found.code, ctx.now)
    if following is not None:
        raise Refusal(f"The codes of {found.name} are counted, not timed; ask me for its next code.")
    return Reply(
        f"The code for {found.name} is on your screen, good for {counted(seconds, 'second')}.",
        {"shown": {"code": code}, "seconds": seconds},
        [thing(found)],
    )


@service.tool(
    "reversible",
    private=True,
    examples=[
        "next code for the safe",
        "draw the next counter code of the office token",
        "move on to the following HOTP code for the server room",
        "the next one-time code in the row for the gate",
    ],
)
def next_code(ctx: Context, entry: Name) -> Reply:
    """Take the next of the counted one-time codes (HOTP) of something in the vault, which uses it up."""
    found = with_code(find(ctx, entry))
    code, _, following = codes.code_at(found.code, ctx.now)
    if following is None:
        raise Refusal(f"The codes of {found.name} go by the time; just ask for its one-time code.")
    vault.put(ctx, replace(found, code=following))
    return Reply(f"The next code for {found.name} is on your screen.", {"shown": {"code": code}}, [thing(found)])


@service.tool(
    "irreversible",
    private=True,
    examples=[
        "change my vault's pass phrase from “green lamps over quiet water” to “nine stones in a row”",
        "I want another pass phrase for the vault",
        "set a new master password: old “seven owls at noon”, new “one crow at dusk”",
        "replace the passphrase of my password safe",
        "give the vault a different pass phrase",
    ],
)
def change_pass_phrase(
    ctx: Context,
    old: Annotated[
        str,
        Field(
            description="The pass phrase at the start, which opens it now",
            min_length=1,
            max_length=1_000,
            json_schema_extra=SECRET,
        ),
    ],
    to: Annotated[
        str, Field(description="The new pass phrase", min_length=1, max_length=1_000, json_schema_extra=SECRET)
    ],
) -> Reply:
    """Change the pass phrase of the vault; the old one opens nothing any more."""
    key = vault.opened_with(ctx, old)
    lock, sealed = vault.locked_with(vault.chosen(to), ctx.member, key)
    ctx.db.execute("UPDATE vault SET lock=?, key=? WHERE member=?", (lock, sealed, ctx.member))
    return Reply(
        "The pass phrase of your vault is changed; the new one is on your screen. The old one opens nothing any more.",
        {"shown": {"pass_phrase": to}},
    )


@service.tool(
    "reversible",
    private=True,
    examples=[
        "export my vault, pass phrase “green lamps over quiet water”",
        "make an encrypted copy of my passwords",
        "back up the vault to a file",
        "write all my secrets to an encrypted file",
        "I want to take my passwords to another program",
        "save an export of the password safe, locked with “seven owls at noon”",
        "give me my vault as a file",
    ],
)
def export(ctx: Context, pass_phrase: PassPhrase) -> Reply:
    """Write all of the vault to an encrypted file that other programs can open with the same pass phrase."""
    KEYS.put(ctx, vault.opened_with(ctx, pass_phrase))
    rows = [{key: value for key, value in asdict(entry).items() if key != "id"} for entry in vault.entries(ctx)]
    content = {"format": "muos-vault", "version": 1, "made": ctx.now.isoformat(), "entries": rows}
    path = ctx.folder / "exports" / f"vault-{ctx.now:%Y%m%d-%H%M%S}-{ctx.call[:6]}.jwe"
    ctx.write_file(path, envelope.enclosed(content, vault.normal(pass_phrase)))
    return Reply(f"Exported {counted(len(rows), 'secret')} to {path.name}, encrypted.", {"path": str(path)})


if __name__ == "__main__":
    service.run()
