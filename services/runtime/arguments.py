"""Arguments are checked against the tool's JSON Schema before they are sent, and its defaults filled in.

Must stay true: a schema can make us neither fetch anything nor raise. Formats are left to the service.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator
from jsonschema.exceptions import SchemaError, ValidationError
from referencing import Registry
from referencing.exceptions import Unresolvable

SAID_LIMIT = 200
"""Characters of one fault."""
FAULTS_SAID = 3
NOTHING_FETCHED: Registry[Any] = Registry()


def check_arguments(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> tuple[dict[str, Any], str]:
    """The arguments with defaults filled in, and what is wrong with them in one line (empty: nothing)."""
    filled = with_defaults(schema, arguments)
    try:
        validator = Draft202012Validator(schema, registry=NOTHING_FETCHED)
        faults = sorted(validator.iter_errors(filled), key=lambda fault: [str(part) for part in fault.absolute_path])
    except (SchemaError, Unresolvable, RecursionError, ValueError, TypeError, AttributeError) as error:
        return filled, f"the tool's own schema can't be used: {str(error)[:SAID_LIMIT]}"
    return filled, "; ".join(explain(fault) for fault in faults[:FAULTS_SAID])


def explain(fault: ValidationError) -> str:
    """Where and what."""
    where = ".".join(str(part) for part in fault.absolute_path)
    said = " ".join(fault.message.split())
    said = said if len(said) <= SAID_LIMIT else f"{said[:SAID_LIMIT]}…"
    return f"{where}: {said}" if where else said


def with_defaults(schema: Mapping[str, Any], arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments, and for each property not given its default if it has one; objects within likewise."""
    filled = dict(arguments)
    properties = schema.get("properties")
    for name, inner in properties.items() if isinstance(properties, Mapping) else ():
        if not isinstance(inner, Mapping):
            continue
        if name not in filled and "default" in inner:
            filled[name] = copy.deepcopy(inner["default"])
        elif isinstance(filled.get(name), Mapping):
            filled[name] = with_defaults(inner, filled[name])
    return filled
