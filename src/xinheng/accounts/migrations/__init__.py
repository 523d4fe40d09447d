"""Tables of the room accounts."""
