"""Tables of the room records."""
