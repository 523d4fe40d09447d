"""``python -m xinheng`` is the command line."""

from xinheng.cli import main

main()
