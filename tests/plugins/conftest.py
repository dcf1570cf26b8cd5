"""What the tests of plugins share: somebody else's server, as it stands in the tests of reminders."""

from __future__ import annotations

from tests.reminders.conftest import outside as outside
