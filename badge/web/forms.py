"""Plain forms, as a browser without scripts sends them."""

from starlette.requests import Request

from badge.catalogue.query import read_query
from badge.errors import PayloadTooLarge, UnsupportedMedia

MAX_FORM_BYTES = 4096


async def read_form(request: Request) -> dict[str, str]:
    """Reads a small form; raises UnsupportedMedia, PayloadTooLarge and the errors of `read_query`."""
    if not request.headers.get("Content-Type", "").startswith("application/x-www-form-urlencoded"):
        raise UnsupportedMedia("send the form as application/x-www-form-urlencoded")
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_FORM_BYTES:
            raise PayloadTooLarge(f"the form is larger than {MAX_FORM_BYTES} bytes; ours are far smaller")
    return read_query(bytes(body))
