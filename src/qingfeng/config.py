"""What an office may set from outside, each with its type, its default and what it is for.

Every field is one environment variable, `QINGFENG_` and its name (`DATABASE_URL` alone keeps the name that
hosting tools give it). docs/operations.md lists them all; a test holds the two together.
"""

import os
import secrets
from difflib import get_close_matches
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

import dj_database_url
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from qingfeng.mechanisms import installed

Words = Annotated[tuple[str, ...], NoDecode]
"""A tuple of strings, written in the environment with commas between."""
Networks = Annotated[tuple[IPv4Network | IPv6Network, ...], NoDecode]
"""The same of addresses, and of networks such as 10.0.0.0/24."""


class Configuration(BaseSettings):
    """The settings of one installation. An unknown or ill-formed value stops the start."""

    model_config = SettingsConfigDict(env_prefix="QINGFENG_", frozen=True)

    home: Path = Field(
        Path("~/.local/share/qingfeng"),
        description="Directory for everything this installation keeps: database, keys, attachments, exports.",
    )
    database_url: str = Field(
        "",
        validation_alias="DATABASE_URL",
        description="Where the database is; empty means SQLite in the home directory.",
    )
    database_connections: int = Field(
        16, ge=2, le=200, description="Most PostgreSQL connections one process holds open."
    )
    debug: bool = Field(False, description="Show the working of an error page to whoever meets one.")
    demo: bool = Field(
        False, description="This is a demonstration: plain HTTP, invented people, known passwords."
    )
    https: bool | None = Field(
        None,
        description="Readers come by HTTPS, and cookies go by nothing else; unset: unless a demonstration.",
    )
    proxied: bool = Field(
        False,
        description="A reverse proxy stands in front and sets X-Forwarded-Proto and X-Forwarded-For.",
    )
    proxies: Networks = Field(
        (ip_network("127.0.0.1"), ip_network("::1")),
        description="Addresses or networks of that proxy, or of several; nobody else's headers are believed.",
    )
    hosts: Words = Field(
        ("localhost", "127.0.0.1", "[::1]"), description="Host names this installation answers to."
    )
    origins: Words = Field(
        (),
        description="Addresses (https://name) forms may come from, where a proxy changes the host name.",
    )
    session_minutes: int = Field(
        30, ge=5, le=480, description="Minutes without a click after which a sign-in ends."
    )
    token_days: int = Field(
        90, ge=1, le=366, description="Most days a token of the REST interface is valid; every token ends."
    )
    api_per_minute: int = Field(
        600, ge=1, le=100_000, description="Most requests a minute by one token, in each process."
    )
    attachment_megabytes: int = Field(50, ge=1, le=2000, description="Most megabytes of one attachment.")
    email_host: str = Field(
        "", description="Mail server; empty means that letters are written to the home directory."
    )
    email_port: int = Field(587, ge=1, le=65535, description="Port of the mail server.")
    email_security: Literal["starttls", "tls", "none"] = Field(
        "starttls", description="How the mail connection is secured."
    )
    email_user: str = Field("", description="Name to sign in to the mail server with.")
    email_password: SecretStr = Field(
        SecretStr(""), description="Password to sign in to the mail server with."
    )
    email_from: str = Field("qingfeng@localhost", description="Sender of every letter.")
    witness_email: Words = Field(
        (),
        description="Who outside is sent the signed ledger heads, as a rule the discipline organ.",
    )
    token: SecretStr = Field(
        SecretStr(""), description="Token by which the command line acts, instead of a password it asks for."
    )
    mechanisms: Words = Field(
        (), description="Python packages, besides those shipped, that hold one mechanism each."
    )

    @field_validator("hosts", "origins", "proxies", "witness_email", "mechanisms", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(word for part in value.split(",") if (word := part.strip()))
        return value

    @field_validator("mechanisms")
    @classmethod
    def _not_shipped(cls, named: Words) -> Words:
        """Refuse a mechanism that is shipped, by whatever name it went: it is there without being named."""
        for name in named:
            package, _, last = name.rpartition(".")
            if package.split(".")[:2] == ["qingfeng", "mechanisms"]:
                now = next((one for one in installed() if one.rpartition(".")[2] == last), None)
                raise ValueError(
                    f"{name}: 随系统提供的业务不在此列出，现名 {now}。 It is shipped as {now}, and needs no naming."
                    if now
                    else f"{name}: 系统中没有这项业务。 There is no such mechanism in it."
                )
        return named

    @model_validator(mode="before")
    @classmethod
    def _known(cls, values: object) -> object:
        """Refuse a name in the environment that no setting has: what was meant by it would not hold."""
        known = [
            f"QINGFENG_{name.upper()}"
            for name, field in cls.model_fields.items()
            if not field.validation_alias
        ]
        for name in sorted(os.environ):
            if name.upper().startswith("QINGFENG_") and name.upper() not in known:
                nearest = get_close_matches(name.upper(), known, 1, 0)[0]
                raise ValueError(
                    f"{name}: 没有这项设置，是否指 {nearest}？ There is no such setting; is {nearest} meant?"
                )
        return values

    @field_validator("home")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().absolute()

    @property
    def secure(self) -> bool:
        """Whether cookies are kept to HTTPS."""
        return not self.demo if self.https is None else self.https

    def folder(self, name: str) -> Path:
        """A directory of the home directory, made at first use and readable by its owner alone."""
        path = self.home / name
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        return path

    def secret_key(self) -> str:
        """The key that signs cookies and links, made at first start in keys/secret_key.

        A home that was in use and has lost it gets one for this process alone: the start-up check says so, and
        nothing is served.
        """
        in_use = (self.home / "attachments").exists()
        path = self.folder("keys") / "secret_key"
        if in_use and not path.exists():
            return secrets.token_urlsafe(64)
        self.make_secret_key()
        return path.read_text(encoding="ascii")

    def make_secret_key(self) -> None:
        """Make the key that signs cookies and links where there is none.

        Two processes that do it at once end with the same key: the file appears whole, and only once.
        """
        path = self.folder("keys") / "secret_key"
        if not path.exists():
            draft = path.with_name(f".secret_key.{os.getpid()}.{secrets.token_hex(4)}")
            with open(
                os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii"
            ) as file:
                file.write(secrets.token_urlsafe(64))
                file.flush()
                os.fsync(file.fileno())
            try:
                os.link(draft, path)
            except FileExistsError:
                pass  # another process was first; its key is the key
            finally:
                draft.unlink()

    def database(self) -> dict[str, Any]:
        """Django's description of the database.

        SQLite: writers queue from their first statement (IMMEDIATE), a commit is on disk before it is
        acknowledged (synchronous=FULL). PostgreSQL: connections come from a pool, one a process.
        """
        if not self.database_url:
            self.folder(".")
        url = self.database_url or f"sqlite:///{self.home / 'database.sqlite3'}"
        described: dict[str, Any] = dict(dj_database_url.parse(url))
        options = described.setdefault("OPTIONS", {})
        if described["ENGINE"] == "django.db.backends.sqlite3":
            options |= {
                "transaction_mode": "IMMEDIATE",
                "timeout": 20,
                "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;",
            }
        elif described["ENGINE"] == "django.db.backends.postgresql":
            # Planning is the larger part of a short statement: what is asked again is prepared on the server.
            options |= {"server_side_binding": True, "prepare_threshold": 3}
            # A server that is gone is known within two seconds, and used again within five of its return: a
            # connection is looked at before it is used, and the pool never waits longer to try anew.
            options |= {"connect_timeout": 2, "tcp_user_timeout": 2000}
            options |= {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 2}
            options["pool"] = {
                "min_size": 0,
                "max_size": self.database_connections,
                "timeout": 1.9,
                "reconnect_timeout": 2,
            }
            described["CONN_HEALTH_CHECKS"] = True
        else:
            raise ValueError("DATABASE_URL names neither SQLite nor PostgreSQL; Qingfeng runs on these two.")
        return described
