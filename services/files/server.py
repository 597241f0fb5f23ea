"""Files: search, read, write and arrange them, only in the folders that a member has opened.

Nothing is removed for good but by emptying the trash: what is thrown away lies in `.trash` of its open folder.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field

from services.files import arranging, contents, roots
from services.files.declared import LISTED, SAID, Folder, Text, Which, service
from services.files.roots import FILE_NAME, find, find_any, find_folder, new_place, shown, thing, told
from services.kit import Context, Refusal, Reply
from services.kit.moment import capital
from services.kit.speech import counted, spoken, spoken_moment


@service.tool(
    "read",
    examples=[
        "search my files for the rental contract",
        "find the file about the boiler",
        "which documents mention Lisbon?",
        "where did I save the tax return?",
        "look through my folders for anything on solar panels",
        "where is the file about the trip to Rome?",
        "find files that contain the word insurance",
        "I'm looking for the presentation about bees",
        "search the documents folder for invoices",
    ],
)
def search(
    ctx: Context,
    query: Annotated[
        str,
        Field(description="Words to look for", min_length=1, max_length=500, json_schema_extra={"x-fill": "rest"}),
    ],
    folder: Folder = None,
) -> Reply:
    """Search files on disk by words in their names and in their text."""
    top = find_folder(ctx, folder) if folder else None
    hits, complete = contents.search(ctx, query, top)
    more = "" if complete else " I have not read all files yet; ask again for the rest."
    if not hits:
        return Reply(f"I find no file about {query.strip()!r}.{more}", {"files": [], "complete": complete})
    names = spoken([told(ctx, hit.path) for hit in hits[:SAID]])
    data = [{"path": shown(hit.path), "excerpt": hit.excerpt} for hit in hits]
    text = f"{counted(len(hits), 'file')}: {names}.{more}"
    return Reply(text, {"files": data, "complete": complete}, [thing(ctx, hit.path) for hit in hits])


@service.tool(
    "read",
    examples=[
        "read the file shopping.txt",
        "open letter.md and read it to me",
        "what's in todo.txt?",
        "show me the contents of budget.csv",
        "read out the document about the garden",
        "what does the readme file say?",
        "read me list.txt",
        "read on in the file story.txt from part 2",
    ],
)
def read(
    ctx: Context,
    file: Which,
    part: Annotated[int, Field(description="Which part of a long text", ge=1, le=1_000)] = 1,
) -> Reply:
    """Read a text file, in parts if it is long."""
    path = find(ctx, file)
    text = contents.text_of(path)
    parts = max(-(-len(text) // contents.PART), 1)
    if part > parts:
        raise Refusal(f"{path.name} has only {counted(parts, 'part')}.")
    piece = text[(part - 1) * contents.PART : part * contents.PART]
    more = f"\n(Part {part} of {parts}.)" if parts > 1 else ""
    cut = path.stat().st_size > contents.READ_LIMIT
    more += "\n(The file is longer than I read.)" if cut and part == parts else ""
    data = {"path": shown(path), "text": piece, "part": part, "parts": parts, "cut": cut}
    return Reply(f"{piece.strip() or f'{path.name} is empty.'}{more}", data, [thing(ctx, path)])


@service.tool(
    "reversible",
    examples=[
        "write a file hello.txt saying good morning",
        "create the file plan.md with the text buy seeds",
        "save this as idea.txt: a bench by the pond",
        "make a new document draft.txt: dear neighbours",
        "put “closed on Monday” in a file called sign.txt",
        "overwrite status.txt with all done",
        "store the text water the ferns in ferns.txt",
        "new text file agenda.md: budget, roof, bees",
    ],
)
def write(
    ctx: Context,
    file: Annotated[str, Field(description="Name of the file, such as plan.txt", min_length=1, max_length=1_000)],
    text: Text,
    folder: Folder = None,
) -> Reply:
    """Write a text file with a name: a new one, or in the place of what was in it."""
    path = new_place(ctx, named(file), folder)
    known = path.exists()
    if known:
        changeable(path)
    ctx.write_file(path, text.encode("utf-8", "replace"))
    said = "Replaced what was in" if known else "Wrote"
    return Reply(f"{said} {told(ctx, path)}.", {"path": shown(path), "replaced": known}, [thing(ctx, path)])


@service.tool(
    "reversible",
    examples=[
        "append call the baker to todo.txt",
        "add a line to log.txt: filter changed",
        "add return the key to the end of jobs.txt",
        "put another sentence at the bottom of the letter.md file",
        "add to the file ideas.txt: a swing",
        "extend notes.txt with see you there",
        "in diary.txt add rainy day",
        "attach the line done to status.txt",
    ],
)
def append(ctx: Context, file: Which, text: Text) -> Reply:
    """Add a line of text at the end of a file that exists."""
    if FILE_NAME.fullmatch(text.strip()) and not FILE_NAME.search(file):
        file, text = text, file  # "append call the baker to todo.txt"
    path = find(ctx, file)
    changeable(path)
    before = contents.text_of(path, contents.WRITE_LIMIT)
    joint = "" if not before or before.endswith("\n") else "\n"
    data = (path.read_bytes() or b"") + f"{joint}{text.rstrip()}\n".encode("utf-8", "replace")
    ctx.write_file(path, data)
    return Reply(f"Added that to {told(ctx, path)}.", {"path": shown(path)}, [thing(ctx, path)])


@service.tool(
    "read",
    examples=[
        "what's in the documents folder?",
        "list the files in pictures",
        "show me the folder taxes",
        "which files are there?",
        "what folders can you see?",
        "look into the archive directory",
        "contents of the music folder",
        "how many files are in the scans folder?",
    ],
)
def list_(ctx: Context, folder: Folder = None) -> Reply:
    """List what is in a folder: its files and the folders below it."""
    there = roots.roots(ctx)
    if folder is None and len(there) > 1:
        return Reply(f"Open to me are {roots.spoken_roots(ctx)}.", {"folders": [shown(root) for root in there]})
    top = find_folder(ctx, folder)
    entries = [each for each in top.iterdir() if not each.name.startswith(".")]
    entries.sort(key=lambda each: (each.is_file(), each.name.casefold()))
    if not entries:
        return Reply(f"{told(ctx, top)} is empty.", {"folder": shown(top), "entries": []})
    said = spoken([shown(Path(each.name)) + ("/" if each.is_dir() else "") for each in entries[:SAID]])
    more = f" and {len(entries) - SAID} more" if len(entries) > SAID else ""
    data = [{"name": shown(Path(each.name)), "folder": each.is_dir()} for each in entries[:LISTED]]
    files = [each for each in entries if each.is_file()][:LISTED]
    return Reply(
        f"In {told(ctx, top)}: {said}{more}.",
        {"folder": shown(top), "entries": data, "number": len(entries)},
        [thing(ctx, each) for each in files],
    )


@service.tool(
    "read",
    examples=[
        "which files did I change last?",
        "show my recent documents",
        "what are the newest files?",
        "what was I working on lately on disk?",
        "latest files please",
        "which files changed today?",
        "the last ten files that were saved",
        "what's new in the scans folder?",
    ],
)
def recent(
    ctx: Context, number: Annotated[int, Field(description="How many", ge=1, le=100)] = 10, folder: Folder = None
) -> Reply:
    """List the files that were changed last."""
    top = find_folder(ctx, folder) if folder else None
    stamped = sorted(((path.lstat().st_mtime, path) for path in roots.walk(ctx, top)), reverse=True)[:number]
    if not stamped:
        return Reply("There are no files.", {"files": []})
    said = [f"{told(ctx, path)} ({spoken_moment(moment(ctx, at), ctx.now)})" for at, path in stamped[:SAID]]
    data = [{"path": shown(path), "changed": moment(ctx, at).isoformat()} for at, path in stamped]
    return Reply(f"{capital(spoken(said))}.", {"files": data}, [thing(ctx, path) for _, path in stamped])


@service.tool(
    "read",
    examples=[
        "how big is video.mp4?",
        "when was letter.md last changed?",
        "tell me about the file report.pdf",
        "what size has the holiday folder?",
        "details of budget.csv",
        "where is song.mp3 stored?",
        "how large is clip.mov?",
        "properties of the scan",
    ],
)
def info(ctx: Context, file: Which) -> Reply:
    """Say how large a file or folder is, where it lies and when it was changed."""
    path = find_any(ctx, file)
    status = path.stat()
    data: dict[str, Any] = {"path": shown(path), "changed": moment(ctx, status.st_mtime).isoformat()}
    if path.is_dir():
        sizes = [each.lstat().st_size for each in roots.walk(ctx, path)]
        size, what = sum(sizes), f"a folder with {counted(len(sizes), 'file')}, "
        data |= {"files": len(sizes)}
    else:
        size, what = status.st_size, ""
    changed = spoken_moment(moment(ctx, status.st_mtime), ctx.now)
    return Reply(
        f"{told(ctx, path)}: {what}{spoken_size(size)}, changed {changed}.", data | {"bytes": size}, [thing(ctx, path)]
    )


def named(said: str) -> str:
    """The name of a new file; one without an ending is a text."""
    name = said.strip().strip("\"'“”").removeprefix("file ").strip()
    return name if "." in Path(name).name or name.endswith("/") else f"{name}.txt"


def changeable(path: Path) -> None:
    """Refuses what is no plain text file of a size that can be kept for undo."""
    if roots.regular(path).st_size > contents.WRITE_LIMIT:
        raise Refusal(f"{path.name} is too large for me to change.")
    contents.text_of(path, contents.WRITE_LIMIT)


def moment(ctx: Context, at: float) -> datetime:
    """A file's time in the person's zone."""
    return datetime.fromtimestamp(int(at), UTC).astimezone(ctx.zone)


def spoken_size(size: int) -> str:
    """12 bytes; 3.4 MB."""
    if size < 1_000:
        return counted(size, "byte")
    value, unit = float(size), "bytes"
    for unit in ("kB", "MB", "GB", "TB"):  # noqa: B007 - the last one reached is used
        value /= 1_000
        if value < 1_000:
            break
    return f"{value:.1f}".removesuffix(".0") + f" {unit}"


@service.names
def known(ctx: Context) -> dict[str, list[str]]:
    """Names of files that were seen."""
    return {"file": contents.known_names(ctx, 500)} if ctx.settings.get("folders") else {}


__all__ = ["arranging", "service"]  # arranging declares the tools that move things

if __name__ == "__main__":
    service.run()
