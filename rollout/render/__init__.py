"""Standing → Changes: the pages people work in."""
