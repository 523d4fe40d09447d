"""Is a kept connection still good? Its socket tells, without asking the server at every request."""

from __future__ import annotations

import select

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """A server that ended a session has written so into the socket; silence means that it waits for us.

    The server is asked only when there is something to read, or after an error. A machine that vanished without a word
    is noticed by the first statement, as with the question itself.
    """

    def is_usable(self) -> bool:
        if self.connection is None:
            return False
        if self.errors_occurred:
            return super().is_usable()
        socket = select.poll()
        socket.register(self.connection.fileno(), select.POLLIN)
        return not socket.poll(0) or super().is_usable()
