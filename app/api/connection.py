"""HTTP connections whose client is done sending, but still listens."""

from __future__ import annotations

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol


class HalfClosed(HttpToolsProtocol):
    """Answers before it closes: editors that write to a bare socket say with its end that they have said all.

    uvicorn takes that for a hang-up and lets the answer fall.
    """

    def eof_received(self) -> bool:  # type: ignore[override]
        """Whether to stay open: until the answer to a whole request is sent."""
        if self.cycle is None or self.cycle.more_body or self.cycle.response_complete:
            return False
        self.cycle.keep_alive = False
        return True
