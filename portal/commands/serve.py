"""`gongbao serve`: gunicorn in front of the portal, with one process beside it that keeps the index in step."""

from __future__ import annotations

import click

from gazette.settings import RecordSettings


@click.command()
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.option("--workers", type=click.IntRange(1), help="Web worker processes.")
def serve(host: str | None, port: int | None, workers: int | None) -> None:
    """启动门户。"""
    import dataclasses

    from indexer.settings import IndexSettings
    from portal.server import run_server
    from portal.settings import PortalSettings

    given = {"host": host, "port": port, "workers": workers}
    settings = dataclasses.replace(
        PortalSettings.load(), **{name: value for name, value in given.items() if value is not None}
    )
    run_server(settings, RecordSettings.load(), IndexSettings.load())
