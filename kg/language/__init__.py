"""Language packs: one folder a language, grammar as TOML, morphology as a small module."""
