import pytest

from badge.store.server import Server, faults

INFO = """# Server
redis_version:7.2.4
valkey_version:9.1.2
run_id:abc
maxmemory_policy:noeviction
aof_enabled:1
role:master
connected_slaves:1
"""


def read(**said: str) -> Server:
    return Server.read((INFO + "".join(f"{name}:{value}\r\n" for name, value in said.items())).encode())


def test_a_server_tells_its_kind_and_state() -> None:
    assert (read().name, read().run_id, read().replicas) == ("valkey 9.1.2", "abc", 1)
    assert Server.read(b"redis_version:7.0.15\r\n").name == "redis 7.0.15"


def test_a_server_that_is_set_up_well_has_no_fault() -> None:
    assert faults(read(), 1) == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"redis_version": "6.2.14"}, "too old"),
        ({"role": "slave"}, "is a replica"),
        ({"connected_slaves": "0"}, "0 replicas where 1 must have each pledge"),
        ({"maxmemory_policy": "volatile-ttl"}, "set maxmemory-policy noeviction"),
        ({"aof_enabled": "0"}, "appendonly is off"),
    ],
)
def test_what_loses_pledges_is_one_sentence(said: dict[str, str], fault: str) -> None:
    [sentence] = faults(read(**said), 1)
    assert fault in sentence
