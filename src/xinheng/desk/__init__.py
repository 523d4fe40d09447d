"""The desks: for each role, what must I do now? Reads only; the verbs stand in the rooms that own them."""
