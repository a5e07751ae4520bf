"""schemathesis, which we did not write, reads /openapi.json and finds nothing to say about the service.

SCHEMATHESIS=long gives it 60 examples an operation instead of 5: three minutes.
"""

import os
import subprocess
import sys
from pathlib import Path

from tests.conftest import Served

TOKEN = "the-administrators-own-token-0123456789"
EXAMPLES = "60" if os.environ.get("SCHEMATHESIS") == "long" else "5"


def test_it_finds_no_answer_that_the_document_does_not_tell_and_no_bad_request_that_is_taken(
    serve: object, tmp_path: Path
) -> None:
    off = {f"{what}_limit": "off" for what in ("pledge", "challenge", "receipt", "form", "miss")}
    served: Served = serve(pledge_cost="1", pledge_attempts="1", admin_token=TOKEN, **off)  # type: ignore[operator]
    served.wait_ready()
    here = Path(__file__)
    done = subprocess.run(
        [
            str(Path(sys.executable).with_name("schemathesis")),
            *("--config-file", str(here.with_name("schemathesis.toml"))),
            *("run", f"{served.url}/openapi.json", "--url", served.url),
            *("--header", f"Authorization: Bearer {TOKEN}"),
            *("--max-examples", EXAMPLES, "--no-color"),
        ],
        env={**os.environ, "SCHEMATHESIS_HOOKS": "tests.http.stranger", "PYTHONPATH": str(here.parents[2])},
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-20_000:]
    assert "Tested: 17" in said
