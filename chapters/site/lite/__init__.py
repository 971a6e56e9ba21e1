"""The notebooks of the course in the reader's browser: JupyterLite, built beside the book's pages."""
