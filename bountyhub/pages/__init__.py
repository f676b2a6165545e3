"""The pages people see; `create_app` registers every blueprint of BLUEPRINTS.

One module per page group: parse → one operation or query → render. What templates are given is built in `contexts`,
what people type is read by `forms`.
"""

from bountyhub.pages import (
    blocking,
    bot,
    choosing,
    claim,
    contribution,
    desk,
    fund,
    home,
    imports,
    landing,
    legal,
    life,
    mailed_contribution,
    me,
    not_me,
    other_way,
    papers,
    pausing,
    payout_account,
    policy,
    projects,
    promise,
    redirecting,
    requests,
    sign_in,
    task,
    task_list,
    task_money,
    task_new,
    thanks,
    transparency,
    typed,
)

BLUEPRINTS = tuple(
    page.blueprint
    for page in (
        home, task_list, task_new, task, fund, promise, thanks, contribution, mailed_contribution, life, papers,
        blocking, pausing, landing, bot, claim, projects, me, payout_account, sign_in, task_money, transparency, typed,
        legal, other_way, not_me, redirecting, desk, choosing, imports, requests, policy,
    )
)  # fmt: skip

__all__ = ["BLUEPRINTS"]
