"""The local Prefect server as a child process: `python -m flows.server_child PARENT PORT`. Ends with its parent."""

from __future__ import annotations

import signal
import sys

from flows.parentage import die_with_parent


def main(parent: int, port: int) -> None:
    """Serve until SIGTERM. The environment holds the server's settings."""
    die_with_parent(parent, signal.SIGTERM)
    import uvicorn
    from prefect.server.api.server import create_app

    uvicorn.run(
        create_app(), host="127.0.0.1", port=port, log_level="warning", lifespan="on", timeout_graceful_shutdown=3
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
