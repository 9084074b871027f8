"""Gazette issues: a printed one taken apart into its entries, a new one assembled and printed."""
