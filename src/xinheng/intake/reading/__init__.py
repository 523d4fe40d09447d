"""Files as departments send them, made into tables of text: no database, no law, no judgement."""
