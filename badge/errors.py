"""Every error that a client may see: its status, its code and a sentence that says what would be right.

BlueHeartError                     500 internal
├─ BadRequest                      400 bad-request      the request cannot be read (bytes, headers, JSON)
│  ├─ RepeatedParameter            400 repeated         a parameter is given twice
│  └─ MissingKey                   400 idempotency-key  no usable Idempotency-Key
├─ Unauthorized                    401 unauthorized     no token, or one that does not open this
├─ SignatureRefused                403 signature        the picture is drawn for a signed URL alone
├─ NotFound                        404 not-found        no such page, kind, template, format or campaign
├─ MethodNotAllowed                405 method
├─ Conflict                        409 conflict         the name is taken, or somebody else was faster
├─ NotOpen                         409 not-open         the campaign takes no pledges today
├─ PayloadTooLarge                 413 too-large
├─ UnsupportedMedia                415 media-type
├─ InvalidField                    422 invalid          one named value is out of its bounds
│  ├─ BlockedWord                  422 blocked          a text says what the operator blocked
│  ├─ UnknownParameter             422 unknown          a parameter that is nearly one we know
│  └─ LowContrast                  422 contrast         a colour pair that cannot be read (with its ratio)
├─ KeyReused                       422 key-reused       the Idempotency-Key came with another body
├─ ProofRefused                    422 proof            the proof of work is wrong, expired, spent or foreign
├─ ReceiptRefused                  422 receipt          the receipt is not ours
├─ BlockedPicture                  451 blocked          the operator blocked this picture
├─ TooManyRequests                 429 too-many         (retry_after_s)
└─ Unavailable                     503 unavailable      (retry_after_s) a store or a queue cannot take it now
"""

from typing import ClassVar


class BlueHeartError(Exception):
    """An error with a public sentence; `field` names the value that is wrong, where there is one."""

    status: ClassVar[int] = 500
    code: ClassVar[str] = "internal"

    def __init__(self, detail: str, *, field: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.field = field


class BadRequest(BlueHeartError):
    """The request cannot be read."""

    status = 400
    code = "bad-request"


class RepeatedParameter(BadRequest):
    """A parameter is given more than once."""

    code = "repeated"


class MissingKey(BadRequest):
    """The Idempotency-Key is missing or too weak to be one."""

    code = "idempotency-key"


class Unauthorized(BlueHeartError):
    """The token is missing, or is not one that may do this."""

    status = 401
    code = "unauthorized"


class SignatureRefused(BlueHeartError):
    """The picture is drawn for a signed URL alone, and this one's signature is missing or wrong."""

    status = 403
    code = "signature"


class NotFound(BlueHeartError):
    """Nothing lives at this address."""

    status = 404
    code = "not-found"


class MethodNotAllowed(BlueHeartError):
    """The address exists, the method does not."""

    status = 405
    code = "method"


class Conflict(BlueHeartError):
    """What is there already does not let this be."""

    status = 409
    code = "conflict"


class NotOpen(BlueHeartError):
    """The campaign exists, and takes no pledges today."""

    status = 409
    code = "not-open"


class PayloadTooLarge(BlueHeartError):
    """The body is larger than this endpoint reads."""

    status = 413
    code = "too-large"


class UnsupportedMedia(BlueHeartError):
    """The body is of a type that this endpoint does not read."""

    status = 415
    code = "media-type"


class InvalidField(BlueHeartError):
    """One named value is out of its bounds."""

    status = 422
    code = "invalid"


class BlockedWord(InvalidField):
    """A text says a word that the operator blocked."""

    code = "blocked"


class UnknownParameter(InvalidField):
    """A parameter that is nearly, but not quite, one we know."""

    code = "unknown"


class LowContrast(InvalidField):
    """A colour pair whose text could not be read."""

    code = "contrast"


class KeyReused(BlueHeartError):
    """The Idempotency-Key was used before, with another body."""

    status = 422
    code = "key-reused"


class ProofRefused(BlueHeartError):
    """The proof of work is wrong, expired, already spent, or made for another campaign."""

    status = 422
    code = "proof"


class ReceiptRefused(BlueHeartError):
    """The receipt was not issued here, or was changed."""

    status = 422
    code = "receipt"


class BlockedPicture(BlueHeartError):
    """The operator blocked this picture."""

    status = 451
    code = "blocked"


class TooManyRequests(BlueHeartError):
    """The client must wait before it may try again."""

    status = 429
    code = "too-many"

    def __init__(self, detail: str, *, retry_after_s: int, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.retry_after_s = retry_after_s


class Unavailable(BlueHeartError):
    """A store or a queue cannot take the request now; the same request may be sent again."""

    status = 503
    code = "unavailable"

    def __init__(self, detail: str, *, retry_after_s: int = 2, field: str | None = None) -> None:
        super().__init__(detail, field=field)
        self.retry_after_s = retry_after_s
