"""Plugins at work (插件): what they keep, how they are set, whether they are on, and how they fare."""
