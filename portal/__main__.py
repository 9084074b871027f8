"""`python -m portal` is `gongbao`."""

from portal.cli import main

main()
