"""The report's pages, section by section."""
