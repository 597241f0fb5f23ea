"""Moving, copying, throwing away: nothing is ever put over something else, and all but emptying the trash goes back."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

from pydantic import Field

from services.files import roots
from services.files.declared import Which, service
from services.files.roots import find_any, find_folder, free, new_place, shown, thing, told
from services.kit import Context, Refusal, Reply
from services.kit.speech import counted


@service.tool(
    "reversible",
    examples=[
        "move report.pdf to the archive folder",
        "rename draft.txt to final.txt",
        "put the invoice.pdf into the taxes folder",
        "shift photo.jpg over to pictures",
        "call letter.md application.md instead",
        "move the folder holiday into photos",
        "the scan belongs in the documents folder",
        "change the name of song.mp3 to anthem.mp3",
    ],
)
def move(
    ctx: Context,
    file: Which,
    to: Annotated[
        str, Field(description="The folder that it goes to, or its new name", min_length=1, max_length=1_000)
    ],
) -> Reply:
    """Move a file or folder to another folder, or give it another name."""
    path = movable(ctx, find_any(ctx, file))
    place = destination(ctx, path, to)
    ctx.move_file(path, place)
    return Reply(
        f"{told(ctx, path)} is now {told(ctx, place)}.", {"from": shown(path), "to": shown(place)}, [thing(ctx, place)]
    )


@service.tool(
    "reversible",
    examples=[
        "copy report.pdf to the backup folder",
        "make a copy of letter.md called letter2.md",
        "duplicate budget.csv as budget-old.csv",
        "I want a second copy of the photo in pictures",
        "copy the folder recipes to the kitchen folder",
        "keep a copy of contract.txt in safe",
        "clone template.txt to march.txt",
        "save song.mp3 in the car folder as well",
    ],
)
def copy(
    ctx: Context,
    file: Which,
    to: Annotated[str, Field(description="The folder for the copy, or its name", min_length=1, max_length=1_000)],
) -> Reply:
    """Copy a file or folder to another folder, or under another name."""
    path = movable(ctx, find_any(ctx, file))
    place = destination(ctx, path, to)
    if place.is_relative_to(path):
        raise Refusal("A folder can't be copied into itself.")
    ctx.copy_file(path, place, roots.trash_place(ctx, place))
    return Reply(f"Copied {told(ctx, path)} to {told(ctx, place)}.", {"path": shown(place)}, [thing(ctx, place)])


@service.tool(
    "reversible",
    examples=[
        "delete the file old.txt",
        "throw draft.md away",
        "put photo.jpg in the trash",
        "remove the folder junk from my files",
        "bin the scan",
        "I don't need budget-old.csv any more",
        "get rid of temp.log",
        "trash the presentation",
    ],
)
def trash(ctx: Context, file: Which) -> Reply:
    """Throw a file or folder away: it goes to the trash, from where it can be brought back."""
    path = movable(ctx, find_any(ctx, file))
    there = roots.trash_place(ctx, path)
    ctx.db.execute(
        "INSERT INTO trashed(member, name, place, trash, at) VALUES(?,?,?,?,?)",
        (ctx.member, shown(Path(path.name)), bytes(path), bytes(there), ctx.now.isoformat()),
    )
    ctx.move_file(path, there)
    return Reply(f"{told(ctx, path)} is in the trash.", {"path": shown(there)})


@service.tool(
    "reversible",
    examples=[
        "restore old.txt from the trash",
        "bring the deleted draft.md back",
        "get photo.jpg out of the trash",
        "undelete the folder junk",
        "I want the scan back that I threw away",
        "put temp.log back where it was",
        "recover the trashed presentation",
        "take budget-old.csv out of the bin",
    ],
)
def restore(
    ctx: Context,
    file: Annotated[str, Field(description="Which file that was thrown away", min_length=1, max_length=1_000)],
) -> Reply:
    """Bring a file or folder back from the trash to its old place."""
    rows = ctx.db.execute("SELECT * FROM trashed WHERE member=? ORDER BY id DESC", (ctx.member,)).fetchall()
    wanted = set(roots.words_of(file))
    fitting = [row for row in rows if wanted <= set(roots.words_of(row["name"])) and path_in(row["trash"]).exists()]
    if not fitting:
        raise Refusal(f"I find no {file.strip()!r} in the trash.")
    row = fitting[0]
    place = free(roots.allowed(ctx, path_in(row["place"])))
    ctx.move_file(roots.allowed(ctx, path_in(row["trash"])), place)
    ctx.db.execute("DELETE FROM trashed WHERE id=?", (row["id"],))
    return Reply(f"{told(ctx, place)} is back.", {"path": shown(place)}, [thing(ctx, place)])


@service.tool(
    "irreversible",
    examples=[
        "empty the trash",
        "delete everything in the bin for good",
        "clear out my trash folder",
        "really remove all files I threw away",
        "purge the deleted files",
        "wipe the trash",
        "free the space that trashed files take",
        "erase what is in the bin",
    ],
)
def empty_trash(ctx: Context) -> Reply:
    """Remove everything in the trash for good."""
    number = 0
    for root in roots.roots(ctx):
        bin_ = root / roots.TRASH
        if bin_.is_symlink() or not bin_.is_dir():
            continue
        number += sum(1 for batch in bin_.iterdir() if batch.is_dir() for _ in batch.iterdir())
        if not ctx.preview:
            shutil.rmtree(bin_)
    ctx.db.execute("DELETE FROM trashed WHERE member=?", (ctx.member,))
    return Reply(
        f"Removed {counted(number, 'thing')} for good." if number else "The trash was empty.", {"removed": number}
    )


def movable(ctx: Context, path: Path) -> Path:
    """Refuses open folders themselves, links, devices, and what is in the trash."""
    if not path.is_dir():
        roots.regular(path)
    if path in roots.roots(ctx) or any(root.is_relative_to(path) for root in roots.roots(ctx)):
        raise Refusal(f"{shown(path)} is an open folder itself; I only arrange what is in it.")
    if roots.TRASH in path.parts:
        raise Refusal("That is in the trash; restore it first.")
    return path


def destination(ctx: Context, path: Path, to: str) -> Path:
    """Where it goes: into the folder of that name, else under that name where it is."""
    roots.by_path(ctx, to)  # refuses a path that leads out
    try:
        folder = find_folder(ctx, to)
    except Refusal:
        given = Path(to.strip().strip("\"'“”")).expanduser()
        if not given.is_absolute():
            given = path.parent / given
        name = given.name if given.suffix or path.is_dir() else given.name + path.suffix
        place = new_place(ctx, str(given.with_name(name)))
    else:
        place = folder / path.name
    if place.is_relative_to(path) and place != path:
        raise Refusal("A folder can't be moved into itself.")
    return free(place)


def path_in(stored: bytes) -> Path:
    """A path as it is stored."""
    return Path(stored.decode("utf-8", "surrogateescape"))
