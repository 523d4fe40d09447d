"""Speed as ratios against a floor measured in the same run; a line without its floor is not printed."""
