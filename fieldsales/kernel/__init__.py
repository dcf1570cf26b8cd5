"""The words every floor shares: money, time, ids, text, errors, operations, events. No framework."""
