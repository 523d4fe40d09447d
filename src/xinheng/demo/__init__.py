"""A city to look at: fills a database from the pack's demo files, serves it, and plays the main story against it."""
