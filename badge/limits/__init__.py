"""How much one network may do in a while, without knowing who it is."""

from badge.limits.limit import Allowance, Limit
from badge.limits.network import Networks, network
from badge.limits.rate import Rate

__all__ = ["Allowance", "Limit", "Networks", "Rate", "network"]
