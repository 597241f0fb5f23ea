"""tokens: what lets somebody in from another machine, and for whom they may speak."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, Any

import typer

from interface.cli.options import AsJson, Home, moment, settings_for
from interface.cli.turns import print_json
from interface.holder import member_name


def add_to(app: typer.Typer) -> None:
    """Add this group of commands."""
    group = typer.Typer(
        help="Tokens: what lets somebody in from another machine, and for whom they may speak.",
        invoke_without_command=True,
    )
    group.callback()(list_first)
    group.command("list")(list_tokens)
    group.command()(new)
    group.command()(remove)
    app.add_typer(group, name="tokens")


def list_first(ctx: typer.Context, as_json: AsJson = False, home: Home = None) -> int:
    """Tokens: what lets somebody in from another machine, and for whom they may speak."""
    return 0 if ctx.invoked_subcommand else list_tokens(as_json, home)


def list_tokens(as_json: AsJson = False, home: Home = None) -> int:
    """List the tokens that are good, never themselves."""
    with inside().open_tokens(settings_for(home)) as tokens:
        rows = [inside().token_row(made) for made in tokens.all()]
    if as_json:
        print_json({"tokens": rows})
        return 0
    for row in rows:
        whose = row["member"] or "(the owner's: may speak for anybody)"
        sys.stdout.write(f"{row['name']}  {row['made'][:10]}  {whose}\n")
    if not rows:
        sys.stdout.write("There are no tokens yet. Make one: muos tokens new --member bob\n")
    return 0


def new(
    member: Annotated[
        str | None, typer.Option("--member", "-m", help="Whom it is for; without it, it is the owner's.")
    ] = None,
    guest: Annotated[bool, typer.Option("--guest", help="They are a guest, not of the household.")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Make a token. It is shown once; whoever holds a member's speaks as that member and nobody else."""
    settings = settings_for(home)
    if guest and member is None:
        raise typer.BadParameter("--guest needs --member: say who the guest is.")
    if guest and member is not None:
        member = member_name(member)
        with inside().open_hosting(settings) as host:
            host.invite(settings.member, member, moment(None, settings.zone))
    with inside().open_tokens(settings) as tokens:
        token = tokens.make(member)
    if as_json:
        print_json({"token": token, "member": member, "guest": guest})
    else:
        sys.stdout.write(f"{token}\n")
        sys.stderr.write("This is shown once. Send it as `Authorization: Bearer …`, or give it on the page's form.\n")
    return 0


def remove(
    name: Annotated[str, typer.Argument(help="The token's first digits, as `muos tokens` lists it.")],
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Make a token bad."""
    with inside().open_tokens(settings_for(home)) as tokens:
        row = inside().token_row(tokens.remove(name))
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(f"The token {row['name']} is no longer good.\n")
    return 0


def inside() -> Any:
    """What opens a home's tokens; loaded by who asks for it, since SQLAlchemy takes a fifth of a second."""
    return importlib.import_module("interface.hosting")
