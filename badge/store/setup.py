"""What a deployer must put right before a store can be used, said in one sentence without any password."""

import re

from redis.asyncio.sentinel import MasterNotFoundError
from redis.exceptions import AuthenticationError

# To the last @ of the word: a password may hold what belongs percent-encoded.
_CREDENTIALS = re.compile(r"(?<=://)\S*@")
_QUERY_SECRET = re.compile(r"(?i)((?:username|password)=)[^&\s]*")


class StoreSetupError(ValueError):
    """A store that must not or cannot be used as it is set up; the message says what would be right."""


def redacted(text: str) -> str:
    """Returns a URL, or a message that holds one, without its user name and password."""
    return _QUERY_SECRET.sub(r"\1***", _CREDENTIALS.sub("***@", text))


def reason(error: Exception) -> str:
    """Returns why a store failed, in one sentence without user names and passwords."""
    if isinstance(error, AuthenticationError):
        return "it refuses the user name or password of its URL"
    if isinstance(error, MasterNotFoundError):  # whose own words show the innards of every client
        return "no Sentinel names a primary of its service; look at the service's name and their password too"
    return redacted(str(error)) or type(error).__name__
