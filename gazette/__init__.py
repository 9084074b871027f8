"""The record: agencies, gazettes, issues, documents, versions, copies, events and what reads them.

Ground floor of the house. Nothing here knows Flask, HTTP or a search engine.
"""
