"""The issues of the seeded repositories: (repository, author, title, labels, body in Markdown), oldest first."""

from __future__ import annotations

ISSUES: tuple[tuple[str, str, str, tuple[str, ...], str], ...] = (
    (
        "ana/inkwell",
        "cleo",
        "Export to EPUB keeps footnotes at the end of each chapter",
        ("enhancement",),
        """\
Inkwell exports a folder of notes as one EPUB, but all footnotes land on one page at the end of the book. E-readers
show footnotes as a pop-up only when they stand in the same file as their mark.

**Expected**

- footnotes are written at the end of *their* chapter, as `<aside epub:type="footnote">`
- marks link to them and back

**Done when** the book passes `epubcheck` and the pop-ups work on a reader.
""",
    ),
    (
        "ana/inkwell",
        "dara",
        "Crash when a note's name ends with a dot",
        ("bug",),
        """\
1. Make a note called `etc.`
2. Close the window
3. Start Inkwell again

```
FileNotFoundError: [Errno 2] No such file or directory: 'etc'
```

The dot is cut off when the list of open notes is written. Seen with 2.3.1 on Linux and Windows.
""",
    ),
    (
        "ana/inkwell",
        "bo",
        "Right-to-left paragraphs: caret jumps to the wrong end",
        ("bug", "help wanted"),
        """\
In a paragraph that begins in Arabic or Hebrew, the Home and End keys work the wrong way round, and a click at the end
of the line puts the caret at its start. `dir="auto"` per block would mend most of it; selections across two
directions need thought.
""",
    ),
    (
        "ana/inkwell",
        "ana",
        "Sync two folders without a server",
        ("enhancement", "help wanted"),
        """\
Many of you ask for this. A plan we could live with:

1. one journal per device, next to the notes
2. merge by paragraph, newest wins, the loser is kept as a note of its own
3. no daemon: it happens when the window opens and closes

Please, no accounts and no cloud of ours.
""",
    ),
    (
        "ana/inkwell",
        "eve",
        "Document the plug-in interface",
        ("documentation", "good first issue"),
        """\
There are three plug-ins in the wild, all written by reading our source. One page with a complete example, the list of
hooks and what may change between versions would be enough.
""",
    ),
    (
        "ana/pinsel",
        "dara",
        "Snap to the middle of other shapes",
        ("enhancement",),
        """\
Edges snap, middles don't. Guides should appear for the centre of every visible shape and for equal distances between
three of them. Off while <kbd>Alt</kbd> is held.
""",
    ),
    (
        "ana/pinsel",
        "cleo",
        "SVG import loses gradients that refer to another gradient",
        ("bug",),
        """\
`<linearGradient id="b" href="#a"/>` takes its stops from `#a`. We read `b` as empty, so the shape turns black.
A sample file and what other programs show is in the first comment.
""",
    ),
    (
        "ana/pinsel",
        "ana",
        "Undo forgets everything after a reload",
        ("enhancement", "good first issue"),
        """\
The history is an array in memory. Keep the last 200 steps in IndexedDB with the drawing, so that a reload or a crash
costs nothing. Old drawings without a history must still open.
""",
    ),
    (
        "ana/pinsel",
        "bo",
        "Pressure of a pen is ignored in Firefox",
        ("bug", "help wanted"),
        """\
`PointerEvent.pressure` arrives (0 … 1), but the brush takes it only from WebKit's old field. Needs a test with
made-up events, since hardly anybody has the tablet at hand.
""",
    ),
    (
        "eve/almanac",
        "ana",
        "Recurring events across a daylight-saving change shift by an hour",
        ("bug",),
        """\
A weekly meeting at 09:00 in `Europe/Berlin` shows at 08:00 after the last Sunday in October: the rule is expanded in
UTC. RFC 5545 says local time.
""",
    ),
    (
        "eve/almanac",
        "dara",
        "Merge two calendars and show conflicts side by side",
        ("enhancement", "help wanted"),
        """\
When the same event was changed on the phone and on the desk, the later upload wins silently. Show both, field by
field, and let me choose.
""",
    ),
    (
        "eve/almanac",
        "cleo",
        "Read-only sharing link for a single event",
        ("enhancement",),
        """\
I want to send one event, not my calendar. The link should not be guessable, should end with the event, and should
work without an account.
""",
    ),
    (
        "eve/almanac",
        "eve",
        "Package for Debian stable",
        ("help wanted",),
        """\
Two dependencies are too new for stable. Either we lower them or vendor them; the maintainers of the package team
would take it as soon as `cargo build --locked` works with 1.85.
""",
    ),
    ("ana/secret", "ana", "Plans for the next major version", (), "Not ready to be seen.\n"),
    ("ana/secret", "ana", "Security review of the import filters", ("bug",), "Embargoed until it is mended.\n"),
    ("ana/secret", "eve", "Names we could trade-mark", ("question",), "None of them is free in all countries.\n"),
    ("ana/secret", "ana", "Budget of the spring sprint", (), "Trains, rooms, food.\n"),
)
