"""Stands before the package of this name, a grammar of web addresses which jsonschema would spend a second on."""

raise ImportError("left out in tests")
