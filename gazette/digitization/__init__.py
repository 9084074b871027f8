"""Digitization: bytes in, structured drafts out. `digitize` is the pipeline, `readers` open the formats."""
