"""The bot in German: what it says of commands, attempts and splits."""

from __future__ import annotations

SENTENCES = {
    # ---------------------------------------------------------------- attempts
    "Noted until {day}.": "Notiert bis {day}.",
    "Know this before you start.": "Gut zu wissen, bevor du anfängst.",
    "See {url}": "Siehe {url}",
    "Nobody here knew that you are on it.": "Hier wusste niemand, dass du daran arbeitest.",
    "Write `/attempt` to say that you are.": "Schreibe `/attempt`, um es zu sagen.",
    "This issue has no task here.": "Dieses Issue hat hier keine Aufgabe.",
    "Write it on an issue that is funded.": "Schreibe es unter ein Issue, für das Geld bereitliegt.",
    "Write `/{command}` alone, on the issue it is about.":
        "Schreibe `/{command}` allein, unter das Issue, um das es geht.",
    "Which task is it about?": "Um welche Aufgabe geht es?",
    "Write it on the issue.": "Schreibe es unter das Issue.",
    "- `/attempt`, `/unattempt` (any developer): you are on it, or not any more":
        "- `/attempt`, `/unattempt` (wer entwickelt): du arbeitest daran, oder nicht mehr",
    "- Too many in a short time are not carried out, which 👀 says: write them again later.":
        "- Zu viele in kurzer Zeit werden nicht ausgeführt, was 👀 heißt: schreibe sie später noch einmal.",
    "Its author has {n} other live claims: until one of them is over, this one keeps no money here.":
        "Wer ihn öffnete, hat {n} andere laufende Ansprüche: bis einer davon vorbei ist, hält dieser kein Geld fest.",
    "Its author has not said that they are on it, so it keeps no money here.":
        "Wer ihn öffnete, hat nicht gesagt, daran zu arbeiten; so hält er kein Geld.",
    "Merging it pays all the same.": "Ein Merge bezahlt ihn trotzdem.",
    "Only open tasks can be worked on.": "Arbeiten kann man nur an offenen Aufgaben.",
    "You are on {n} tasks already: {tasks}.": "Du arbeitest schon an {n} Aufgaben: {tasks}.",
    "Take one of them back first: `/unattempt` there, or the button on its page.":
        "Nimm zuerst eine zurück: `/unattempt` dort, oder der Knopf auf ihrer Seite.",
    "{n} people are on it already.": "{n} Leute arbeiten schon daran.",
    "You need no place among them to open a pull request: the first merged one is paid.":
        "Für einen Pull Request brauchst du keinen Platz unter ihnen: der erste gemergte wird bezahlt.",
    "The project said no to this.": "Das Projekt hat dazu nein gesagt.",
    "Only its maintainers can begin it anew.": "Nur wer das Projekt betreut, kann es neu beginnen.",
    "This task has no milestones.": "Diese Aufgabe hat keine Meilensteine.",
    # ---------------------------------------------------------------- splits
    "Merging this releases {sum} of #{n}: {shares}": "Der Merge gibt {sum} von #{n} frei: {shares}",
    "Merging this releases {sum} of #{n}: {shares}, paid once a stop has ended":
        "Der Merge gibt {sum} von #{n} frei: {shares}; bezahlt wird, sobald ein Halt vorbei ist",
    "Still a draft: once ready, merging it releases {sum} of #{n}: {shares}":
        "Noch ein Entwurf: ist er fertig, gibt der Merge {sum} von #{n} frei: {shares}",
    "/split belongs on a pull request.": "/split gehört an einen Pull Request.",
    "Comment it on yours.": "Kommentiere damit deinen.",
    "It was merged: who is paid was decided then.": "Er wurde gemergt: wer bezahlt wird, stand damit fest.",
    "While objections are possible, a maintainer can `/unlink` it; then say `/landed`.":
        "Solange man widersprechen kann, kann wer das Projekt betreut ihn mit `/unlink` trennen; danach `/landed`.",
    "Talk to a maintainer.": "Sprich mit jemandem, der das Projekt betreut.",
    "That is too long to be read.": "Das ist zu lang, um gelesen zu werden.",
    "That is not a list of people with their percentages.": "Das ist keine Liste von Leuten mit ihren Prozenten.",
    "Write `{command}`: percentages that are 100 together.": "Schreibe `{command}`: Prozente, die zusammen 100 sind.",
    "Nobody is named.": "Niemand ist genannt.",
    "Those are {n} people.": "Das sind {n} Leute.",
    "Name at most {n}.": "Nenne höchstens {n}.",
    "@{author} is named twice.": "@{author} ist zweimal genannt.",
    "Nobody can get 0 percent.": "Niemand kann 0 Prozent bekommen.",
    "Leave out who gets nothing.": "Lass weg, wer nichts bekommt.",
    "Those are {n} percent together.": "Das sind zusammen {n} Prozent.",
    "There is no @{author}.": "Es gibt kein @{author}.",
    "Write `{command}` with their names on {forge}.": "Schreibe `{command}` mit ihren Namen auf {forge}.",
    "This pull request stands for no task.": "Dieser Pull Request steht für keine Aufgabe.",
    "Write `/claim #12` first.": "Schreibe zuerst `/claim #12`.",
    "Only the author of a pull request says how it is split.":
        "Nur wer den Pull Request öffnete, sagt, wie er geteilt wird.",
    "Two of these names are one person.": "Zwei dieser Namen sind dieselbe Person.",
    "Name them once.": "Nenne sie einmal.",
    "Name people.": "Nenne Menschen.",
    "@{author} is a bot, and bots can't be paid.": "@{author} ist ein Bot, und Bots können nicht bezahlt werden.",
    "- `/split @ana 70 @bo 30` (pull request's author, before the merge): who gets how many percent":
        "- `/split @ana 70 @bo 30` (wer den Pull Request öffnete, vor dem Merge): wer wie viel Prozent bekommt",
}  # fmt: skip
