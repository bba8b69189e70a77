package gradus.lessons.learn.exercise;

import java.util.ArrayList;
import java.util.List;

/// A mistake that learners make: how the right answer becomes wrong by it, and what to tell who made it.
///
/// @param sentence what is wrong, and how it shows
/// @param edits    what is replaced in the right answer's gap
public record Bug(String sentence, List<Edit> edits) {
    public static Bug of(String sentence) {
        return new Bug(sentence, List.of());
    }

    /// The same mistake with one replacement more.
    public Bug replacing(String find, String replace) {
        List<Edit> more = new ArrayList<>(edits);
        more.add(new Edit(find, replace));
        return new Bug(sentence, List.copyOf(more));
    }

    /// The body of the right answer with this mistake made in it.
    public String in(String body) {
        String wrong = body;
        for (Edit edit : edits) {
            wrong = edit.in(wrong);
        }
        return wrong;
    }
}
