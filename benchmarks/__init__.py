"""Everything that is said of speed and size, measured beside something else: see README.md."""
