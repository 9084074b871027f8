"""Figures: what the rooms reach on the shared corpus. A room's module has `rows(corpus)`; see `__main__`."""
