package gradus.lessons.lab.knowledge;

import java.util.List;

/// What a fact says of something: where somebody lives, by what trade, and who rules a town. Each can be asked
/// for in several ways, which end with what is asked about.
public enum Relation {
    /// The town in which a person lives.
    HOME("home", "where lives", "which town welcomes", "what roof shelters", "who houses"),
    /// The trade of a person.
    CRAFT("craft", "what does", "which trade occupies", "what work feeds", "who employs"),
    /// The ruler of a town.
    MAYOR("mayor", "who rules", "which hand governs", "what head leads", "who commands");

    /// In how many ways each is asked for.
    public static final int WAYS = 4;

    private final String word;
    private final List<String> questions;

    Relation(String word, String... questions) {
        this.word = word;
        this.questions = List.of(questions);
    }

    /// How a statement begins.
    public String word() {
        return word;
    }

    /// How a question begins.
    ///
    /// @param way 0 to 3
    public String question(int way) {
        return questions.get(way);
    }
}
