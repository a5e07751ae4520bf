"""The library's clients, made our way: RESP2 that every server speaks, plain replies, no retries."""

from typing import Any

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.asyncio.sentinel import Sentinel, SentinelConnectionPool
from redis.backoff import NoBackoff

from badge.store.address import Address, Credentials, Node

_SENTINEL_TIMEOUT_S = 0.5
_CONNECTIONS = 16


class _SentinelPool(SentinelConnectionPool):
    """A pool that closes its Sentinels with itself; the library leaves them to the caller."""

    async def aclose(self) -> None:
        await super().aclose()
        await self.sentinel_manager.aclose()


def connect(address: Address, timeout_s: float, node: Node | None = None) -> Redis:
    """Returns a client of the address, or of one node of its Cluster; nothing is connected yet."""
    options = _options(address, address.credentials, timeout_s)
    if address.kind == "sentinel":
        # Asked anew for each connection, so a lost one leads to the server that took over.
        asked = _options(address, address.sentinel_credentials, _SENTINEL_TIMEOUT_S)
        nodes = list(address.nodes)
        sentinel = Sentinel(nodes, sentinel_kwargs=asked, **options)  # type: ignore[no-untyped-call]  # redis-py has none
        client: Redis = sentinel.master_for(
            address.service, connection_pool_class=_SentinelPool, db=address.db
        )
    elif address.kind == "socket":
        client = Redis(unix_socket_path=address.path, db=address.db, **options)
    else:
        host, port = node or address.nodes[0]
        client = Redis(host=host, port=port, db=address.db, **options)
    client.response_callbacks.clear()  # replies as the server sent them
    return client


def _options(address: Address, known: Credentials, timeout_s: float) -> dict[str, Any]:
    options: dict[str, Any] = {
        "protocol": 2,
        "socket_timeout": timeout_s,
        "socket_connect_timeout": timeout_s,
        "retry": Retry(NoBackoff(), 0),  # its ten retries take 3 s to fail; the lane has its own policy
        "max_connections": _CONNECTIONS,
        "username": known.username,
        "password": known.password,
    }
    if (tls := address.tls) is not None:
        options |= {
            "ssl": True,
            "ssl_ca_certs": tls.ca_file,
            "ssl_certfile": tls.cert_file,
            "ssl_keyfile": tls.key_file,
            "ssl_check_hostname": tls.checks_host and tls.checks_certificate,
            "ssl_cert_reqs": "required" if tls.checks_certificate else "none",
        }
    return options
