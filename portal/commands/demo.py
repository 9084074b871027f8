"""`gongbao demo`: a city, a library of national law and a crawled site, loaded and served."""

from __future__ import annotations

import secrets
from functools import partial

import click

from gazette.store import Store
from portal.commands import opened_store
from portal.terminal import tell

#: The demo's accounts: user name and role.
ACCOUNTS = (("bianji", "editor"), ("guanli", "administrator"))


@click.command()
@click.option("--no-serve", is_flag=True, help="Prepare only.")
@click.option("--host", help="Address to listen on.")
@click.option("--port", type=int, help="Port to listen on.")
@click.pass_context
def demo(ctx: click.Context, no_serve: bool, host: str | None, port: int | None) -> None:
    """准备演示数据并启动门户（江城市、国家法律、采集示例、开放数据）。"""
    from portal.demo.load import prepare

    with opened_store() as store:
        report = prepare(store, progress=partial(tell, err=True))
        _make_accounts(store)
    for line in report.lines():
        tell(line)
    if not no_serve:
        from portal.commands.serve import serve

        ctx.invoke(serve, host=host, port=port, workers=None)


def _make_accounts(store: Store) -> None:
    """Editors with random passwords, printed once; accounts that exist keep theirs."""
    from portal.accounts import add_user, has_user

    for username, role in ACCOUNTS:
        if has_user(store, username):
            tell(f"账号 {username} 已存在，密码不变（忘记了可用 gongbao user password 重设）")
            continue
        password = secrets.token_urlsafe(12)
        add_user(store, username=username, password=password, role=role)
        tell(f"账号 {username}（{role}），密码（只显示这一次）：{password}")
