"""Pure building blocks that know no law and no room."""
