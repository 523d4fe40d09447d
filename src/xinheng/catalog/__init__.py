"""What may be collected at all? The catalog items in force, each version pinned to the law pack it came from."""
