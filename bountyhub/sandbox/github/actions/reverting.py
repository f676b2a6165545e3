"""Taking changes back: GitHub's Revert button, which opens a pull request, and `git revert` straight on a branch."""

from __future__ import annotations

from bountyhub.sandbox.github.actions.commits import commits_on, find_commit, push_to_branch
from bountyhub.sandbox.github.actions.pulls import open_pull_request
from bountyhub.sandbox.github.errors import GithubError, not_found
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


def revert_commit(world: World, repo: Doc, sha: str, sender: Doc, branch: str = "") -> Doc:
    """`git revert` of one commit, pushed to a branch (the default one) without a pull request; in git's own words.

    Reverted there already, it is that commit: git finds nothing left to take back.
    """
    found = find_commit(world, repo, sha)
    if found is None:
        raise not_found()
    branch = branch or repo["default_branch"]
    says = f"This reverts commit {found['sha']}"
    done = next((doc for doc in commits_on(world, repo, branch) if says in doc["message"]), None)
    if done is not None:
        return done
    title, parents = found["message"].partition("\n")[0], found["parents"]
    of_merge = f", reversing\nchanges made to {parents[0]}" if len(parents) > 1 else ""
    (made,) = push_to_branch(world, repo, branch, sender, [f'Revert "{title}"\n\n{says}{of_merge}.'])
    return made
