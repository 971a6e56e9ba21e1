"""Data and small networks that the pages train."""
