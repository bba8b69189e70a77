package gradus.lessons.lab.retrieve;

import gradus.lessons.retrieve.rerank.RankingExample;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What a reranker learns from: questions with a passage that is right and with wrong ones that a search found
/// all the same, hard negatives.
final class MinedLists {
    /// Wrong passages of a question.
    static final int WRONG = 7;

    private static final int DEPTH = 25; // from so many of what was found they are drawn

    private MinedLists() {}

    /// Questions of which a search finds too few wrong passages are left out.
    ///
    /// @param texts the text of a document
    static List<RankingExample> of(List<Question> questions, Retriever search, UnaryOperator<String> texts, Rng rng) {
        List<RankingExample> examples = new ArrayList<>();
        for (int q = 0; q < questions.size(); q++) {
            Question question = questions.get(q);
            Set<String> right = new HashSet<>(question.relevant());
            String positive =
                    texts.apply(question.relevant().get(rng.at(q).at("right").index(0, right.size())));
            List<String> wrong = new ArrayList<>();
            for (Hit hit : search.search(question.text(), DEPTH)) {
                String text = texts.apply(hit.id());
                if (!right.contains(hit.id()) && !text.equals(positive)) {
                    wrong.add(text);
                }
            }
            if (wrong.size() >= WRONG) {
                examples.add(new RankingExample(question.text(), positive, some(wrong, rng.at(q))));
            }
        }
        return examples;
    }

    private static List<String> some(List<String> all, Rng rng) {
        List<String> some = new ArrayList<>(all);
        for (int i = 0; i < WRONG; i++) { // Fisher and Yates, from the front
            int other = i + rng.index(i, some.size() - i);
            some.set(i, some.set(other, some.get(i)));
        }
        return some.subList(0, WRONG);
    }
}
