"""The sequencer beside what a user would otherwise take."""
