"""How this process logs: to standard error, a line an event; a fault with its plain traceback and never with local variables,
in which passwords and people's files stand.
"""

import logging

import structlog


def configure_logging(level: str) -> None:
    """Log events of the level (`debug`, `info`, `warning`, `error`) and above."""
    renderer = structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.dev.set_exc_info,
            structlog.processors.TimeStamper(fmt="%Y-%m-%d %H:%M:%S", utc=False),
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
    )
