"""GitHub's Revert button: a pull request that takes a merged one back, in the words that GitHub gives it."""

from __future__ import annotations

from bountyhub.sandbox.github.actions.pulls import open_pull_request
from bountyhub.sandbox.github.errors import GithubError
from bountyhub.sandbox.github.world import World
from bountyhub.sandbox.store import Doc


def revert(world: World, repo: Doc, issue: Doc, sender: Doc) -> Doc:
    """Open the pull request that reverts a merged one, into the same branch."""
    part = issue["pull"]
    if part["merged_at"] is None:
        raise GithubError(422, "Only a merged pull request can be reverted")
    title = f'Revert "{issue["title"]}"'
    message = f"{title}\n\nThis reverts commit {part['merge_commit_sha']}."
    return open_pull_request(
        world, repo, sender, title, f"Reverts {repo['full_name']}#{issue['number']}",
        branch=f"revert-{issue['number']}-{part['head']}", base=part["base"], commits=(message,),
    )  # fmt: skip
