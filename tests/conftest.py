"""What holds for all tests."""

import sys

# jsonschema, which nbformat imports, builds a grammar of web addresses from it: a second for each of pytest's workers.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
