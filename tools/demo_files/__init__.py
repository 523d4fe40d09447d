"""What `tools/make_demo_files.py` is made of: the four files that tests stand on, and the post of departments."""
