"""People: one command a file. A command turns arguments into values, calls the pipeline, reports, returns a code."""
