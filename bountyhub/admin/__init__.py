"""The operator's desk: what needs them, and figures for their monitoring. No button here pays anybody.

One module and template per page, each under `/operator`; `create_app` registers every blueprint of BLUEPRINTS.
"""

from bountyhub.admin import (
    desk,
    disputes,
    github,
    own_money,
    reconciliation,
    reports,
    stops,
    suspense,
    treasury,
    unclaimed,
    undo,
)

#: In the order of the operator's navigation.
PAGES = (
    desk,
    treasury,
    reconciliation,
    disputes,
    unclaimed,
    suspense,
    stops,
    own_money,
    undo,
    reports,
    github,
)
BLUEPRINTS = tuple(page.blueprint for page in PAGES)
