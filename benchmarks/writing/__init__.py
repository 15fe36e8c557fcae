"""Writing pages and committing them beside direct writes and git itself."""
