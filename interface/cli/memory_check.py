"""memory check: how memory is, and its index put right."""

from __future__ import annotations

import importlib
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer

from interface.cli.options import AsJson, Home, settings_for
from interface.cli.streams import shown
from interface.cli.turns import print_json
from interface.running import find_hub
from interface.settings import Settings

Row = dict[str, Any]


def add_to(group: typer.Typer) -> None:
    """Add this command."""
    group.command()(check)


def check(
    rebuild: Annotated[bool, typer.Option("--rebuild", help="Empty the index and fill it anew.")] = False,
    as_json: AsJson = False,
    home: Home = None,
) -> int:
    """Look through the record, and bring the index of vectors up with it."""
    settings = settings_for(home)
    if find_hub(settings.home) is not None:
        raise ValueError("MuOS is running on this home and keeps its index up by itself. Stop it to check or rebuild.")
    row = checked(settings, rebuild)
    if as_json:
        print_json(row)
    else:
        sys.stdout.write(told(row))
    return 1 if row["damage"] or row["trouble"] else 0


def checked(settings: Settings, rebuild: bool) -> Row:
    """What was found, after the index was filled."""
    # the whole of memory, and Chroma, take two seconds to import: only who checks pays for it
    lone, recollection = map(importlib.import_module, ("interface.cli.lone", "interface.recollection"))
    with lone.LoneMemory(settings) as door:
        memory = door.memory
        damage = memory.record.damage()
        memory.use(recollection.lasting_index(memory, settings))
        with shown("Index of vectors") as tell:
            memory.indexing.told = tell
            filled = memory.indexing.rebuild() if rebuild else memory.catch_up()
        return asdict(memory.state()) | {"filled": filled, "damage": damage}


def told(row: Row) -> str:
    """For a person."""
    lines = [
        f"{row['notes']:,} notes in {row['record']}, {row['indexed']:,} of them found by meaning ({row['vectors']}).",
        f"{row['filled']:,} were put into the index just now." if row["filled"] else "The index lacked none of them.",
        f"The record is damaged: {row['damage']}" if row["damage"] else "The record is whole.",
        *([row["trouble"]] if row["trouble"] else []),
    ]
    return "\n".join(lines) + "\n"
