"""Tests of this plugin alone: no database, no app."""
