"""Tables of the room subjects."""
