"""Changes become files, and files become one commit."""
