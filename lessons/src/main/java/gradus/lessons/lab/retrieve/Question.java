package gradus.lessons.lab.retrieve;

import gradus.train.contrastive.GlossExamples.Held;
import java.util.List;

/// A question with all that is right.
///
/// @param asking   in which way
/// @param held     how much of the meaning that it asks for is kept from training
/// @param text     the question
/// @param relevant ids of meanings, or words, that are right
record Question(Asking asking, Held held, String text, List<String> relevant) {
    Question {
        relevant = List.copyOf(relevant);
    }
}
