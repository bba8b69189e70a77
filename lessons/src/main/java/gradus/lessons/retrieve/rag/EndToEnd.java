package gradus.lessons.retrieve.rag;

import gradus.lessons.retrieve.measure.Bootstrap;
import gradus.lessons.retrieve.search.Document;
import gradus.lessons.retrieve.search.Passage;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/// How often a way of answering is exactly right.
///
/// @param name    of the way
/// @param right   by question: 1 or 0
/// @param unknown the share of questions that it does not answer
/// @param found   the share of questions whose document it has read
public record EndToEnd(String name, double[] right, double unknown, double found) {
    /// Asks all questions.
    ///
    /// @param way gives the answer to a question
    public static EndToEnd of(String name, List<Asked> questions, Function<Asked, Answer> way) {
        return of(name, questions, way, (asked, answer) -> ExactMatch.of(answer.plain(), asked.answer()));
    }

    /// @param isRight whether an answer counts
    public static EndToEnd of(
            String name,
            List<Asked> questions,
            Function<Asked, Answer> way,
            BiFunction<Asked, Answer, Boolean> isRight) {
        double[] right = new double[questions.size()];
        int unknown = 0;
        int found = 0;
        for (int i = 0; i < right.length; i++) {
            Asked asked = questions.get(i);
            Answer answer = way.apply(asked);
            right[i] = isRight.apply(asked, answer) ? 1 : 0;
            unknown += answer.isUnknown() ? 1 : 0;
            found += answer.context().stream()
                            .anyMatch(each -> each.document().id().equals(asked.document()))
                    ? 1
                    : 0;
        }
        return new EndToEnd(name, right, unknown / (double) right.length, found / (double) right.length);
    }

    /// The ceiling: what the reader answers to the right document alone, as a perfect search would bring it.
    ///
    /// @throws gradus.error.DataException if a question's document is not there
    public static EndToEnd oracle(
            List<Asked> questions, Function<String, Optional<Document>> documents, Reading reading) {
        return of("the right document alone", questions, asked -> {
            Document document = documents
                    .apply(asked.document())
                    .orElseThrow(() -> new gradus.error.DataException(
                            "the document of a question is not in the index: " + asked.document()));
            return reading.answer(asked.question(), List.of(new Passage(document, 1)));
        });
    }

    /// The floor: what it answers without reading anything.
    public static EndToEnd closedBook(List<Asked> questions, Reading reading) {
        return of("nothing", questions, asked -> reading.answer(asked.question(), List.of()));
    }

    /// The share that is right, with its 95 % interval.
    public Bootstrap exactMatch() {
        return Bootstrap.of(right, 1);
    }
}
