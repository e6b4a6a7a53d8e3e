"""Dated profiles of cryptography: which algorithms are weak, and which source says so (TOML)."""
