"""The demonstration: a fictional city's gazette, real law, a site to crawl and tables to open.

江城市 (Jiangcheng) is invented, with its districts, departments, numbers and people; every text was written for this
project. `city/` holds its gazette as departments and archives would hand it in, one folder an issue: HTML pages,
DOCX, PDF, a scan, and `issue.toml`, the order in which they are printed. `load.prepare` brings everything in through
the same doors as any other material; nothing is written past them.
"""
