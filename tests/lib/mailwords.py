"""The words that genmail.py makes mail of: English, German, Japanese."""

PEOPLE = {
    "en": [
        ("Bob Carter", "bob.carter@example.com"),
        ("Carol Nguyen", "carol@example.net"),
        ("Dr. Erin O'Neill", "erin.oneill@example.edu"),
        ("Frank Ortiz", "frank@shop.example.com"),
        ("Grace Okafor", "grace.okafor@example.org"),
        ("Heidi Larsen", "heidi@example.net"),
        ("Ivan Petrov", "ivan@example.com"),
        ("Jos\u00e9 Garc\u00eda", "jose@example.com"),
        ("build system", "noreply@ci.example.net"),
        ("Mallory White", "mallory@example.com"),
    ],
    "de": [
        ("J\u00f6rg M\u00fcller", "joerg.mueller@example.de"),
        ("Anne Gro\u00df", "anne.gross@example.de"),
        ("B\u00fcrgeramt S\u00fcd", "post@amt.example.de"),
        ("Katrin Schr\u00f6der", "k.schroeder@example.de"),
        ("Uwe Bauer", "uwe@example.de"),
    ],
    "ja": [
        ("\u5c71\u7530\u592a\u90ce", "taro.yamada@example.jp"),
        ("\u4f50\u85e4 \u7f8e\u54b2", "misaki@example.jp"),
        ("\u7530\u4e2d\u4e00\u90ce", "tanaka@example.jp"),
    ],
}

SUBJECTS = {
    "en": [
        "Minutes of meeting {n}", "The {thing} is late again",
        "Question about the {thing}", "Budget for week {n}",
        "Lunch on the {n}th?", "New version of the {thing}",
        "Please review: {thing}", "Invoice {n} for your {thing}",
        "Tickets for the concert", "Patch {n}/99: fix the {thing}",
        "Your {thing} has been shipped", "Notes on the {thing}",
        "Server maintenance in room {n}", "Photos from the trip",
    ],
    "de": [
        "Protokoll der Sitzung {n}", "R\u00fcckfrage: {thing}",
        "Gr\u00fc\u00dfe aus M\u00fcnchen", "Angebot f\u00fcr {thing}",
        "Terminverschiebung in Woche {n}", "\u00c4nderung am Plan {n}",
        "Rechnung {n}: {thing}", "Urlaub im n\u00e4chsten Fr\u00fchling",
    ],
    "ja": [
        "\u7b2c{n}\u56de\u4f1a\u8b70\u306e\u8b70\u4e8b\u9332",
        "{thing}\u306b\u3064\u3044\u3066\u306e\u304a\u554f\u3044\u5408\u308f"
        "\u305b", "\u6765\u9031\u306e\u4e88\u5b9a", "{thing}\u306e\u9032"
        "\u6357\u5831\u544a",
    ],
}

THINGS = {
    "en": ["harbour plan", "printer", "release", "report", "garden fence",
           "coffee machine", "mail server", "contract", "bicycle", "survey"],
    "de": ["Hafenplan", "Drucker", "Gutachten", "Br\u00fccke",
           "Kaffeemaschine", "Vertrag", "B\u00fccherregal", "Spundwand"],
    "ja": ["\u8a2d\u8a08\u56f3", "\u5951\u7d04\u66f8", "\u6a4b",
           "\u5831\u544a\u66f8"],
}

SENTENCES = {
    "en": [
        "I have looked at the {thing} again.",
        "We agreed on {n} hours, and no more.",
        "Could you send me the {thing} by Friday?",
        "The numbers in table {n} do not add up.",
        "Nobody on the list had seen this before.",
        "It works here, but only after a restart of the {thing}.",
        "Thank you for the quick answer.",
        "Let us talk about the {thing} when you are back.",
        "There were {n} people in the room, and each had an opinion.",
        "I would rather wait until the {thing} has been tested.",
    ],
    "de": [
        "Ich habe mir das noch einmal angesehen: {thing}.",
        "Vereinbart waren {n} Stunden, nicht mehr.",
        "K\u00f6nnten Sie mir bis Freitag antworten?",
        "Die Ma\u00dfe auf Blatt {n} stimmen nicht.",
        "Sch\u00f6ne Gr\u00fc\u00dfe auch an die \u00fcbrigen Kollegen.",
        "Das m\u00fcssen wir vor dem Gie\u00dfen kl\u00e4ren.",
        "F\u00fcr die {n} Pf\u00e4hle fehlt noch die Freigabe.",
    ],
    "ja": [
        "\u304a\u4e16\u8a71\u306b\u306a\u3063\u3066\u304a\u308a\u307e\u3059"
        "\u3002", "{thing}\u3092\u6dfb\u4ed8\u3057\u307e\u3059\u3002",
        "\u4f1a\u8b70\u306f{n}\u6642\u306b\u59cb\u307e\u308a\u307e\u3059"
        "\u3002", "\u3054\u78ba\u8a8d\u3092\u304a\u9858\u3044\u3044\u305f"
        "\u3057\u307e\u3059\u3002", "\u3088\u308d\u3057\u304f\u304a\u9858"
        "\u3044\u3057\u307e\u3059\u3002",
    ],
}

FILES = {
    "en": [("report.pdf", "application/pdf"), ("photo.jpg", "image/jpeg"),
           ("numbers.csv", "text/csv"), ("fix.patch", "text/x-diff"),
           ("minutes.odt", "application/vnd.oasis.opendocument.text")],
    "de": [("Lageplan Hafen.pdf", "application/pdf"),
           ("\u00dcbersicht.pdf", "application/pdf"),
           ("Gr\u00f6\u00dfen.csv", "text/csv")],
    "ja": [("\u8b70\u4e8b\u9332.pdf", "application/pdf"),
           ("\u8a2d\u8a08\u56f3.png", "image/png")],
}

SHOUTS = ["News of the week", "Only today!", "Thank you for your order",
          "What is new", "Your statement"]

ZONES = ["+0000", "+0100", "+0100", "+0200", "-0500", "-0800", "+0900",
         "+0530"]


def fill(text, width):
    """Lines of at most @width characters, broken at blanks if there are
    any."""
    if " " not in text:
        width //= 2
        return [text[at:at + width] for at in range(0, len(text), width)]
    lines, line = [], ""
    for word in text.split(" "):
        if line and len(line) + 1 + len(word) > width:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    return lines + [line]
