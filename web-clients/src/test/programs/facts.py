"""How a program tells what it saw, and what it sends."""

import hashlib


def tell(name, value):
    print(f"{name}: {value}", flush=True)


def summary(data):
    """A length and a SHA-1, as the service tells of what it is sent."""
    return f"{len(data)} {hashlib.sha1(data).hexdigest()}"


def pattern(length):
    """The first bytes of 0, 1, … 250, 0, 1, …"""
    return (bytes(range(251)) * (length // 251 + 1))[:length]
