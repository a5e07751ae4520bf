"""Whatever stands in BLUEHEART_REDIS_URL is an address or one sentence, and neither shows the password."""

import contextlib
from urllib.parse import quote

from hypothesis import given
from hypothesis import strategies as st

from badge.store import StoreSetupError
from badge.store.address import Address

SCHEMES = st.sampled_from(
    ["redis", "rediss", "unix", "redis+sentinel", "rediss+sentinel", "redis+cluster", "http", ""]
)
# No letter that our own sentences hold, so that finding it anywhere means that it was shown.
SECRETS = st.text(st.sampled_from("§¤Ωж7/?#@:%&=+[],; \n\x00"), min_size=1, max_size=12).map("Ωж{}жΩ".format)


@given(st.text(max_size=80))
def test_any_text_is_an_address_or_a_sentence(url: str) -> None:
    with contextlib.suppress(StoreSetupError):
        Address.read("BLUEHEART_REDIS_URL", url)


@given(
    SCHEMES, SECRETS, st.sampled_from(["h:6379/0", "a,b/s", "h?db=1", "", "h:x", "h/0?password={}", "h?{}=1"])
)
def test_a_password_is_never_shown_however_it_is_written(scheme: str, secret: str, rest: str) -> None:
    for written in (secret, quote(secret, safe="")):
        url = f"{scheme}://user:{written}@{rest.format(written)}"
        try:
            address = Address.read("BLUEHEART_REDIS_URL", url)
        except StoreSetupError as error:
            assert "Ωж" not in str(error)
            assert quote("Ωж") not in str(error)
        else:
            assert "Ωж" not in address.shown + repr(address)
            assert quote("Ωж") not in address.shown + repr(address)
