"""How does an instrument of the city come about? Draft, opinions and answers, approval, publication (ZY-32)."""
