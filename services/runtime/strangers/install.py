"""Installing a stranger's package into a folder of its own, at one exact version.

Must stay true: nothing of the package runs while it is installed (no install scripts of npm, no building by pip), so
that its first moment of life is a confined one; every wait is bounded; on failure nothing is left behind.
Does not judge the package: what npm and PyPI say of it is shown to the person.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from services.runtime.strangers.source import BadSource, Source
from services.runtime.wire import clean

PACKAGE = ".package"
"""Where it lies within the service's folder; hidden, so that its thousands of files are not looked at."""
INSTALL_SECONDS = 300.0
SIZE_LIMIT_MB = 1_000
SAID_LIMIT = 300
"""Characters of what npm or pip said that are told."""
NOISE = re.compile(r"^(npm (error|ERR!) *(A complete log|/|$)|npm (warn|notice)|\[?notice|WARNING)", re.IGNORECASE)
LEADS = re.compile(r"^(npm (error|ERR!)|ERROR:|error:|×|╰─▶)\s*((code\s+\S+|404|notarget)\s+)?")
TELLING = tuple(
    re.compile(text, re.IGNORECASE)
    for text in (
        r"no match|could not be found|because there (is|are) no|no versions|requires",
        r"not found|could not|cannot|no such",
        r"^(npm err|error)",
    )
)
"""What the line says that tells most, the best first."""

Tell = Callable[[str], None]


class InstallFailed(BadSource):
    """Says why, in one line for the person."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A package that is there."""

    command: tuple[str, ...]
    """Runs it, from the service's folder."""
    version: str
    about: str = ""
    """What the package says of itself."""
    home_page: str = ""
    licence: str = ""
    packages: int = 1
    """How many were installed, those that it needs included."""


def install(source: Source, folder: Path, tell: Tell) -> Installed:
    """Install the package below `folder`. Raises InstallFailed, BadSource. Blocks, for minutes at most."""
    return {"npm": install_npm, "pypi": install_pypi}[source.kind](source, folder, tell)


# npm


def install_npm(source: Source, folder: Path, tell: Tell) -> Installed:
    """With npm, its scripts left out."""
    npm, node = shutil.which("npm"), shutil.which("node")
    if npm is None or node is None:
        raise InstallFailed("npm and node are needed for that and are not installed here.")
    spec = f"{source.package}@{source.version or 'latest'}"
    tell(f"Installing {spec} with npm …")
    place = folder / PACKAGE
    flags = ["--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    work([npm, "install", "--prefix", str(place), *flags, spec], folder, "npm")
    check_size(place)
    own = place / "node_modules" / source.package
    facts = read_json(own / "package.json")
    program = npm_program(source, facts)
    lock = read_json(place / "node_modules" / ".package-lock.json")
    path = (own / program).resolve()
    if not path.is_relative_to(own.resolve()) or not path.is_file():
        raise InstallFailed(f"{source.package} names a program that it does not bring.")
    relative = str(path.relative_to(folder.resolve()))
    return Installed(
        command=((relative,) if runs_itself(path) else ("node", relative)) + source.arguments,
        version=str(facts.get("version", "")),
        about=clean(facts.get("description", ""), SAID_LIMIT),
        home_page=clean(facts.get("homepage", ""), SAID_LIMIT),
        licence=clean(facts.get("license", ""), 60),
        packages=max(1, len([name for name in lock.get("packages", {}) if name])),
    )


def npm_program(source: Source, facts: Mapping[str, Any]) -> str:
    """The file that npx would run."""
    programs = facts.get("bin")
    if isinstance(programs, str):
        return programs
    named = {str(name): str(file) for name, file in programs.items()} if isinstance(programs, Mapping) else {}
    wanted = source.program or source.package.rsplit("/", 1)[-1]
    if wanted in named:
        return named[wanted]
    if len(set(named.values())) == 1 and not source.program:
        return next(iter(named.values()))
    raise BadSource(choice(source, "npx -y -p", named))


def runs_itself(path: Path) -> bool:
    """Whether it is a program of something else than node."""
    with path.open("rb") as file:
        first = file.readline(200)
    return first.startswith((b"#!", b"\x7fELF")) and b"node" not in first


# PyPI


def install_pypi(source: Source, folder: Path, tell: Tell) -> Installed:
    """With uv where it is there, else with pip; only what is built already."""
    spec = f"{source.package}{source.extras}{f'=={source.version}' if source.version else ''}"
    place = folder / PACKAGE
    uv = shutil.which("uv")
    tell(f"Installing {spec} with {'uv' if uv else 'pip'} …")
    work([sys.executable, "-m", "venv", "--without-pip", str(place)], folder, "python")
    python = place / "bin" / "python"
    if uv is not None:
        command = [uv, "pip", "install", "--python", str(python), "--only-binary", ":all:", "--quiet", spec]
    elif find_spec("pip") is not None:
        quiet = ["--only-binary", ":all:", "--quiet", "--no-input", "--disable-pip-version-check"]
        command = [sys.executable, "-m", "pip", "--python", str(python), "install", *quiet, spec]
    else:
        raise InstallFailed("uv or pip is needed for that, and neither is installed here.")
    work(command, folder, "uv" if uv else "pip")
    check_size(place)
    there = list(distributions(path=[str(each) for each in place.glob("lib/python*/site-packages")]))
    own = next((each for each in there if plain_name(each.name) == plain_name(source.package)), None)
    if own is None:
        raise InstallFailed(f"{source.package} was installed under another name.")
    module, function = pypi_program(source, own)
    start = f"import sys; from {module} import {function.split('.')[0]}; sys.exit({function}())"
    facts = own.metadata.json
    return Installed(
        command=(f"{PACKAGE}/bin/python", "-c", start, *source.arguments),
        version=own.version,
        about=clean(facts.get("summary", ""), SAID_LIMIT),
        home_page=clean(facts.get("home_page", ""), SAID_LIMIT),
        licence=clean(facts.get("license_expression") or facts.get("license") or "", 60).split("\n")[0],
        packages=len(there),
    )


def pypi_program(source: Source, own: Distribution) -> tuple[str, str]:
    """Module and function of the program that uvx would run."""
    programs = {each.name: each.value for each in own.entry_points if each.group == "console_scripts"}
    wanted = source.program or source.package
    found = next((value for name, value in programs.items() if plain_name(name) == plain_name(wanted)), None)
    if found is None and len(programs) == 1 and not source.program:
        found = next(iter(programs.values()))
    module, _, function = (found or "").partition(":")
    function = function.split("[")[0].strip()
    if not re.fullmatch(r"[\w.]+", module) or not re.fullmatch(r"[\w.]+", function):
        raise BadSource(choice(source, "uvx --from", programs))
    return module, function


def plain_name(name: str) -> str:
    """A name as PyPI compares it."""
    return re.sub(r"[-_.]+", "-", name).lower()


# Both


def choice(source: Source, how: str, programs: Mapping[str, str]) -> str:
    """What to type where it is not clear which program is meant."""
    if not programs:
        return f"{source.package} brings no program to run."
    return f"{source.package} brings several programs ({', '.join(programs)}): {how} {source.package} PROGRAM."


def work(command: Sequence[str], folder: Path, called: str) -> None:
    """Run it to its end. Raises InstallFailed with the last useful line of what it said."""
    try:
        process = subprocess.Popen(
            command,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise InstallFailed(f"{called} could not be started: {error.strerror or error}.") from error
    try:
        said, _ = process.communicate(timeout=INSTALL_SECONDS)
    except subprocess.TimeoutExpired:
        raise InstallFailed(f"{called} was not done after {INSTALL_SECONDS:.0f} s.") from None
    finally:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)
            process.communicate()
    if process.returncode:
        raise InstallFailed(f"{called} could not install it: {last_words(said.decode(errors='replace'))}")


def last_words(said: str) -> str:
    """The line that says what went wrong."""
    lines = [line.strip() for line in said.splitlines() if line.strip() and not NOISE.match(line.strip())]
    for telling in TELLING:
        if found := [line for line in lines if telling.search(line)]:
            return clean(LEADS.sub("", found[0]), SAID_LIMIT).rstrip(".") + "."
    return clean(LEADS.sub("", lines[-1]), SAID_LIMIT).rstrip(".") + "." if lines else "it did not say why."


def check_size(place: Path) -> None:
    """Raises InstallFailed where it is too large."""
    total = sum(file.lstat().st_size for file in place.rglob("*") if file.is_file() and not file.is_symlink())
    if total > SIZE_LIMIT_MB * 2**20:
        raise InstallFailed(f"It takes {total >> 20} MB; at most {SIZE_LIMIT_MB} MB are taken.")


def read_json(file: Path) -> dict[str, Any]:
    """The object in the file; empty where there is none."""
    try:
        value = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
