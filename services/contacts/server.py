"""Contacts: each member's address book, asked by a part of the name or by relation ("my sister").

Saving under a name that is there changes only what is given.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import Field

from services.contacts import sync, vcard
from services.contacts.person import (
    TABLES,
    Person,
    checked_email,
    checked_phone,
    fitting,
    next_birthday,
    only,
    people,
    plain,
    plain_relation,
    store,
    stored_birthday,
    told_apart,
)
from services.contacts.wording import said_birthday, said_detail, said_field, said_person, spoken_name
from services.kit import Context, Refusal, Reply, Service, Thing, mirror
from services.kit.speech import counted, spoken, spoken_day

SPOKEN_NAMES = 20
IMPORT_LIMIT = 2_000_000
"""Characters of vCards in one call."""

service = Service(__file__, tables=TABLES + sync.TABLES + mirror.TABLES)

FieldName = Literal["phone", "email", "address", "birthday", "relation", "company", "notes"]
Wanted = Literal["everything", "phone", "email", "address", "birthday", "relation", "company", "notes"]
Name = Annotated[
    str,
    Field(
        description="The person's name, a part of it, or the relation, such as my sister",
        min_length=1,
        max_length=120,
        json_schema_extra={"x-kind": "contact"},
    ),
]
Phone = Annotated[
    str,
    Field(
        description="Phone number", max_length=60, json_schema_extra={"format": "phone"}, examples=["+44 20 7946 0958"]
    ),
]
Email = Annotated[str, Field(description="Email address", max_length=254, json_schema_extra={"format": "email"})]
Address = Annotated[str, Field(description="Postal address", max_length=500)]
Birthday = Annotated[date | None, Field(description="Date of birth, or the day of the year")]
Relation = Annotated[
    str,
    Field(
        description="What the person is to me: sister, doctor, neighbour", max_length=60, examples=["sister", "dentist"]
    ),
]


@service.tool(
    "reversible",
    examples=[
        "Tom's number is 0171 555 0199",
        "Clara's email is clara@example.net",
        "save Mia's email, it's mia@example.org",
        "Ruth is my aunt and her birthday is on 3 May",
        "add Joe Miller to my contacts, phone 555 0142",
        "my dentist is Dr Weber, 030 555 7788",
        "Lena moved to 12 Hill Road, Bath",
        "Karl has a new number, +49 40 555 0161",
        "Nora is my cousin",
        "he works for Halden Shipping",
        "could you put the electrician in my address book, 555 0177",
        "you can reach Ivan at ivan@example.com, he's our neighbour",
        "new contact: Sofia Lindt, born 9 April",
        "Peter's address is 3 Quay Street",
        "she was born on 14 November",
        "Emil is employed at Norwood Bank",
        "remember Olga's phone number, 555 0123",
        "Viktor works at Lakeside School",
        "Hugo's birthday is on 12 May",
    ],
)
def save(
    ctx: Context,
    name: Name,
    phone: Phone = "",
    email: Email = "",
    address: Address = "",
    birthday: Birthday = None,
    relation: Relation = "",
    company: Annotated[str, Field(description="Where the person works", max_length=120)] = "",
    notes: Annotated[str, Field(description="Anything else worth keeping", max_length=2_000)] = "",
) -> Reply:
    """Save a contact's details, such as the phone number, email, address, birthday or relation, or change them."""
    given = {
        "phone": checked_phone(phone) if phone.strip() else "",
        "email": checked_email(email) if email.strip() else "",
        "address": address.strip(),
        "birthday": stored_birthday(birthday, ctx.now.date()) if birthday else "",
        "relation": plain(relation),
        "company": company.strip(),
        "notes": notes.strip(),
    }
    given = {field: value for field, value in given.items() if value}
    existing = meant(ctx, name)
    called = existing.name if existing else new_name(name)
    person = store(ctx, existing, called, given)
    said = ", ".join(said_field(person, field) for field in given)
    text = f"{'Changed' if existing else 'Saved'} {called}{f': {said}' if said else ''}."
    if existing and not given:
        text = f"{called} is in your contacts already."
    return Reply(text, person.as_data(), [person.as_thing()])


@service.tool(
    "read",
    examples=[
        "what's Tom's phone number?",
        "what is my aunt's number?",
        "how do I reach the plumber?",
        "when is Ruth's birthday?",
        "where does Lena live?",
        "show me Joe's contact details",
        "Nora's email please",
        "could you give me Karl's address",
        "I need the number of the electrician",
        "who is my cousin?",
        "look up Sofia Lindt",
        "when was she born?",
        "where does Emil work?",
        "how old is Ivan?",
        "do I have a phone number for Peter?",
        "what do you know about my neighbour?",
        "when is his birthday?",
    ],
)
def find(
    ctx: Context,
    name: Name,
    field: Annotated[Wanted, Field(description="Which detail is wanted")] = "everything",
) -> Reply:
    """Look up one contact by name or relation: the phone number, email, address, birthday or all that is known."""
    found = fitting(ctx, name)
    if not found:
        raise Refusal(f"I know no contact called {name.strip()!r}.")
    lines = [said_person(person) if field == "everything" else said_detail(person, field) for person in found[:5]]
    if len(found) == 1 and field != "everything" and field not in found[0].known():
        raise Refusal(lines[0])
    return Reply(
        " ".join(lines), {"contacts": [person.as_data() for person in found]}, [person.as_thing() for person in found]
    )


@service.tool(
    "read",
    examples=[
        "who is in my contacts?",
        "list my contacts",
        "show my address book",
        "how many contacts do I have?",
        "read out all the people I have saved",
        "could you name everyone in the contacts",
        "all contacts please",
        "which people do you know?",
    ],
)
def list_(ctx: Context) -> Reply:
    """Name all contacts."""
    everybody = people(ctx)
    if not everybody:
        return Reply("You have no contacts yet.", {"contacts": []})
    names = [f"{person.name} ({person.relation})" if person.relation else person.name for person in everybody]
    more = len(names) - SPOKEN_NAMES
    shown = [*names[:SPOKEN_NAMES], f"{more} more"] if more > 0 else names
    return Reply(
        f"You have {counted(len(names), 'contact')}: {spoken(shown)}.",
        {"contacts": [person.as_data() for person in everybody]},
        [person.as_thing() for person in everybody[:SPOKEN_NAMES]],
    )


@service.tool(
    "reversible",
    examples=[
        "delete Tom from my contacts",
        "remove Joe Miller's contact",
        "throw the plumber out of my address book",
        "I don't need Karl in there any more",
        "could you erase Sofia's entry",
        "get rid of the contact Ivan",
        "drop my old landlord from the contacts",
        "Peter can be deleted from the address book",
    ],
)
def delete(ctx: Context, name: Name) -> Reply:
    """Delete a contact."""
    person = only(ctx, name)
    ctx.db.execute("DELETE FROM contact WHERE id=? AND member=?", (person.id, ctx.member))
    return Reply(f"Deleted {person.name} from your contacts.", person.as_data())


@service.tool(
    "reversible",
    examples=[
        "forget Tom's phone number",
        "remove the email address from Mia's contact",
        "clear Lena's address",
        "Karl's number is out of date, take it out",
        "could you delete the birthday of Nora",
        "erase the company of Emil",
        "Sofia has no email any more, remove it",
        "drop the old address we have for Peter",
    ],
)
def clear(ctx: Context, name: Name, field: Annotated[FieldName, Field(description="Which detail to remove")]) -> Reply:
    """Remove one detail of a contact, such as an old number, keeping the rest."""
    person = only(ctx, name)
    if field not in person.known():
        raise Refusal(said_detail(person, field))
    after = store(ctx, person, person.name, {field: ""})
    return Reply(f"Removed {person.name}'s {spoken_name(field)}.", after.as_data(), [after.as_thing()])


@service.tool(
    "read",
    examples=[
        "whose birthday is coming up?",
        "any birthdays this month?",
        "which birthdays are in the next two weeks?",
        "whose birthday is next?",
        "does anybody have a birthday soon?",
        "who turns a year older this week?",
        "could you list the upcoming birthdays",
        "birthdays in the next 60 days",
    ],
)
def birthdays(
    ctx: Context, days: Annotated[int, Field(description="How many days to look ahead", ge=0, le=366)] = 30
) -> Reply:
    """Say whose birthdays are coming up, of all the contacts."""
    today = ctx.now.date()
    coming = sorted(
        ((next_birthday(person.birthday, today), person) for person in people(ctx) if person.birthday),
        key=lambda row: (row[0], row[1].name),
    )
    soon = [(day, person) for day, person in coming if day <= today + timedelta(days=days)]
    if not soon:
        later = f" The next is {coming[0][1].name}'s, {spoken_day(coming[0][0], ctx.now)}." if coming else ""
        return Reply(f"No birthdays in the next {counted(days, 'day')}.{later}", {"birthdays": []})
    return Reply(
        f"{'; '.join(said_birthday(ctx, day, person) for day, person in soon)}.",
        {"birthdays": [{"name": person.name, "date": day.isoformat()} for day, person in soon]},
        [Thing("contact", person.name, str(person.id)) for _, person in soon],
    )


@service.tool(
    "reversible",
    examples=[
        "import these contacts",
        "import a vCard",
        "read this vcf into my address book",
        "take over the contacts from my old phone's vcf file",
        "could you load this vCard",
        "add the people from this file: BEGIN:VCARD",
        "upload my address book",
        "bring in contacts from a vcf",
    ],
)
def import_(
    ctx: Context,
    content: Annotated[
        str,
        Field(
            description="The text of a vCard (.vcf) file", max_length=IMPORT_LIMIT, json_schema_extra={"x-fill": "rest"}
        ),
    ],
) -> Reply:
    """Import contacts from the text of a vCard file; who is there by the same name is changed."""
    by_name = {person.name.casefold(): person for person in people(ctx)}
    fresh, touched = 0, []
    for name, given in vcard.read(content):
        existing = by_name.get(name.casefold())
        fresh += existing is None
        person = store(ctx, existing, name[:120], given)
        by_name[name.casefold()] = person
        touched.append(person.as_thing())
    changed = len(touched) - fresh
    parts = ([f"{fresh} new"] if fresh else []) + ([f"{changed} changed"] if changed else [])
    return Reply(
        f"Imported {counted(len(touched), 'contact')}: {spoken(parts)}.",
        {"new": fresh, "changed": changed},
        touched[:100],
    )


@service.tool(
    "read",
    examples=[
        "export my contacts",
        "give me my address book as a vCard",
        "save my contacts as a vcf file",
        "I'd like a backup of my contacts",
        "could I have all contacts in one file",
        "download the address book",
        "write everyone into a vCard",
        "contacts as vcf please",
    ],
)
def export(ctx: Context) -> Reply:
    """Give all contacts as the text of a vCard file."""
    everybody = people(ctx)
    if not everybody:
        raise Refusal("You have no contacts to export.")
    text = vcard.written(everybody)
    return Reply(f"Here are your {counted(len(everybody), 'contact')} as a vCard file:\n{text}", {"vcard": text})


service.tool("reversible", examples=sync.EXAMPLES)(sync.sync)
service.undoing(sync.ACCOUNT.refuse_what_was_sent)


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """What the member's contacts go by: names, first names and relations."""
    everybody = people(ctx)
    relations = [person.relation for person in everybody if person.relation]
    first = [person.name.split()[0] for person in everybody if " " in person.name.strip()]
    return {"contact": list(dict.fromkeys([*(person.name for person in everybody), *relations, *first]))}


def meant(ctx: Context, name: str) -> Person | None:
    """Who is changed when this name is saved: the same name or relation, or the only one with that first name."""
    found = [p for p in fitting(ctx, name) if is_called(p, name)]
    if len(found) > 1:
        raise Refusal(f"Which one do you mean: {' or '.join(told_apart(found))}?")
    return found[0] if found else None


def is_called(person: Person, name: str) -> bool:
    """Whole words only: saving Ann does not change Anna."""
    wanted = plain(name).split()
    by_relation = bool(person.relation) and plain_relation(person.relation) == plain_relation(name)
    return by_relation or set(wanted) <= set(person.name.casefold().split())


def new_name(said: str) -> str:
    """The name of a new contact: as it was said, without "my" and the owner's s."""
    bare = plain(said)
    start = said.casefold().find(bare)
    return said[start : start + len(bare)] if start >= 0 and bare else said.strip()


if __name__ == "__main__":
    service.run()
