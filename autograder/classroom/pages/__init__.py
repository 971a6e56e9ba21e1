"""What every page that the commands write is made of: harmless text, one file, one look."""
