"""Whoever asks the same again under another number gets another draw."""


def asked_as(seed: int, sample: int) -> tuple[str, ...]:
    """What a draw depends on beside its content; the first sample is that of a server."""
    return (str(seed), f"sample {sample}") if sample else (str(seed),)
