"""Which files a member may reach: those in the folders that they opened, and no other.

Must stay true: every path is resolved before it is used, and what it then is must lie in an open folder; links are
never followed out of one, and the home of MuOS is closed even if a folder around it is open. The kernel keeps the
process within the folders as well; this keeps each member within their own.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

from services.kit import Context, Refusal, Thing
from services.kit.speech import spoken

TRASH = ".trash"
NAMES_SAID = 5
WALK_LIMIT = 20_000
"""Files looked at in one call."""
NAME_BYTES = 255
FILE_NAME = re.compile(r"[^\s/\"“”]+\.[A-Za-z][A-Za-z0-9]{0,7}\b")
"""A name with an ending, among other words."""
FILLERS = frozenset({"the", "my", "our", "a", "an", "file", "document", "folder", "directory", "called", "named", "of"})


def roots(ctx: Context) -> list[Path]:
    """The member's open folders that are there; refuses where none is set."""
    opened = [Path(folder).expanduser() for folder in ctx.settings.get("folders") or ()]
    if not opened:
        raise Refusal("No folder of yours is open to me. Open one with: muos services set files folders FOLDER.")
    there = [folder.resolve() for folder in opened if folder.is_dir()]
    if not there:
        raise Refusal(f"The folder {str(opened[0])!r} is not there.")
    return there


def closed(ctx: Context) -> Path:
    """The home of MuOS."""
    return ctx.folder.resolve().parent.parent


def within(ctx: Context, path: Path) -> Path | None:
    """The open folder that a resolved path lies in; None where it lies in none."""
    if path.is_relative_to(closed(ctx)):
        return None
    return next((root for root in roots(ctx) if path.is_relative_to(root)), None)


def allowed(ctx: Context, path: Path) -> Path:
    """The path, resolved; refuses one that lies elsewhere."""
    try:
        resolved = path.resolve()
    except (OSError, RuntimeError, ValueError):
        raise Refusal(f"{shown(path)} can't be used.") from None
    if within(ctx, resolved) is None:
        raise Refusal(f"{shown(path)} lies outside the folders that are open to me.")
    return resolved


def regular(path: Path) -> os.stat_result:
    """What is known of a plain file; refuses folders, links and devices."""
    try:
        status = path.lstat()
    except (OSError, ValueError):
        raise Refusal(f"There is no file {shown(path)}.") from None
    if not stat.S_ISREG(status.st_mode):
        what = "a folder" if stat.S_ISDIR(status.st_mode) else "a link" if stat.S_ISLNK(status.st_mode) else "a device"
        raise Refusal(f"{path.name} is {what}, not a file.")
    return status


def walk(ctx: Context, top: Path | None = None) -> Iterator[Path]:
    """Plain files, newest folders first; links, hidden entries and the home of MuOS are passed over."""
    seen = 0
    left = [top] if top else roots(ctx)[::-1]
    shut = closed(ctx)
    while left:
        folder = left.pop()
        if folder == shut:
            continue
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            continue
        for entry in entries:
            if entry.name.startswith("."):
                continue
            if entry.is_dir(follow_symlinks=False):
                left.append(Path(entry.path))
            elif entry.is_file(follow_symlinks=False):
                yield Path(entry.path)
                seen += 1
                if seen >= WALK_LIMIT:
                    return


def find(ctx: Context, said: str) -> Path:
    """The file that is meant: by its path, else by its name, else by words of it; refuses several alike."""
    direct = by_path(ctx, said)
    if direct is not None and direct.is_file():
        return direct
    inner = FILE_NAME.search(said)
    if direct is None and inner and inner[0] != said:
        return find(ctx, inner[0])
    wanted, words = said.strip().casefold(), words_of(said)
    exact, stems, holding = [], [], []
    for path in walk(ctx):
        name = path.name.casefold()
        if name == wanted or name == " ".join(words):
            exact.append(path)
        elif words_of(path.stem) == words:
            stems.append(path)
        elif words and set(words) <= set(words_of(path.name)):
            holding.append(path)
    return one_of(ctx, exact or stems or holding, said, "file")


def find_folder(ctx: Context, said: str | None) -> Path:
    """The folder that is meant; the first open one if none is named."""
    there = roots(ctx)
    direct = by_path(ctx, said or "")
    if direct is not None and direct.is_dir():
        return direct
    if not said or not words_of(said):
        return there[0]
    words, found = words_of(said), []
    for root in there:
        for folder, names, _ in os.walk(root):
            below = [name for name in sorted(names) if not name.startswith(".")]
            names[:] = [name for name in below if Path(folder) / name != closed(ctx)]
            if words_of(Path(folder).name) == words:
                found.append(Path(folder))
            if len(found) > NAMES_SAID:
                break
    return one_of(ctx, found, said, "folder")


def find_any(ctx: Context, said: str) -> Path:
    """A file or a folder."""
    direct = by_path(ctx, said)
    if direct is not None and direct.exists():
        return direct
    try:
        return find(ctx, said)
    except Refusal as refusal:
        try:
            return find_folder(ctx, said)
        except Refusal:
            raise refusal from None


def by_path(ctx: Context, said: str) -> Path | None:
    """What a path names: a whole one, or one seen from an open folder; None where there is nothing."""
    text = said.strip()
    if not text or "\0" in text:
        return None
    given = Path(text).expanduser()
    if given.is_absolute():
        return allowed(ctx, given)
    for root in roots(ctx):
        place = root / given
        if os.path.lexists(place) or ".." in given.parts:
            return allowed(ctx, place)
    return None


def one_of(ctx: Context, found: list[Path], said: str, kind: str) -> Path:
    """The only one; refuses none and several."""
    if not found:
        raise Refusal(f"I find no {kind} {said.strip()!r} in your open folders.")
    if len(found) > 1:
        raise Refusal(f"Which {kind} do you mean: {' or '.join(told(ctx, path) for path in found[:NAMES_SAID])}?")
    return allowed(ctx, found[0])


def new_place(ctx: Context, said: str, folder: str | None = None) -> Path:
    """Where something new is to be: below the named folder, or below the first open one."""
    text = said.strip().strip("\"'“”")
    if not text or "\0" in text or text.endswith(("/", "/..", "/.")) or text in {".", ".."}:
        raise Refusal(f"{said!r} is no name for a file.")
    given = Path(text).expanduser()
    if any(len(os.fsencode(part)) > NAME_BYTES for part in given.parts):
        raise Refusal("That name is too long.")
    top = find_folder(ctx, folder)
    place = allowed(ctx, given if given.is_absolute() else top / given)
    if TRASH in place.parts:
        raise Refusal("Nothing is put into the trash that way.")
    return place


def free(path: Path) -> Path:
    """The path, if nothing is there."""
    if os.path.lexists(path):
        raise Refusal(f"There is something called {path.name!r} there already.")
    return path


def trash_place(ctx: Context, path: Path) -> Path:
    """Where in the trash of its folder something goes."""
    root = within(ctx, path)
    if root is None or root == path:
        raise Refusal(f"{shown(path)} is an open folder itself; I only arrange what is in it.")
    batch = f"{ctx.now:%Y%m%d-%H%M%S}-{hashlib.sha256(ctx.call.encode()).hexdigest()[:8]}"
    return root / TRASH / batch / path.name


def told(ctx: Context, path: Path) -> str:
    """A path as it is said: from its open folder on."""
    root = within(ctx, path)
    return shown(path.relative_to(root) if root and root != path else path)


def shown(path: Path) -> str:
    """A path in signs that can be printed, whatever bytes its name has."""
    return os.fsencode(path).decode(errors="replace")


def thing(ctx: Context, path: Path) -> Thing:
    """The file as something that "it" may mean."""
    return Thing("file", shown(Path(path.name)), told(ctx, path))


def words_of(text: str) -> list[str]:
    """The telling words of a name."""
    words = re.findall(r"[^\W_]+", text.casefold())
    return [word for word in words if word not in FILLERS] or words


def spoken_roots(ctx: Context) -> str:
    """The open folders' names."""
    return spoken([shown(root) for root in roots(ctx)])
