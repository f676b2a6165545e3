"""The mailbox stand-in: takes the application's mails over HTTP and shows them in the browser.

Registered by `create_sandbox`; the application's mail integration posts to it, people and tests read it.
"""

from bountyhub.sandbox.mailbox.views import blueprint

__all__ = ["blueprint"]
