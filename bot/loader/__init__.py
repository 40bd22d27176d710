"""From a file to a bulletin."""
