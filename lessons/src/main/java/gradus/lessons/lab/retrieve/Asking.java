package gradus.lessons.lab.retrieve;

/// The ways in which a dictionary is asked.
enum Asking {
    /// A sentence with a blank; the meaning that belongs there is looked for.
    BLANK("a", "sentence with a blank → meaning"),
    /// A definition; the words that it defines are looked for: a reverse dictionary.
    DEFINITION("b", "definition → word"),
    /// A word; its meanings are looked for.
    WORD("c", "word → meanings");

    final String letter;
    final String title;

    Asking(String letter, String title) {
        this.letter = letter;
        this.title = title;
    }

    /// Whether words are looked for, and not meanings.
    boolean findsWords() {
        return this == DEFINITION;
    }
}
