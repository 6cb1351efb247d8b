"""Where live days are kept: rules, protocol, and a store in memory.

`dispatch.adapters.store` keeps the same rows in a database.
"""

from dispatch.live.store.memory import MemoryStore
from dispatch.live.store.protocol import Store
from dispatch.live.store.reader import Reader
from dispatch.live.store.request import Receipt, Request
from dispatch.live.store.writer import Writer

__all__ = ["MemoryStore", "Reader", "Receipt", "Request", "Store", "Writer"]
