"""``python -m ctlgraph``."""

from ctlgraph.cli import main

main()
