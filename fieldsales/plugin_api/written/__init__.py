"""Methods written without programming: a TOML text becomes a CollectionMethod, through the same hook as any other.

``read`` tells everything that is wrong with a text, in both languages, with its line; ``write`` puts a document down
always the same way; ``method_of`` makes the method. Nothing here runs what it reads: templates and conditions are
closed lists (``speech``, ``tests``). The format is told in ``shape``; it has the number 1.
"""

from fieldsales.plugin_api.written.faults import Fault, NotWritten
from fieldsales.plugin_api.written.judging import Written, WrittenPlugin, method_of, written_of
from fieldsales.plugin_api.written.sense import read
from fieldsales.plugin_api.written.toml import MOST_SIGNS, parse, write

__all__ = ["MOST_SIGNS", "Fault", "NotWritten", "Written", "WrittenPlugin", "method_of", "parse", "read", "write",
           "written_of"]
