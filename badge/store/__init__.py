"""The two Redis-protocol stores behind typed doors: pledges that must last, and pictures that may vanish."""

from badge.store.blobs import BlobStore
from badge.store.connect import Errors, Stores, open_stores
from badge.store.control import KEPT_PURGES, Control, ControlStore, Kind
from badge.store.embedded import EmbeddedStore, Endpoints
from badge.store.entry import Breakdown, Entry, Tally, Undone, Written
from badge.store.lane import Commands, Lane, Script, StoreError
from badge.store.log import LogStore, Sealed
from badge.store.pledges import PledgeStore
from badge.store.setup import StoreSetupError, redacted

__all__ = [
    "KEPT_PURGES",
    "BlobStore",
    "Breakdown",
    "Commands",
    "Control",
    "ControlStore",
    "EmbeddedStore",
    "Endpoints",
    "Entry",
    "Errors",
    "Kind",
    "Lane",
    "LogStore",
    "PledgeStore",
    "Script",
    "Sealed",
    "StoreError",
    "StoreSetupError",
    "Stores",
    "Tally",
    "Undone",
    "Written",
    "open_stores",
    "redacted",
]
