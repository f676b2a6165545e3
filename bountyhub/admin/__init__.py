"""The operator's desk: what needs them, and figures for their monitoring. No button here pays anybody.

One module and template per page, each under `/operator`; `create_app` registers every blueprint of BLUEPRINTS.
"""

from bountyhub.admin import desk, stops, suspense

BLUEPRINTS = (desk.blueprint, stops.blueprint, suspense.blueprint)
