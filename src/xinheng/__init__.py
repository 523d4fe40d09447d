"""xinheng (信衡)."""
