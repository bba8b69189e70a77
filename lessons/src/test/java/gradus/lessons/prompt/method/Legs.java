package gradus.lessons.prompt.method;

import gradus.lessons.prompt.ScriptedModel;
import gradus.lessons.prompt.demonstration.Demonstration;
import java.util.List;

/// A question with two others that are worked out, and what a model writes of it.
final class Legs {
    static final String QUESTION = "How many legs have three cats?";
    static final List<Demonstration> SHOWN = List.of(
            new Demonstration("How many legs have two birds?", "A bird has 2 legs. 2 * 2 = 4.", "4"),
            Demonstration.of("How many legs has a fish?", "0"));

    private Legs() {}

    /// Writes a rationale, then an answer.
    static ScriptedModel model() {
        return ScriptedModel.inOrder(" A cat has 4 legs. 3 * 4 = 12.", " 12.");
    }
}
