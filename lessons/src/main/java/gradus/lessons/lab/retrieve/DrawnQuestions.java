package gradus.lessons.lab.retrieve;

import gradus.tensor.random.Rng;
import gradus.train.contrastive.Blank;
import gradus.train.contrastive.GlossExamples;
import gradus.train.contrastive.GlossExamples.Held;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Draws questions from WordNet, none twice. Of a meaning of which only texts are held back ([Held#TEXTS]) a
/// definition is asked by a part that is not the first. A definition that has one of its own words in it is
/// left out: it would be found by the word alone. All words of the meaning are right; for a word all its
/// meanings are.
final class DrawnQuestions {
    private final WordNet net;
    private final List<Synset> order;
    private final Set<String> taken = new HashSet<>();

    /// @param rng random numbers for the order in which meanings are tried
    DrawnQuestions(WordNet net, Rng rng) {
        this.net = net;
        this.order = new ArrayList<>(net.synsets());
        for (int last = order.size() - 1; last > 0; last--) {
            int other = rng.index(last, last + 1);
            order.set(last, order.set(other, order.get(last)));
        }
    }

    /// The same, but none that asks for what one of these asks for.
    DrawnQuestions without(List<Question> questions) {
        questions.forEach(question -> taken.addAll(question.relevant()));
        return this;
    }

    /// So many of each way, or as many as there are.
    List<Question> of(Held held, int each) {
        List<Question> questions = new ArrayList<>();
        for (Asking asking : Asking.values()) {
            Set<String> asked = new HashSet<>();
            for (Synset synset : order) {
                if (asked.size() < each && GlossExamples.held(synset) == held) {
                    Question question = question(asking, held, synset);
                    if (question != null
                            && question.relevant().stream().noneMatch(taken::contains)
                            && asked.add(question.text())) {
                        questions.add(question);
                    }
                }
            }
        }
        return questions;
    }

    /// Null where the meaning cannot be asked for in this way.
    private Question question(Asking asking, Held held, Synset synset) {
        return switch (asking) {
            case BLANK ->
                synset.examples().stream()
                        .flatMap(sentence -> Blank.in(sentence, synset.lemmas()).stream())
                        .findFirst()
                        .map(blank -> new Question(asking, held, blank, List.of(synset.id())))
                        .orElse(null);
            case DEFINITION ->
                GlossExamples.parts(synset).stream()
                        .skip(held == Held.TEXTS ? 1 : 0)
                        .filter(part -> Blank.in(part, synset.lemmas()).isEmpty())
                        .findFirst()
                        .map(part -> new Question(asking, held, part, synset.lemmas()))
                        .orElse(null);
            case WORD -> {
                String word = synset.lemmas().getFirst();
                List<String> senses =
                        net.senses(word).stream().map(Synset::id).distinct().toList();
                yield new Question(asking, held, word, senses);
            }
        };
    }
}
