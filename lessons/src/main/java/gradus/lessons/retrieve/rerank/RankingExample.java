package gradus.lessons.retrieve.rerank;

import static gradus.error.ConfigException.require;

import java.util.List;

/// A question with the passage that answers it and others that do not.
///
/// @param query    the question
/// @param positive the passage that is right
/// @param wrong    passages that are not; best those that a search finds all the same
public record RankingExample(String query, String positive, List<String> wrong) {
    /// @throws gradus.error.ConfigException if there is no wrong passage, or the right one is among them
    public RankingExample {
        wrong = List.copyOf(wrong);
        require(!wrong.isEmpty(), "an example of a ranking needs a passage that is wrong");
        require(!wrong.contains(positive), "a passage cannot be right and wrong at once");
    }
}
