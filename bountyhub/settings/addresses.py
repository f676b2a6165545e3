"""What settings ask of an address; used by every group of them."""

from __future__ import annotations

from urllib.parse import urlsplit

LOOPBACK = ("127.0.0.1", "localhost", "::1")


def is_loopback(url: str) -> bool:
    """Whether an address is on this machine."""
    return (urlsplit(url).hostname or "") in LOOPBACK


def web_address(value: str) -> str:
    """A full address without its last slash, or nothing; raises ValueError."""
    if value and not (urlsplit(value).scheme in ("http", "https") and urlsplit(value).hostname):
        raise ValueError("write a full address such as https://bounties.example.org")
    return value.rstrip("/")


def belong_together(api: str, web: str) -> bool:
    """Whether an API and pages are of one GitHub: `api.HOST` for a host of GitHub's own, `HOST/api/v3` for others."""
    there, pages = urlsplit(api), urlsplit(web)
    own = there.hostname == f"api.{pages.hostname}" and not there.path
    return own or (there.netloc == pages.netloc and there.path == "/api/v3")
