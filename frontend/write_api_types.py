"""Writes src/api_types.ts from the OpenAPI document of the application; with --check, says whether it is up to date."""

from __future__ import annotations

import json
import sys

import node

from ondol.web.api.openapi import openapi_document

TYPES = node.FRONTEND / "src" / "api_types.ts"


def main(is_check: bool) -> int:
    """Write the file where it differs, or tell; 1 when it is stale."""
    node.install_packages()
    types = node.run(node.PROGRAMS["api-types"], standard_input=json.dumps(openapi_document()))
    is_current = TYPES.is_file() and TYPES.read_text(encoding="utf-8") == types
    if is_check and not is_current:
        print(
            "frontend/src/api_types.ts does not fit the API any more; write it anew with: make types", file=sys.stderr
        )
        return 1
    if not is_current:
        TYPES.write_text(types, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main("--check" in sys.argv[1:]))
