"""Harvesting: sources, crawling, mapping foreign records to ours, run reports."""
