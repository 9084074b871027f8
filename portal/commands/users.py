"""`gongbao user add|role|password`: editors and administrators."""

from __future__ import annotations

import secrets

import click

from portal.commands import emit_json, json_option, opened_store
from portal.terminal import tell


@click.group()
def user() -> None:
    """用户与角色。"""


@user.command()
@click.argument("username")
@click.option("--role", default="editor", show_default=True)
@click.option("--password", help="Asked for nothing: without it a random one is made and printed once.")
@json_option
def add(username: str, role: str, password: str | None, as_json: bool) -> None:
    """新建用户；密码只显示一次。"""
    from portal.accounts import add_user

    password = password or secrets.token_urlsafe(12)
    with opened_store() as store:
        add_user(store, username=username, password=password, role=role)
    if as_json:
        emit_json({"username": username, "role": role, "password": password})
    else:
        tell(f"用户 {username}（{role}），密码（只显示这一次）：{password}")


@user.command("password")
@click.argument("username")
@click.option("--password", help="The new one; without it a random one is made and printed once.")
@json_option
def change_password(username: str, password: str | None, as_json: bool) -> None:
    """重设用户的密码；新密码只显示一次，其已登录的会话随即失效。"""
    from portal.accounts import set_password

    password = password or secrets.token_urlsafe(12)
    with opened_store() as store:
        set_password(store, username=username, password=password)
    if as_json:
        emit_json({"username": username, "password": password})
    else:
        tell(f"用户 {username} 的新密码（只显示这一次）：{password}")


@user.command("role")
@click.argument("username")
@click.argument("role")
@json_option
def change_role(username: str, role: str, as_json: bool) -> None:
    """更改用户的角色。"""
    from portal.accounts import set_role

    with opened_store() as store:
        set_role(store, username=username, role=role)
    if as_json:
        emit_json({"username": username, "role": role})
    else:
        tell(f"{username} 现为 {role}")
