"""`python -m scanner` is the same as `hnth`."""

from scanner.cli import main

main()
