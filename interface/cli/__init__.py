"""The command line: `muos`.

Must stay true: starting it imports nothing heavy, and `--json` prints JSON and nothing else on standard output.
Bad input is one line on standard error and exit code 2; a fault of ours, 1; not understood, 3.
"""

from interface.cli.main import app, main

__all__ = ["app", "main"]
