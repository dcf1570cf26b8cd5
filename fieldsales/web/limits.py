"""How often one may try."""

import logging

from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(get_remote_address, storage_uri="memory://", default_limits=[])


class WithoutWho(logging.Filter):
    """A limit that was reached is logged with its route alone: whose address and whose name it was is nobody's."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the counted key (an address, a login name) out of the line; the line itself stays."""
        if isinstance(record.args, tuple) and len(record.args) == 3:
            limit, _, route = record.args
            record.msg, record.args = "limit %s reached at %s", (limit, route)
        return True


limiter.logger.addFilter(WithoutWho())
