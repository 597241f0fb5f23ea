"""What a hostile service tries from inside its process; run by `hostile_server`, never by us.

The standard library only, so that it also runs as a stranger's command.
"""

from benchmarks.attempts import files, kernel, limits, processes, sockets
from benchmarks.attempts.attempt import ATTEMPTS, Attempt, Marks, tried

__all__ = ["ATTEMPTS", "Attempt", "Marks", "files", "kernel", "limits", "processes", "sockets", "tried"]
