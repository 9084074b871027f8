"""One module per engine; each compiles the same plan."""
