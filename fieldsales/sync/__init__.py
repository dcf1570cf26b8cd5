"""Phones: commands in, changes out, photos in pieces (同步)."""
