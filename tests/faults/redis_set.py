"""A primary, its replica and three Sentinels, as processes with the shipped users, over TLS where asked for;
deploy/README.md says how."""

import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import redis
import trustme

from bot.queue.redis_server import executable
from tests.redis_users import shipped_users

NAME = "stylesmith"
PASSWORDS = {name: f"canary-{name}" for name in ("bot", "worker", "admin", "scaler", "replica", "sentinel")}
ANYBODY = "root"
"""A user who may do everything, where bot and worker have one address."""
SENTINELS_PASSWORD = "canary-watch"
LIMIT_S = 180.0
_ANSWERS_S = 2.0


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@dataclass
class RedisSet:
    """Two servers; which of them is the primary is the Sentinels' to say."""

    folder: Path
    tls: bool = False
    """Whether servers and Sentinels speak TLS alone, among themselves too."""
    servers: list[int] = field(default_factory=lambda: [free_port(), free_port()])
    sentinels: list[int] = field(default_factory=lambda: [free_port(), free_port(), free_port()])
    _running: dict[int, "subprocess.Popen[bytes]"] = field(default_factory=dict)
    _clients: dict[int, redis.Redis] = field(default_factory=dict)

    def up(self) -> None:
        """Until the Sentinels know a primary, its replica and each other."""
        users = shipped_users(PASSWORDS, "users.acl", "sentinel.acl")
        (self.folder / "users.acl").write_text(f"{users}user {ANYBODY} on nopass ~* &* +@all\n")
        if self.tls:
            _certify(self.folder)
        first, second = self.servers
        self.start(first)
        self.start(second, f"replicaof 127.0.0.1 {first}")
        for port in self.sentinels:
            self._run(port, _watch(first), "--sentinel")
        until(lambda: self._is_whole(first))

    def url(self, user: str) -> str:
        """The address that this user gets."""
        name, password = (user, "any") if user == ANYBODY else (f"stylesmith-{user}", PASSWORDS[user])
        hosts = ",".join(f"127.0.0.1:{port}" for port in self.sentinels)
        address = f"redis+sentinel://{name}:{password}@{hosts}/{NAME}/0?sentinel_password={SENTINELS_PASSWORD}"
        return address.replace("redis", "rediss", 1) + f"&ssl_ca_certs={self.authority}" if self.tls else address

    @property
    def authority(self) -> Path:
        """The certificate of whoever vouches for the servers."""
        return self.folder / "ca.pem"

    def primary(self) -> int:
        """Its port, as the Sentinels say; 0 while they disagree or do not answer."""
        said = {self._told(port) for port in self.sentinels}
        return said.pop() if len(said) == 1 else 0

    def fail_over(self) -> int:
        """Kill the primary as a machine that loses power does, and wait until the other is it; the port of the dead."""
        dead = self.primary()
        self.kill(dead)
        until(lambda: self.primary() not in (0, dead) and self._role(self.primary())[:1] == ["master"])
        return dead

    def bring_back(self, port: int) -> None:
        """Start a server again, and wait until it follows the primary."""
        self.start(port)
        until(lambda: self._is_whole(self.primary()))

    def start(self, port: int, *more: str) -> None:
        users = f"aclfile {self.folder / 'users.acl'}"
        following = ["masteruser replica", f"masterauth {PASSWORDS['replica']}"]
        kept = ["appendonly yes", "appendfsync always", 'save ""', "maxmemory-policy noeviction"]
        self._run(port, [users, *following, *kept, *more])

    def kill(self, port: int) -> None:
        server = self._running.pop(port)
        server.send_signal(signal.SIGKILL)
        server.wait()

    def down(self) -> None:
        for client in self._clients.values():
            client.close()
        for port in [*self._running]:
            self.kill(port)

    def _run(self, port: int, lines: Sequence[str], *flags: str) -> None:
        """Its file is written once: servers and Sentinels keep in it what they learn of the others."""
        home = self.folder / str(port)
        if not home.exists():
            home.mkdir()
            (home / "conf").write_text(
                "\n".join([*self._listening(port), "bind 127.0.0.1", f"dir {home}", "logfile log", *lines])
            )
        self._running[port] = subprocess.Popen([executable(), str(home / "conf"), *flags])

    def _listening(self, port: int) -> list[str]:
        if not self.tls:
            return [f"port {port}"]
        files = [f"tls-{what}-file {self.folder / name}.pem" for what, name in _CERTIFICATES.items()]
        return ["port 0", f"tls-port {port}", "tls-replication yes", "tls-auth-clients no", *files]

    def _told(self, port: int) -> int:
        with self._asking(port, SENTINELS_PASSWORD) as sentinel:
            address = sentinel.sentinel_get_master_addr_by_name(NAME)
            return int(address[1]) if isinstance(address, tuple) else 0
        return 0

    def _is_whole(self, port: int) -> bool:
        """Whether it is the primary, another follows it, and every Sentinel knows all the others."""
        role = self._role(port)
        whole = self.primary() == port and role[0] == "master" and bool(role[2])
        return whole and all(map(self._knows_all, self.sentinels))

    def _knows_all(self, port: int) -> bool:
        with self._asking(port, SENTINELS_PASSWORD) as sentinel:
            known = sentinel.sentinel_master(NAME)
            assert isinstance(known, dict)
            return bool(known["num-slaves"]) and known["num-other-sentinels"] == 2 and "down" not in str(known["flags"])
        return False

    def _role(self, port: int) -> list[object]:
        with self._asking(port, "any", username=ANYBODY) as server:
            return [part.decode() if isinstance(part, bytes) else part for part in server.role()]
        return [""]

    @contextmanager
    def _asking(self, port: int, password: str, username: str | None = None) -> Iterator[redis.Redis]:
        """One that does not answer ends the block."""
        with suppress(redis.RedisError):
            yield self._client(port, password, username)

    def _client(self, port: int, password: str, username: str | None) -> redis.Redis:
        """Kept, for each new connection over TLS reads all the authorities that the machine knows."""
        if port not in self._clients:
            authority = str(self.authority) if self.tls else None
            self._clients[port] = redis.Redis(
                "127.0.0.1", port, username=username, password=password, socket_timeout=_ANSWERS_S, ssl=self.tls,
                ssl_ca_certs=authority,
            )  # fmt: skip
        return self._clients[port]


_CERTIFICATES = {"cert": "cert", "key": "key", "ca-cert": "ca"}


def _certify(folder: Path) -> None:
    """A certificate for 127.0.0.1, its key, and that of the authority behind it."""
    authority = trustme.CA()
    mine = authority.issue_cert("127.0.0.1")
    mine.private_key_pem.write_to_path(str(folder / "key.pem"))
    mine.cert_chain_pems[0].write_to_path(str(folder / "cert.pem"))
    authority.cert_pem.write_to_path(str(folder / "ca.pem"))


def _watch(primary: int) -> list[str]:
    return [
        f"requirepass {SENTINELS_PASSWORD}",
        f"sentinel monitor {NAME} 127.0.0.1 {primary} 2",
        f"sentinel down-after-milliseconds {NAME} 2000",
        f"sentinel failover-timeout {NAME} 10000",
        f"sentinel auth-user {NAME} sentinel",
        f"sentinel auth-pass {NAME} {PASSWORDS['sentinel']}",
        f"sentinel sentinel-pass {SENTINELS_PASSWORD}",
    ]


def until(true: Callable[[], object]) -> None:
    end_s = time.monotonic() + LIMIT_S
    while not true():
        if time.monotonic() > end_s:
            raise TimeoutError("the set does not come to an agreement")
        time.sleep(0.1)


@contextmanager
def redis_set(folder: Path, *, tls: bool = False) -> Iterator[RedisSet]:
    """Up, and ended with the block."""
    folder.mkdir(exist_ok=True)
    one = RedisSet(folder, tls)
    try:
        one.up()
        yield one
    finally:
        one.down()
