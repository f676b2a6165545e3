"""The bot in German: why a command was refused, and why a merge pays nobody (yet)."""

from __future__ import annotations

REFUSALS = {
    # ---------------------------------------------------------------- who may
    "Only people with maintain or admin rights in the repository may do that.":
        "Das dürfen nur Leute mit Maintain- oder Admin-Rechten im Repository.",
    "Only people who may merge in the repository may do that.":
        "Das dürfen nur Leute, die im Repository mergen dürfen.",
    "Ask a maintainer of the project.": "Bitte jemanden, der das Projekt betreut.",
    "You are on the author side of this pull request, so somebody else has to decide.":
        "Du gehörst zu denen, die diesen Pull Request geschrieben haben: jemand anders muss entscheiden.",
    "Ask another maintainer.": "Bitte andere, die das Projekt betreuen.",
    "Only deciders and people whose money was held at the merge may object.":
        "Widersprechen dürfen nur Entscheidende und wer beim Merge Geld hier hatte.",
    "If you funded this task by e-mail, sign in with that address first.":
        "Wenn du mit einer E-Mail-Adresse Geld gegeben hast, melde dich zuerst mit ihr an.",
    "Write a reason: it is shown to everyone.": "Schreibe einen Grund: alle können ihn lesen.",
    "One sentence is enough.": "Ein Satz genügt.",
    # ---------------------------------------------------------------- claims and tasks as they are
    "This claim is {state}: that is not possible now.": "Dieser Anspruch ist {state}: das geht jetzt nicht.",
    "This claim is {state}: its link can't be cut any more.":
        "Dieser Anspruch ist {state}: seine Verbindung kann nicht mehr getrennt werden.",
    "This claim is {state}.": "Dieser Anspruch ist {state}.",
    "This task is {state}: that is not possible now.": "Diese Aufgabe ist {state}: das geht jetzt nicht.",
    "This task is {state}.": "Diese Aufgabe ist {state}.",
    "Only an open task can be paid for.": "Nur für eine offene Aufgabe kann bezahlt werden.",
    "Only a claim that waits for confirmation can be confirmed.":
        "Bestätigt werden kann nur ein Anspruch, der darauf wartet.",
    "There is no open window to object in.": "Es läuft keine Frist, in der man widersprechen könnte.",
    "There is no open objection to settle.": "Es gibt keinen offenen Widerspruch zu entscheiden.",
    "A bot's pull request has nobody to pay.": "Ein Pull Request eines Bots hat niemanden, der bezahlt würde.",
    "The money goes back by itself.": "Das Geld geht von selbst zurück.",
    # ---------------------------------------------------------------- what landed
    "A bot can't be paid.": "Ein Bot kann nicht bezahlt werden.",
    "Name the person who wrote the change.": "Nenne den Menschen, der die Änderung geschrieben hat.",
    "That commit is by @{author}.": "Dieser Commit ist von @{author}.",
    "This pull request is by @{author}.": "Dieser Pull Request ist von @{author}.",
    "Only a bot's is given to somebody.": "Nur der eines Bots kann jemandem zugeordnet werden.",
    "Its time to name somebody is over.": "Seine Zeit, jemanden zu nennen, ist vorbei.",
    "This issue has no task here.": "Dieses Issue ist hier keine Aufgabe.",
    "Comment on the issue that is funded.": "Kommentiere das Issue, für das Geld bereitliegt.",
    "Which task is it for?": "Für welche Aufgabe ist er?",
    "It was merged.": "Er wurde gemergt.",
    "Write `{command}`.": "Schreibe `{command}`.",
    "Write `{command}` on its issue.": "Schreibe `{command}` in das Issue.",
    "There is no @{author}. Write `/landed @author` with the author's name on {forge}.":
        "Es gibt kein @{author}. Schreibe `/landed @name` mit dem Namen auf {forge}.",
    "{sha} is not on {branches}. Write `/landed @{author}` with a commit that is.":
        "{sha} ist nicht auf {branches}. Schreibe `/landed @{author}` mit einem Commit, der es ist.",
    # ---------------------------------------------------------------- how a command is written
    "/{command} is not a command.": "/{command} ist kein Befehl.",
    "These are:": "Das sind sie:",
    "`/{command}` takes issues of this repository only: write `/{command} #12`.":
        "`/{command}` nimmt nur Issues dieses Repositorys: schreibe `/{command} #12`.",
    "Write `/{command}` alone, or `/{command} #12` with a number.":
        "Schreibe `/{command}` allein, oder `/{command} #12` mit einer Nummer.",
    "Write `/{command}` and your reason on the same line.":
        "Schreibe `/{command}` und deinen Grund in dieselbe Zeile.",
    "Write `/{command} 50 EUR` with the amount you want to give.":
        "Schreibe `/{command} 50 EUR` mit dem Betrag, den du geben willst.",
    "Write `/{command} @author 1234abc`: who wrote the change, and the commit on the branch.":
        "Schreibe `/{command} @name 1234abc`: wer die Änderung schrieb, und den Commit auf dem Zweig.",
    "Type the amount as a number, for example 25 or 25.50.":
        "Schreibe den Betrag als Zahl, zum Beispiel 25 oder 25.50.",
    "{currency} has {count} digits after the point.": "{currency} hat {count} Stellen nach dem Komma.",
    "Amounts in {currency} have 0 as their last digit.": "Beträge in {currency} enden auf 0.",
    "That is more than this site can take.": "Das ist mehr, als hier angenommen werden kann.",
    # ---------------------------------------------------------------- why a merge pays nobody (yet)
    "A merge into {base} pays nothing for #{n}": "Ein Merge nach {base} bezahlt nichts für #{n}",
    "#{n} is not paid for this pull request: its release was undone":
        "#{n} wird für diesen Pull Request nicht bezahlt: seine Freigabe wurde aufgehoben",
    "A revert blocks {sum} of #{n}": "Ein Revert hält {sum} von #{n} auf",
    "Merging this keeps {sum} of #{n} for @{author}, who can’t be paid here yet":
        "Nach dem Merge werden {sum} von #{n} für @{author} aufbewahrt: hier noch nicht bezahlbar",
    "Merging this keeps {sum} of #{n} for @{author}, who can’t be paid here":
        "Nach dem Merge werden {sum} von #{n} für @{author} aufbewahrt: hier nicht bezahlbar",
    "@{author} can’t be paid here yet: the payment provider asks them for more; until then the money is kept for them.":
        "@{author} kann hier noch nicht bezahlt werden: der Zahlungsdienst verlangt noch etwas; so lange wird das Geld "
        "aufbewahrt.",
    "@{author} can’t be paid here yet: their payout account was disconnected; until then the money is kept for them.":
        "@{author} kann hier noch nicht bezahlt werden: das Auszahlungskonto wurde getrennt; so lange wird das Geld "
        "aufbewahrt.",
    "@{author} can’t be paid here: no money can be sent to their country; they choose where it goes, else it goes back "
    "to the backers.":
        "@{author} kann hier nicht bezahlt werden: in das Land kann kein Geld gesendet werden; sie wählen, wohin es "
        "geht, sonst geht es an die Geldgeber zurück.",
    "@{author} can’t be paid here: the payment provider refused their account; they choose where it goes, else it goes "
    "back to the backers.":
        "@{author} kann hier nicht bezahlt werden: der Zahlungsdienst hat das Konto abgelehnt; sie wählen, wohin es "
        "geht, sonst geht es an die Geldgeber zurück.",
}  # fmt: skip
#: States of tasks and claims, as they stand in a sentence.
STATES = {
    "wanted": "gewünscht", "open": "offen", "reserved": "vergeben", "merged": "gemergt", "completed": "abgeschlossen",
    "cancelled": "abgesagt", "linked": "verbunden", "unlinked": "getrennt", "closed": "geschlossen",
    "superseded": "überholt", "late": "noch unbestätigt", "choice": "noch unentschieden", "window": "in seiner Frist",
    "blocked": "aufgehalten", "warranty": "in der Gewährleistung", "released": "freigegeben", "refused": "abgelehnt",
    "undone": "aufgehoben",
}  # fmt: skip
