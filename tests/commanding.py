"""Documents and the form of a run, for tests of commands."""

from __future__ import annotations

from collections.abc import Callable

ENGLISH = """Moscow, July 4, 2025. Russia recognised the Taliban government on July 3, 2025.
Russian Foreign Minister Sergey Lavrov met Kazakh President Kassym-Jomart Tokayev in Astana on July 1, 2025.
"""
RUSSIAN = """4 июля 2025 года. Россия признала правительство талибов 3 июля 2025 года.
Казахстан не признал правительство талибов.
"""
UKRAINIAN = "Росія визнала уряд талібів у четвер, повідомили в міністерстві закордонних справ."

Run = Callable[..., tuple[int, str, str]]
