"""Pledge, retry, withdrawal, invalidation, checkpoint, archive, crash, in any order: log = counters = model,
and every checkpoint agrees with every later one."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from badge.errors import KeyReused
from badge.pledges import Acknowledged, Archive, Auditor, Ledger, Pledge, PublicLog, Source
from badge.pledges.checkpoint import Checkpoint
from badge.pledges.receipts import Receipt
from badge.pledges.tiles import Tiles
from badge.store import Entry, Stores, open_stores
from badge.store.blocks import Folder
from badge.store.child import OPTIONS
from badge.store.entry import unpacked
from tests.topologies import Server

_running: list[Server] = []


@pytest.fixture(scope="module", autouse=True)
def _server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    server = Server(tmp_path_factory.mktemp("ledger"), "--save", "", *OPTIONS["data"]).start()
    _running.append(server)
    yield
    _running.clear()
    server.kill()


bodies = st.tuples(
    st.sampled_from(list(Source)), st.sampled_from([None, "BE", "FR", "LU"]), st.sampled_from([None, "fr"])
)


class LedgerMachine(RuleBasedStateMachine):
    keys = Bundle("keys")

    @initialize()
    def open(self) -> None:
        self.runner = asyncio.Runner()
        self.slug = f"p-{uuid.uuid4().hex[:12]}"
        url = _running[0].url
        self.stores: Stores = self.run(open_stores(url, url, Path()))
        pledges, log = self.stores.pledges, self.stores.log
        self.archive = Archive(pledges, log, Folder(_running[0].folder / "archive"), old_days=0)
        self.log = PublicLog(pledges, log, origin="https://badges.example", archive=self.archive)
        self.ledger = Ledger(pledges, self.log, self.archive)
        self.auditor = Auditor(pledges, log, self.stores.audit, read=self.archive.read)
        self.answers: dict[str, Acknowledged] = {}
        self.bodies: dict[str, Pledge] = {}
        self.withdrawn: set[str] = set()
        self.removed: set[str] = set()
        self.checkpoints: list[Checkpoint] = []

    @property
    def undone(self) -> set[str]:
        return self.withdrawn | self.removed

    def run(self, coroutine):
        return self.runner.run(coroutine)

    def teardown(self) -> None:
        self.run(self.stores.aclose())
        self.runner.close()

    def _took(self, key: str, pledge: Pledge, answer: Acknowledged) -> str:
        assert not answer.replayed
        self.answers[key], self.bodies[key] = answer, pledge
        assert answer.ordinal == len(self.answers)
        assert answer.total == len(self.answers) - len(self.undone)
        return key

    @rule(target=keys, body=bodies)
    def pledge(self, body) -> str:
        key, pledge = str(uuid.uuid4()), Pledge(self.slug, *body)
        return self._took(key, pledge, self.run(self.ledger.pledge(pledge, key)))

    @rule(target=keys, body=bodies, count=st.integers(2, 9))
    def same_key_at_one_instant(self, body, count: int) -> str:
        key, pledge = str(uuid.uuid4()), Pledge(self.slug, *body)

        async def together() -> list[Acknowledged]:
            return await asyncio.gather(*(self.ledger.pledge(pledge, key) for _ in range(count)))

        answers = self.run(together())
        [first] = [answer for answer in answers if not answer.replayed]
        assert {answer.receipt for answer in answers} == {first.receipt}
        return self._took(key, pledge, first)

    @rule(target=keys, count=st.integers(5, 40))
    def burst(self, count: int):  # crosses the edges of chunks
        pledge = Pledge(self.slug, Source.API)
        made = [str(uuid.uuid4()) for _ in range(count)]

        async def together() -> list[Acknowledged]:
            return await asyncio.gather(*(self.ledger.pledge(pledge, key) for key in made))

        answers = sorted(zip(self.run(together()), made, strict=True), key=lambda pair: pair[0].ordinal)
        return multiple(*[self._took(key, pledge, answer) for answer, key in answers])

    @rule(key=keys)
    def retry(self, key: str) -> None:
        for again in (
            self.run(self.ledger.pledge(self.bodies[key], key)),
            self.run(self.ledger.find(self.bodies[key], key)),
        ):
            first = self.answers[key]
            assert again is not None
            assert again.replayed
            assert (again.receipt, again.ordinal, again.total) == (first.receipt, first.ordinal, first.total)

    @rule(key=keys, body=bodies)
    def same_key_other_body(self, key: str, body) -> None:
        pledge = Pledge(self.slug, *body)
        if pledge != self.bodies[key]:
            with pytest.raises(KeyReused):
                self.run(self.ledger.pledge(pledge, key))

    @rule(key=keys)
    def withdraw(self, key: str) -> None:
        done = self.run(self.ledger.withdraw(self.answers[key].receipt))
        assert done.already is (key in self.undone)
        if not done.already:
            self.withdrawn.add(key)
        assert done.total == len(self.answers) - len(self.undone)

    @rule(key=keys)
    def invalidate(self, key: str) -> None:
        receipt = Receipt.open(self.answers[key].receipt, self.run(self.stores.pledges.mac("receipt")))
        entry = Entry("+", receipt.day, receipt.sequence, receipt.commitment)
        undone = self.run(self.archive.undo(self.slug, "x", receipt.position, entry, receipt.details))
        assert undone.already is (key in self.undone)
        if not undone.already:
            self.removed.add(key)

    @rule()
    def crash(self) -> None:
        _running[0].kill()
        _running[0].start()

    @rule()
    def checkpoint(self) -> None:
        entries = len(self.answers) + len(self.undone)
        sealed = self.run(self.log.checkpoint(self.slug, past=entries))
        said = Checkpoint.read(sealed.note)
        assert said.size == entries
        self.checkpoints.append(said)

    @rule()
    def move_into_the_archive(self) -> None:
        entries = len(self.answers) + len(self.undone)
        signed = max([0, *(said.size for said in self.checkpoints)])
        before = self.run(self.stores.pledges.archived(self.slug))
        moved = self.run(self.archive.move(self.slug))
        assert before + moved == max(before, (signed - 1) // 4096 if signed else 0)
        assert entries >= (before + moved) * 4096

    @rule()
    def audit(self) -> None:
        assert self.run(self.auditor.audit(self.slug)).differences == ()

    @rule(data=st.data())
    def flip_a_bit(self, data: st.DataObject) -> None:
        """Any bit of entries and details that were written is missed by the audit, and put back."""
        entries = min(len(self.answers) + len(self.undone), 16)
        if entries and not self.run(self.stores.pledges.archived(self.slug)):
            name, size = data.draw(st.sampled_from([("log", 40), ("det", 12)]))
            key, bit = f"bh:{{{self.slug}}}:{name}:0", data.draw(st.integers(0, entries * size * 8 - 1))
            client = _running[0].client
            was = client.getbit(key, bit)
            client.setbit(key, bit, 1 - was)
            assert self.run(self.auditor.audit(self.slug)).log
            client.setbit(key, bit, was)

    @invariant()
    def every_checkpoint_holds_for_ever(self) -> None:
        for said in getattr(self, "checkpoints", []):
            tiles = Tiles(self.slug, self.archive.read, self.stores.log)
            assert self.run(tiles.root(0, said.size)) == said.root

    @invariant()
    def log_and_counters_are_the_model(self) -> None:
        if not hasattr(self, "stores"):
            return
        standing = [self.bodies[key] for key in self.answers if key not in self.undone]
        counters = self.run(self.stores.pledges.breakdown(self.slug))
        assert counters.tally.pledged == len(self.answers)
        assert counters.tally.undone == len(self.undone)
        assert counters.invalidated == len(self.removed)
        assert counters.by_country == Counter(p.country or "--" for p in standing)
        assert counters.by_language == Counter(p.language or "--" for p in standing)
        assert sum(counters.by_day.values()) == len(standing)
        assert sum(counters.by_source.values()) == len(standing)

        log = []
        while more := unpacked(*self.run(self.archive.read(self.slug, len(log), 4096))):
            log += more
        assert len(log) == len(self.answers) + len(self.undone)
        seal = self.run(self.stores.pledges.mac("receipt"))
        pledged = {}
        for position, (entry, details) in enumerate(log):
            if entry.kind == "+":
                assert entry.sequence == len(pledged) + 1
                pledged[entry.sequence] = (position, entry.commitment, details)
        undone = [entry.sequence for entry, _ in log if entry.kind in "-x"]
        assert len(set(undone)) == len(undone)
        for key, answer in self.answers.items():
            receipt = Receipt.open(answer.receipt, seal)
            assert pledged[answer.ordinal] == (receipt.position, receipt.commitment, self.bodies[key].pack())
            assert (answer.ordinal in undone) is (key in self.undone)


class LongLedgerMachine(LedgerMachine):
    """The same from 4,200 pledges on, so that a block can leave memory."""

    @initialize(target=LedgerMachine.keys)
    def open(self):
        super().open()
        for _ in range(10):  # 4,200 at one instant take longer than a supporter waits, on a busy machine
            self.burst(420)
        self.checkpoint()
        return next(iter(self.answers))


TestLedger = LedgerMachine.TestCase
TestLedger.settings = settings(max_examples=25, stateful_step_count=30, deadline=None)

TestLongLedger = LongLedgerMachine.TestCase
TestLongLedger.settings = settings(max_examples=4, stateful_step_count=12, deadline=None)
