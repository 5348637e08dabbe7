"""Chancery: a register of international relations built from documents in four languages."""

__version__ = "0.1.0"
