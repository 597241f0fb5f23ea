"""Confine this process, then become a service: python -m services.runtime.confine SPEC COMMAND [ARGUMENT…] or SPEC FILE

Only for where there is no template process to fork from; SPEC is the JSON of a `Spec`. FILE is a Python file.
"""

from __future__ import annotations

import json
import os
import sys

from services.runtime.confine.prison import confine
from services.runtime.confine.spec import Spec
from services.runtime.template import run_script


def main() -> None:
    """Never returns."""
    spec = Spec.from_message(json.loads(sys.argv[1]))
    confine(spec)
    if spec.command:
        os.execvp(sys.argv[2], sys.argv[2:])
    sys.exit(run_script(sys.argv[2]))


if __name__ == "__main__":
    main()
