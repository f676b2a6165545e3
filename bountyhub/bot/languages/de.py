"""The bot in German: English sentences, and the same in German."""

from __future__ import annotations

SENTENCES = {
    # ---------------------------------------------------------------- the status comment
    "{sum} held for this issue by 1 backer": "{sum} liegen für dieses Issue bereit, von 1 Person",
    "{sum} held for this issue by {n} backers": "{sum} liegen für dieses Issue bereit, von {n} Personen",
    "This issue is on bountyhub": "Dieses Issue ist auf bountyhub",
    "Next:": "Wie es weitergeht:",
    "{sum} of it can still be taken back at once": "{sum} davon können noch sofort zurückgenommen werden",
    "{sum} promised apart, charged when the work is accepted":
        "{sum} sind außerdem versprochen und werden abgebucht, wenn die Arbeit angenommen ist",
    "On it: {names}": "Daran arbeitet: {names}",
    "#{n} by {author}": "#{n} von {author}",
    "Fund this issue": "Dieses Issue unterstützen",
    "Where the money is": "Wo das Geld ist",
    # ---------------------------------------------------------------- what happens next
    "A maintainer of {project} has to open this task to funding.":
        "Jemand, der {project} betreut, muss diese Aufgabe für Geld öffnen.",
    "A maintainer of {project} has not opened this to funding yet.":
        "Noch hat niemand, der {project} betreut, dies für Geld geöffnet.",
    "Until then it takes interest, but no money.": "Bis dahin kann man Interesse zeigen, aber kein Geld geben.",
    "Nobody has funded this yet: the first contribution starts it.":
        "Noch hat niemand Geld gegeben: der erste Beitrag ist der Anfang.",
    "The first merged pull request that closes #{n} is paid what is held then.":
        "Der erste gemergte Pull Request, der #{n} schließt, bekommt, was dann bereitliegt.",
    "The first merged pull request that closes #{n} is paid {sum}.":
        "Der erste gemergte Pull Request, der #{n} schließt, bekommt {sum}.",
    "Open one that says “Fixes #{n}”; it is paid the moment a maintainer merges it.":
        "Öffne einen mit „Fixes #{n}“; er wird in dem Moment bezahlt, in dem er gemergt wird.",
    "Pull request #{n} was merged, but a bot opened it: nobody is paid for it.":
        "Pull Request #{n} wurde gemergt, aber ein Bot hat ihn geöffnet: niemand wird dafür bezahlt.",
    "The claim ends[ by {day}]; then the task goes on.":
        "Der Anspruch endet[ bis {day}]; dann geht die Aufgabe weiter.",
    "A maintainer of {project} has to confirm[ by {day}] that #{n} by @{author} delivers this.":
        "Jemand, der {project} betreut, muss[ bis {day}] bestätigen, dass #{n} von @{author} dies liefert.",
    "Its link to this task was not shown before the merge, so nothing is paid by itself.":
        "Die Verbindung zu dieser Aufgabe war vor dem Merge nicht zu sehen, darum wird nichts von selbst bezahlt.",
    "On that day the time of its money begins to end: it goes back.":
        "An diesem Tag beginnt die Zeit des Geldes zu enden: es geht zurück.",
    "This task ends on {day}.": "Diese Aufgabe endet am {day}.",
    "If no pull request is merged by {day}, {sum} go back to the backers.":
        "Wird bis {day} kein Pull Request gemergt, gehen {sum} an die Geldgeber zurück.",
    "Pull request #{n} was opened by a bot: merging it pays nobody.":
        "Pull Request #{n} kommt von einem Bot: sein Merge bezahlt niemanden.",
    "A person’s pull request that closes the issue is paid.":
        "Bezahlt wird der Pull Request eines Menschen, der das Issue schließt.",
    "Pull request #{n} goes into “{base}”, and merges there are not paid.":
        "Pull Request #{n} geht nach „{base}“, und Merges dorthin werden nicht bezahlt.",
    "@{author} can change its base to the default branch.": "@{author} kann ihn auf den Standardzweig umstellen.",
    "@{author} is working on pull request #{n}, still a draft.":
        "@{author} arbeitet an Pull Request #{n}, noch einem Entwurf.",
    "When it is ready and merged, {sum} go to @{author}.": "Ist er fertig und gemergt, gehen {sum} an @{author}.",
    "When a maintainer merges #{n}, {sum} go to @{author}.": "Wird #{n} gemergt, gehen {sum} an @{author}.",
    "@{author} has not connected a payout account yet: until then the money is kept for them.":
        "@{author} hat noch kein Auszahlungskonto verbunden: so lange wird das Geld aufbewahrt.",
    "It has more than one author, so the money follows after up to {days} days in which they may object.":
        "Er hat mehrere Autoren, darum folgt das Geld nach bis zu {days} Tagen, in denen sie widersprechen können.",
    "At once if the maintainer is somebody else than the author, else after up to {days} days.":
        "Sofort, wenn jemand anders als der Autor mergt, sonst nach bis zu {days} Tagen.",
    "{sum} go to @{author}[ on {day}] unless somebody entitled objects.":
        "{sum} gehen[ am {day}] an @{author}, wenn niemand Berechtigtes widerspricht.",
    "Pull request #{n} was merged; backers and maintainers can object until then.":
        "Pull Request #{n} wurde gemergt; Geldgeber und Betreuer können bis dahin widersprechen.",
    "One objection sets {sum} aside.": "Ein Widerspruch stellt {sum} zurück.",
    "{n} objections set {sum} aside.": "{n} Widersprüche stellen {sum} zurück.",
    "{sum} are set aside by an objection until it is settled.":
        "{sum} sind durch einen Widerspruch zurückgestellt, bis er geklärt ist.",
    "{sum} are set aside by objections until they are settled.":
        "{sum} sind durch Widersprüche zurückgestellt, bis sie geklärt sind.",
    "The rest was released.": "Der Rest wurde freigegeben.",
    "Nothing else is held for it.": "Sonst liegt nichts dafür bereit.",
    "Money held for this begins to go back to its backers[ on {day}]: it can’t be held any longer.":
        "Das Geld beginnt[ am {day}] zurückzugehen: länger darf es nicht bereitliegen.",
    "Pull request #{n} was heard of too late for its window.":
        "Von Pull Request #{n} wurde für seine Frist zu spät gehört.",
    "Pull request #{n} was merged, and nothing is held for it: this is completed[ on {day}].":
        "Pull Request #{n} wurde gemergt, und nichts liegt dafür bereit: das ist[ am {day}] abgeschlossen.",
    "What was held went back to its backers.": "Was bereitlag, ging an die Geldgeber zurück.",
    "An objection blocks {what}: a maintainer of {project} settles it[ by {day}].":
        "Ein Widerspruch hält {what} auf: jemand, der {project} betreut, klärt ihn[ bis {day}].",
    "If nobody does, money that can’t be held any longer goes back to its backers.":
        "Tut es niemand, geht Geld, das nicht länger bereitliegen darf, an die Geldgeber zurück.",
    "If nobody does, the facts decide: an open issue means it was not delivered.":
        "Tut es niemand, entscheiden die Tatsachen: ein offenes Issue heißt, dass nicht geliefert wurde.",
    # ---------------------------------------------------------------- on its way, or back
    "{named} went back to the backers.": "{named} gingen an die Geldgeber zurück.",
    "Merged and completed without money.": "Gemergt und ohne Geld abgeschlossen.",
    "{sum} are kept for @{author}[ until {day}]: they sign in and connect a payout account.":
        "{sum} werden[ bis {day}] für @{author} aufbewahrt: anmelden und ein Auszahlungskonto verbinden.",
    "If they don’t, it goes back to the backers by itself.":
        "Sonst geht das Geld von selbst an die Geldgeber zurück.",
    "{sum} leave for @{author} on {day}.": "{sum} gehen am {day} an @{author} ab.",
    "Fresh card money waits before it is transferred.": "Frisches Kartengeld wartet, bevor es überwiesen wird.",
    "A backer’s bank can call its payment back until then.":
        "Bis dahin kann die Bank eines Geldgebers die Zahlung zurückrufen.",
    "{sum} for @{author} wait: outgoing money is stopped[ until {day} at the latest].":
        "{sum} für @{author} warten: ausgehendes Geld ist angehalten[, längstens bis {day}].",
    "Something is looked into.": "Etwas wird geprüft.",
    "Nothing is lost: it leaves by itself afterwards.": "Nichts ist verloren: danach geht es von selbst ab.",
    "{sum} for @{author} wait: a backer’s bank disputes a payment, or suspects fraud.":
        "{sum} für @{author} warten: eine Bank bestreitet eine Zahlung oder vermutet Betrug.",
    "What it concerns is frozen until that is decided.": "Was es betrifft, ruht, bis das entschieden ist.",
    "{sum} wait for @{author}’s payout account.": "{sum} warten auf das Auszahlungskonto von @{author}.",
    "The payment provider asks for something there.": "Der Zahlungsdienst verlangt dort noch etwas.",
    "A transfer to @{author} came back from the payment provider: the operator looks into it.":
        "Eine Überweisung an @{author} kam vom Zahlungsdienst zurück: der Betreiber kümmert sich darum.",
    "At the end of its life the money goes back to the backers by itself.":
        "Am Ende seiner Zeit geht das Geld von selbst an die Geldgeber zurück.",
    "{sum} for @{author} wait until the card money has arrived.":
        "{sum} für @{author} warten, bis das Kartengeld da ist.",
    "It is tried again by itself.": "Es wird von selbst wieder versucht.",
    "{sum} are on their way to @{author}.": "{sum} sind auf dem Weg zu @{author}.",
    "Released at the merge.": "Beim Merge freigegeben.",
    "Paid {named}[ on {day}].": "Bezahlt[ am {day}]: {named}.",
    "Nothing is left to do.": "Es ist nichts mehr zu tun.",
    "Nobody could be paid in the time it may be held here.":
        "Niemand konnte in der Zeit bezahlt werden, in der es hier liegen darf.",
    "The work was merged after the money had gone back to its backers.":
        "Die Arbeit wurde gemergt, nachdem das Geld zurückgegangen war.",
    "Cancelled; money that its card refused is kept for its backer.":
        "Abgesagt; Geld, das die Karte nicht annahm, wird für den Geldgeber aufbewahrt.",
    "Cancelled; all money is on its way back to its backers.":
        "Abgesagt; alles Geld ist auf dem Weg zurück zu den Geldgebern.",
    "Cancelled; all money went back to its backers.": "Abgesagt; alles Geld ging an die Geldgeber zurück.",
    "Cancelled; no money was held.": "Abgesagt; es lag kein Geld bereit.",
    "The issue was closed without a claim.": "Das Issue wurde ohne Anspruch geschlossen.",
    "The issue is gone.": "Das Issue gibt es nicht mehr.",
    "A maintainer cancelled this task.": "Die Betreuer haben diese Aufgabe abgesagt.",
    "The project removed bountyhub from its repository.": "Das Projekt hat bountyhub aus seinem Repository entfernt.",
    "Nobody new wanted it for 180 days.": "180 Tage lang kam niemand Neues dazu, der es wollte.",
    "The maintainers don’t want it funded here.": "Die Betreuer wollen nicht, dass es hier bezahlt wird.",
    # ---------------------------------------------------------------- the check run
    "Merging this releases {sum} of #{n} to @{author}": "Der Merge gibt {sum} von #{n} für @{author} frei",
    "Merging this releases {sum} of #{n} to @{author}, paid once a stop has ended":
        "Der Merge gibt {sum} von #{n} für @{author} frei, bezahlt nach dem Ende eines Halts",
    "Merging this keeps {sum} of #{n} for @{author} until they connect a payout account":
        "Nach dem Merge werden {sum} von #{n} für @{author} aufbewahrt, bis ein Auszahlungskonto da ist",
    "Merging this begins up to {days} days for objections; then {sum} of #{n} go to @{author}":
        "Nach dem Merge kann bis zu {days} Tage widersprochen werden; dann gehen {sum} von #{n} an @{author}",
    "Still a draft: once ready, merging it releases {sum} of #{n} to @{author}":
        "Noch ein Entwurf: ist er fertig, gibt der Merge {sum} von #{n} für @{author} frei",
    "Merging this pays nobody for #{n}: a bot opened it": "Der Merge bezahlt niemanden für #{n}: ein Bot war es",
    "Merging this into {base} pays nothing for #{n}": "Ein Merge nach {base} bezahlt nichts für #{n}",
    "Nothing is held for #{n} yet": "Für #{n} liegt noch nichts bereit",
    "A maintainer has to confirm that this delivers #{n}": "Die Betreuer müssen bestätigen, dass dies #{n} liefert",
    "An objection blocks {sum} of #{n}": "Ein Widerspruch hält {sum} von #{n} auf",
    "All of #{n} is set aside by objections": "Alles von #{n} ist durch Widersprüche zurückgestellt",
    "{sum} of #{n} go to @{author}[ on {day}]": "{sum} von #{n} gehen[ am {day}] an @{author}",
    "#{n} was won by another pull request": "Bei #{n} war ein anderer Pull Request schneller",
    "#{n} was not paid for this pull request": "#{n} wurde für diesen Pull Request nicht bezahlt",
    "#{n} is not linked to this pull request": "#{n} ist mit diesem Pull Request nicht verbunden",
    "#{n} was completed without money": "#{n} wurde ohne Geld abgeschlossen",
    "{sum} of #{n} were released to @{author}": "{sum} von #{n} wurden für @{author} freigegeben",
    "{sum} of #{n} were paid to @{author}": "{sum} von #{n} wurden an @{author} bezahlt",
    "{sum} of #{n} went back: @{author} could not be paid in time":
        "{sum} von #{n} gingen zurück: @{author} konnte nicht rechtzeitig bezahlt werden",
    "{sum} of #{n} are kept for @{author}: sign in and connect a payout account":
        "{sum} von #{n} werden für @{author} aufbewahrt: anmelden und ein Auszahlungskonto verbinden",
    "Of the sum, {sum} were paid less than 14 days ago and can be taken back at once.":
        "Davon wurden {sum} vor weniger als 14 Tagen bezahlt und können sofort zurückgenommen werden.",
    "Outgoing money is stopped until {day} at the latest: {reason}":
        "Ausgehendes Geld ist angehalten, längstens bis {day}: {reason}",
    "Notice of withdrawal was given: {list}. A merge before then wins.":
        "Rücknahme wurde angekündigt: {list}. Ein Merge davor geht vor.",
    # ---------------------------------------------------------------- replies
    "Fund this issue with {sum}: {url}": "Gib {sum} für dieses Issue: {url}",
    "Fund this issue: {url}": "Gib Geld für dieses Issue: {url}",
    "The link is cut.": "Die Verbindung ist getrennt.",
    "Your objection is noted and public.": "Dein Widerspruch ist vermerkt und öffentlich.",
    "This pull request stands for #{n} now.": "Dieser Pull Request steht jetzt für #{n}.",
    "Confirmed: objections are possible until {day}.": "Bestätigt: Widersprüche sind bis {day} möglich.",
    "There is no open task for #{n}.": "Für #{n} gibt es keine offene Aufgabe.",
    "A maintainer can open it on bountyhub.": "Die Betreuer können sie auf bountyhub öffnen.",
    "More than one claim could be meant.": "Es könnte mehr als ein Anspruch gemeint sein.",
    "Say which: `/confirm #12`, `/unlink #12`.": "Sag welcher: `/confirm #12`, `/unlink #12`.",
    "This issue is not open to funding.": "Für dieses Issue wird kein Geld angenommen.",
    "This task is funded in {currency}.": "Für diese Aufgabe wird in {currency} bezahlt.",
    "Write `/bounty 50 {currency}`.": "Schreibe `/bounty 50 {currency}`.",
    "/claim belongs on a pull request.": "/claim gehört zu einem Pull Request.",
    "Comment it on yours, as `/claim #12`.": "Kommentiere damit deinen, etwa `/claim #12`.",
    "Only the author of a pull request can claim with it.": "Nur wer den Pull Request öffnete, kann damit anmelden.",
    "Ask them to.": "Bitte sie darum.",
    "Which issue is it for?": "Für welches Issue ist er?",
    "Write its number, as `/claim #12`.": "Schreibe die Nummer, etwa `/claim #12`.",
    "This pull request is closed.": "Dieser Pull Request ist geschlossen.",
    "Reopen it first.": "Öffne ihn zuerst wieder.",
    "It was merged into “{base}”.": "Er wurde nach „{base}“ gemergt.",
    "Only the default branch's merges are paid.": "Nur Merges in den Standardzweig werden bezahlt.",
    "A maintainer cut this link.": "Die Betreuer haben diese Verbindung getrennt.",
    "Talk to them in the pull request.": "Sprich mit ihnen im Pull Request.",
    "There is no claim here that this could be about.": "Hier gibt es keinen Anspruch, den das meinen könnte.",
    "Check the number of the issue.": "Prüfe die Nummer des Issues.",
    "See the task's page.": "Sieh auf die Seite der Aufgabe.",
    "This comment was edited, so its commands were not carried out.":
        "Dieser Kommentar wurde bearbeitet, darum wurden seine Befehle nicht ausgeführt.",
    "Please write a new one.": "Bitte schreibe einen neuen.",
    "- `/claim #12` (pull request's author): this pull request stands for the task of issue 12":
        "- `/claim #12` (wer den Pull Request öffnete): dieser Pull Request steht für die Aufgabe von Issue 12",
    "- `/confirm` (deciders): accept a claim that was not shown before its merge":
        "- `/confirm` (Entscheider): einen Anspruch annehmen, der vor dem Merge nicht zu sehen war",
    "- `/unlink` (deciders): cut the link of this pull request to its task":
        "- `/unlink` (Entscheider): die Verbindung dieses Pull Requests zu seiner Aufgabe trennen",
    "- `/object reason` (deciders and backers): object while a window is open":
        "- `/object Grund` (Entscheider und Geldgeber): widersprechen, solange die Frist läuft",
    "- `/bounty 50 EUR` (anyone): a link to fund this issue":
        "- `/bounty 50 EUR` (alle): ein Link, um Geld für dieses Issue zu geben",
    # ---------------------------------------------------------------- promises, undone releases, reverts, payees
    "{what} was merged, and nothing is held for it: this is completed[ on {day}].":
        "{what} wurde gemergt, und es liegt nichts dafür bereit: das ist[ am {day}] erledigt.",
    "{what} was merged; backers and maintainers can object until then.":
        "{what} wurde gemergt; bis dahin können Geldgeber und Betreuende widersprechen.",
    "{what} was heard of too late for its window.": "Von {what} wurde zu spät für seine Frist gehört.",
    "{what} was reverted: {rest} stay here unless it is merged again.":
        "{what} wurde zurückgenommen: {rest} bleiben hier, wenn es nicht noch einmal gemergt wird.",
    "When a maintainer merges #{n}, the {sum} that are promised are charged for @{author}.":
        "Wird #{n} gemergt, werden die versprochenen {sum} für @{author} abgebucht.",
    "{sum} that were promised are being charged.": "{sum}, die versprochen waren, werden gerade abgebucht.",
    "A promise that can’t be charged in 7 days lapses.{rest}":
        "Ein Versprechen, das in 7 Tagen nicht abgebucht werden kann, verfällt.{rest}",
    "A promise that can’t be charged in 7 days lapses.":
        "Ein Versprechen, das in 7 Tagen nicht abgebucht werden kann, verfällt.",
    "A maintainer of {project} can also settle it sooner, either way.":
        "Jemand, der {project} betreut, kann es auch früher so oder so entscheiden.",
    "Nothing is held for this yet, and {sum} are promised.": "Noch liegt nichts bereit, und {sum} sind versprochen.",
    "They are charged and paid when a pull request that closes #{n} is merged.":
        "Sie werden abgebucht und ausgezahlt, wenn ein Pull Request gemergt wird, der #{n} schließt.",
    "{sum} more are promised, and charged then.": "Weitere {sum} sind versprochen und werden dann abgebucht.",
    "@{author} can change its base to the default branch, or to another one that the project lists.":
        "@{author} kann ihn auf den Standardzweig umstellen, oder auf einen anderen, den das Projekt nennt.",
    "What comes back is held for this task again.": "Was zurückkommt, liegt wieder für diese Aufgabe bereit.",
    "What comes back goes to the backers.": "Was zurückkommt, geht an die Geldgeber.",
    "The release was undone: {rest} are being taken back.":
        "Die Freigabe wurde aufgehoben: {rest} werden zurückgeholt.",
    "The release was undone: the money went back to its backers.":
        "Die Freigabe wurde aufgehoben: das Geld ging an die Geldgeber zurück.",
    "{sum} are kept for {who}: their account can’t receive money now.":
        "{sum} werden für {who} aufbewahrt: das Konto kann gerade kein Geld empfangen.",
    "They choose where it goes, to the project or to a charity; else it goes back to the backers by itself.":
        "Sie wählen, ob es an das Projekt oder an einen guten Zweck geht; sonst geht es von selbst zurück.",
    "{sum} leave for {who} on {day}.": "{sum} gehen am {day} an {who} ab.",
    "Their payout account is new, or its bank account was changed: money waits a little before it goes there.":
        "Das Auszahlungskonto ist neu, oder seine Bankverbindung wurde geändert: das Geld wartet noch etwas.",
    "{sum} for {who} wait: outgoing money is stopped[ until {day} at the latest].":
        "{sum} für {who} warten: ausgehendes Geld ist angehalten[, längstens bis {day}].",
    "{sum} for {who} wait: a backer’s bank disputes a payment, or suspects fraud.":
        "{sum} für {who} warten: die Bank eines Geldgebers bestreitet eine Zahlung oder vermutet Betrug.",
    "{sum} wait for {who}’s payout account.": "{sum} warten auf das Auszahlungskonto von {who}.",
    "A transfer to {who} came back from the payment provider: the operator looks into it.":
        "Eine Überweisung an {who} kam vom Zahlungsdienst zurück: der Betreiber sieht nach.",
    "{sum} for {who} wait until the card money has arrived.":
        "{sum} für {who} warten, bis das Kartengeld angekommen ist.",
    "{sum} are on their way to {who}.": "{sum} sind unterwegs an {who}.",
    "Cancelled; money that a bank refused is kept for its backer.":
        "Abgesagt; Geld, das eine Bank abgelehnt hat, wird für seinen Geber aufbewahrt.",
    "If that stays so, it goes back to the backers by itself.":
        "Bleibt das so, geht es von selbst an die Geldgeber zurück.",
    "The project’s policy file says that its issues take no money.":
        "Laut der Regeldatei des Projekts nehmen seine Issues kein Geld an.",
    "The project archived its repository: nothing is merged there.":
        "Das Projekt hat sein Repository archiviert: dort wird nichts gemergt.",
    "Merges into these branches pay: {branches}": "Merges in diese Zweige werden bezahlt: {branches}",
    "Only merges into {branches} are paid.": "Nur Merges nach {branches} werden bezahlt.",
    # ---------------------------------------------------------------- a paused project
    "Nobody has funded this, and it takes no money now.":
        "Noch hat niemand Geld gegeben, und gerade wird keines angenommen.",
    "The project is paused[ until {day}]: it takes no new money and no new tasks.":
        "Das Projekt pausiert[ bis {day}]: es nimmt kein neues Geld und keine neuen Aufgaben an.",
    "Noted for {who}.": "Für {who} notiert.",
    "- `/landed @author 1234abc` (deciders): the change is on the branch without a merged pull request":
        "- `/landed @author 1234abc` (Entscheidende): die Änderung ist ohne gemergten Pull Request auf dem Zweig",
}  # fmt: skip
