"""The Kazakh language pack: data, and a morphology module."""
