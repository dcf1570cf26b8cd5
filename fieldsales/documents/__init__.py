"""Sealed papers by SHA-256: rendering, sealing, judging. The only place that knows WeasyPrint and pyHanko."""
