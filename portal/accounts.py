"""Accounts and roles: who may edit. Flask-Security keeps the passwords (Argon2) and the sessions.

Two roles: an *editor* reviews, corrects and publishes; an *administrator* also purges and manages accounts.
Accounts are made on the command line (`gongbao user add`); there is no self-registration.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _l
from flask_security import (
    RoleMixin,
    Security,
    SQLAlchemySessionUserDatastore,
    UserMixin,
    current_user,
    hash_password,
)
from sqlalchemy import Column, ForeignKey, String, Table, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, scoped_session, sessionmaker
from werkzeug.exceptions import Forbidden

from gazette.audit import audit
from gazette.errors import BadInput, Conflict, NotFound
from gazette.store import Base, Store

ROLES = ("editor", "administrator")
MINIMUM_PASSWORD = 12
HASHING = {"SECURITY_PASSWORD_HASH": "argon2", "SECURITY_PASSWORD_SINGLE_HASH": {"argon2"}}

user_roles = Table(
    "user_roles",
    Base.metadata,
    Column("user_id", ForeignKey("users.id"), primary_key=True),
    Column("role_id", ForeignKey("roles.id"), primary_key=True),
)


class RoleRow(Base, RoleMixin):  # type: ignore[misc]
    __tablename__ = "roles"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    name: Mapped[str] = mapped_column(String(40), unique=True)


class UserRow(Base, UserMixin):  # type: ignore[misc]
    """One account. `fs_uniquifier` is what a session names; changing it signs everybody out."""

    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    username: Mapped[str] = mapped_column(String(32), unique=True)
    email: Mapped[str | None] = mapped_column(String(255), unique=True)
    password: Mapped[str] = mapped_column(String(255))
    active: Mapped[bool] = mapped_column(default=True)
    fs_uniquifier: Mapped[str] = mapped_column(String(64), unique=True)
    roles: Mapped[list[RoleRow]] = relationship(secondary=user_roles, lazy="selectin")


def init_accounts(app: Flask, store: Store) -> None:
    """Give `app` sign-in, sign-out and `current_user`."""
    # Not the request's reading session: Flask-Security commits on its own.
    session = scoped_session(sessionmaker(store.engine, expire_on_commit=False))
    app.config.update(
        HASHING,
        SECURITY_USERNAME_ENABLE=True,
        SECURITY_USER_IDENTITY_ATTRIBUTES=[],
        SECURITY_PASSWORD_LENGTH_MIN=MINIMUM_PASSWORD,
        SECURITY_RETURN_GENERIC_RESPONSES=True,
        SECURITY_LOGIN_URL="/signin",
        SECURITY_LOGOUT_URL="/signout",
        # /verify is the public page 验证.
        SECURITY_VERIFY_URL="/signin/again",
        SECURITY_POST_LOGIN_VIEW="/desk/",
        SECURITY_POST_LOGOUT_VIEW="/",
        SECURITY_SEND_REGISTER_EMAIL=False,
        SECURITY_MSG_UNAUTHENTICATED=(_l("请先登录"), "notice"),
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
    )
    Security(app, SQLAlchemySessionUserDatastore(session, UserRow, RoleRow))

    @app.teardown_appcontext
    def _close(_error: BaseException | None) -> None:
        session.remove()


def add_user(store: Store, *, username: str, password: str, role: str) -> None:
    """Make an account. Raises Conflict for a name that is taken, BadInput for a bad role, name or password."""
    _check_role(role)
    _check_password(password)
    if not 4 <= len(username) <= 32 or not username.isalnum():
        raise BadInput(why="用户名为4至32个字母或数字")
    if has_user(store, username):
        raise Conflict(why=f"用户 {username} 已存在")
    with _hashing():
        digest = hash_password(password)
    with store.write() as session:
        row = UserRow(username=username, password=digest, active=True, fs_uniquifier=secrets.token_hex(32))
        row.roles = [_role(session, role)]
        session.add(row)
        audit(session, actor="cli", action="user.add", topic="user", subject=username, after={"role": role})


def set_role(store: Store, *, username: str, role: str) -> None:
    """Give the account exactly this role. Raises NotFound, BadInput."""
    _check_role(role)
    with store.write() as session:
        row = session.scalar(select(UserRow).where(UserRow.username == username))
        if row is None:
            raise NotFound(what=f"用户 {username}")
        before = {"role": ", ".join(each.name for each in row.roles)}
        row.roles = [_role(session, role)]
        after = {"role": role}
        audit(session, actor="cli", action="user.role", topic="user", subject=username, before=before, after=after)


def set_password(store: Store, *, username: str, password: str) -> None:
    """Give the account a new password and sign it out everywhere. Raises NotFound, BadInput."""
    _check_password(password)
    with _hashing():
        digest = hash_password(password)
    with store.write() as session:
        row = session.scalar(select(UserRow).where(UserRow.username == username))
        if row is None:
            raise NotFound(what=f"用户 {username}")
        row.password, row.fs_uniquifier = digest, secrets.token_hex(32)
        audit(session, actor="cli", action="user.password", topic="user", subject=username)


def has_user(store: Store, username: str) -> bool:
    with store.read() as session:
        return session.scalar(select(UserRow.id).where(UserRow.username == username)) is not None


def _check_role(role: str) -> None:
    if role not in ROLES:
        raise BadInput(why=f"没有角色 {role}；可用 {'、'.join(ROLES)}")


def _check_password(password: str) -> None:
    if len(password) < MINIMUM_PASSWORD:
        raise BadInput(why=f"密码至少{MINIMUM_PASSWORD}个字符")


def _role(session: Session, name: str) -> RoleRow:
    found = session.scalar(select(RoleRow).where(RoleRow.name == name))
    if found is None:
        found = RoleRow(name=name)
        session.add(found)
    return found


@contextmanager
def _hashing() -> Iterator[None]:
    """Flask-Security hashes inside an application only; the command line has none of its own."""
    app = Flask("gongbao-accounts")
    app.config.update(HASHING, SECRET_KEY=secrets.token_hex(16))
    session = scoped_session(sessionmaker())
    Security(app, SQLAlchemySessionUserDatastore(session, UserRow, RoleRow), register_blueprint=False)
    with app.app_context():
        yield


def require_administrator() -> ResponseReturnValue | None:
    """A `before_request` hook: as `require_editor`, and an editor who is no administrator is refused."""
    refused = require_editor()
    if refused is None and not current_user.has_role("administrator"):
        raise Forbidden
    return refused


def require_editor() -> ResponseReturnValue | None:
    """A `before_request` hook: strangers are sent to sign in and come back; a stranger's form keeps nothing."""
    if not current_user.is_authenticated:
        back = request.full_path.rstrip("?") if request.method == "GET" else "/desk/"
        return redirect(url_for("security.login", next=back))
    if not any(current_user.has_role(role) for role in ROLES):
        raise Forbidden
    return None
