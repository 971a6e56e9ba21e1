"""What holds for all tests."""

import os
import signal
import sys
from pathlib import Path

# jsonschema, which nbformat imports, builds a grammar of web addresses from it: a second for each of pytest's workers,
# and for every process that a test starts.
sys.modules.setdefault("rfc3987_syntax", None)  # type: ignore[arg-type]
os.environ["PYTHONPATH"] = str(Path(__file__).parent / "support" / "lighter")

# What is compiled is kept, whatever the shell says: else every process that a test starts compiles all of it again.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A shell starts what it runs in the background with Ctrl-C ignored: what the tests interrupt would go on.
signal.signal(signal.SIGINT, signal.default_int_handler)
