"""rollout takes a programme of sites from a spreadsheet to go-live in waves."""

__version__ = "0.1.0"
