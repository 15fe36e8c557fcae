"""What a change does, timed."""
