"""The book on paper: the built pages in one document, printed to PDF by a browser."""
