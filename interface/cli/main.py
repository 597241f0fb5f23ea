"""All commands in one place, and how errors end."""

from __future__ import annotations

import logging
import os
import sys
from importlib.metadata import version
from typing import Annotated

import typer
from typer.exceptions import TyperException

from interface.cli import flows, hub, mcp, memory, rooms, services, tokens, turns, understand

logger = logging.getLogger(__name__)

app = typer.Typer(
    name="muos",
    help="An operating system for life, run by your own household. Try: muos ask what time is it in Tokyo",
    no_args_is_help=True,
    add_completion=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
turns.add_to(app)
flows.add_to(app)
hub.add_to(app)
mcp.add_to(app)
services.add_to(app)
understand.add_to(app)
memory.add_to(app)
rooms.add_to(app)
tokens.add_to(app)


def tell_version(wanted: bool) -> None:
    """Print the version and leave."""
    if wanted:
        sys.stdout.write(f"muos {version('muos')}\n")
        raise typer.Exit


@app.callback()
def options(
    _: Annotated[
        bool, typer.Option("--version", callback=tell_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """An operating system for life, run by your own household. Try: muos ask what time is it in Tokyo"""


def main() -> None:
    """Run the command line; ends the process."""
    # numpy reads it when it is first imported: with a second thread, small products wait for each other and take
    # ten times the processor, all the more on a busy machine
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command; gives the exit code."""
    try:
        code = app(args=arguments, prog_name="muos", standalone_mode=False)
    except TyperException as wrong:
        message = wrong.format_message().removeprefix("Invalid value: ")
        return tell(message, 2) if message else 0  # without a word the help was shown
    except ValueError as wrong:
        return tell(str(wrong), 2)
    except (KeyboardInterrupt, typer.Abort):
        return tell("Stopped.", 130)
    except BrokenPipeError:
        # the reader went away: nothing more can be said, and Python must not try at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as fault:  # the last border: a person never sees a traceback
        logger.exception("muos %s", arguments[:1])
        return tell(sentence(fault), 1)
    return code if isinstance(code, int) else 0


def sentence(fault: BaseException) -> str:
    """A fault of ours in words."""
    while isinstance(fault, BaseExceptionGroup) and len(fault.exceptions) == 1:
        fault = fault.exceptions[0]
    if isinstance(fault, OSError) and fault.strerror:
        return f"{fault.strerror}{f': {fault.filename}' if fault.filename else ''}."
    if isinstance(fault, RuntimeError):
        return str(fault)
    return f"Something went wrong inside MuOS ({type(fault).__name__}); <home>/logs/muos.log has the rest."


def tell(message: str, code: int) -> int:
    """One line on standard error."""
    sys.stderr.write(f"muos: {' '.join(message.split())}\n")
    return code
