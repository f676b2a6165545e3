"""Questions about a repository's objects in one GraphQL call each, where REST takes several.

Repositories are asked for by node id, which no rename changes: it is learned once and remembered. Who is nameless is
told nothing by GraphQL, and it follows no transfer: then, and where it knows nothing, the caller asks REST.
"""

from __future__ import annotations

from github.Requester import Requester

from bountyhub.integrations.github.client import Api, Json
from bountyhub.ports.errors import NotInstalled, OutsideGone, OutsideRefused

#: Ids of this many repositories are remembered; then it begins anew.
MOST_IDS = 10_000
#: An actor; only people, bots and organisations have numbers.
WHO = "{ __typename login avatarUrl " + " ".join(
    f"... on {kind} {{ databaseId }}" for kind in ("User", "Bot", "Organization", "Mannequin")
) + " }"  # fmt: skip


class Graph:
    """Asks GraphQL about repositories known by number."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._ids: dict[int, str] = {}

    def learn(self, repository: Json) -> None:
        """Remember the node id in a repository's JSON."""
        if len(self._ids) >= MOST_IDS:
            self._ids.clear()
        self._ids[int(repository["id"])] = str(repository["node_id"])

    def node_id(self, by: Requester, repository: int) -> str:
        """A repository's node id, asked for once."""
        if repository not in self._ids:
            self.learn(self._api.get_object(by, f"/repositories/{repository}"))
        return self._ids[repository]

    def ask(self, by: Requester, repository: int, query: str, **variables: object) -> Json | None:
        """The repository's node as the query selects it; None where GraphQL doesn't tell."""
        if by.auth is None:
            return None
        id = self.node_id(by, repository)
        try:
            node = self._api.graphql(by, query, {"id": id, **variables}).get("node")
        except NotInstalled:
            raise
        except (OutsideGone, OutsideRefused):
            return None
        known = isinstance(node, dict) and node.get("databaseId") == repository
        return node if known else None


def person(actor: Json | None) -> Json | None:
    """An actor as REST words a user; GraphQL leaves the end of bots' names away."""
    if not actor or type(actor.get("databaseId")) is not int:
        return None
    is_bot, login = actor["__typename"] == "Bot", actor["login"]
    if is_bot and not login.endswith("[bot]"):
        login += "[bot]"
    kind = "Bot" if is_bot else "User"
    return {"id": actor["databaseId"], "login": login, "type": kind, "avatar_url": actor.get("avatarUrl")}
