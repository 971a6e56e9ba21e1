"""The catalogues of translations in `chapters/locale`: made from the pages and the code, kept in step, checked."""
