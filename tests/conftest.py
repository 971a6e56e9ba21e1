"""What holds for all tests."""

import signal
import sys

# jsonschema, which nbformat imports, builds a grammar of web addresses from it: a second for each of pytest's workers.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]

# A shell starts what it runs in the background with Ctrl-C ignored: what the tests interrupt would go on.
signal.signal(signal.SIGINT, signal.default_int_handler)
