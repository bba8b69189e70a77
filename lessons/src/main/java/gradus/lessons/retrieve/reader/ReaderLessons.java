package gradus.lessons.retrieve.reader;

import gradus.lessons.retrieve.reader.Fact.Question;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.task.Examples;
import java.util.ArrayList;
import java.util.List;

/// What the reader learns from: a few sentences, and questions of which they hold the answers. Three kinds of
/// sentences take turns, so that nothing but reading helps:
///
/// - *associative recall*: words that do not exist, `vomi is a kind of daru.` (Arora et al. 2023, *Zoology*,
///   arXiv:2312.04927);
/// - *counterfactual*: words of WordNet with others' answers;
/// - WordNet's own.
///
/// Sentences that have a word in common with the one that is asked for stand beside it, as a search would bring
/// them up. One question of ten has no answer there; then [ReaderText#UNKNOWN] is right.
final class ReaderLessons {
    private static final int MOST_SENTENCES = 4;
    private static final int QUESTIONS = 4;
    private static final double INVENTED = 0.4;
    private static final double COUNTERFACTUAL = 0.6;
    private static final double WITHOUT_ANSWER = 0.1;
    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";

    private final Facts facts;
    private final Tokenizer tokenizer;
    private final Rng rng;

    ReaderLessons(Facts facts, Tokenizer tokenizer, Rng rng) {
        this.facts = facts;
        this.tokenizer = tokenizer;
        this.rng = rng;
    }

    /// So many lessons as ids; the answers are learned.
    Examples examples(int count) {
        Examples examples = new Examples();
        for (int i = 0; i < count; i++) {
            add(
                    examples,
                    sentences(rng.at("sentences").at(i)),
                    rng.at("questions").at(i));
        }
        return examples;
    }

    private List<Fact> sentences(Rng draw) {
        boolean invented = draw.uniform(0) < INVENTED;
        int count = 1 + draw.index(1, MOST_SENTENCES);
        List<Fact> sentences = new ArrayList<>();
        List<Fact> like = List.of();
        for (int i = 0; i < count; i++) {
            Rng own = draw.at(i);
            Fact fact = invented ? invented(own) : counterfactual(near(like, own), own);
            if (sentences.stream().noneMatch(other -> other.word().equals(fact.word()))) {
                sentences.add(fact);
            }
            like = i == 0 && !invented ? facts.like(fact) : like;
        }
        return shuffled(sentences, draw.at("order"));
    }

    /// One that is like the first, or any.
    private Fact near(List<Fact> like, Rng draw) {
        if (!like.isEmpty() && draw.uniform(0) < 0.5) {
            Fact fact = like.get(draw.index(1, like.size()));
            return facts.isHeld(fact) ? any(draw, 2) : fact;
        }
        return any(draw, 2);
    }

    private Fact any(Rng draw, int number) {
        return facts.training().get(draw.index(number, facts.training().size()));
    }

    private Fact counterfactual(Fact fact, Rng draw) {
        if (draw.uniform(3) >= COUNTERFACTUAL) {
            return fact;
        }
        Fact other = any(draw, 4);
        return fact.withAnswers(
                draw.uniform(5) < 0.5 ? other.kind() : other.word(),
                any(draw, 6).word());
    }

    private static Fact invented(Rng draw) {
        return new Fact(
                invented(draw, "word"),
                invented(draw, "kind"),
                draw.uniform(0) < 0.5 ? null : invented(draw, "synonym"));
    }

    private static String invented(Rng draw, String name) {
        Rng own = draw.at(name);
        StringBuilder word = new StringBuilder();
        int syllables = 2 + own.index(0, 3);
        for (int i = 0; i < syllables; i++) {
            word.append(CONSONANTS.charAt(own.index(1 + 3 * i, CONSONANTS.length())))
                    .append(VOWELS.charAt(own.index(2 + 3 * i, VOWELS.length())));
            if (i == 1 && own.uniform(3 + 3 * i) < 0.3) {
                word.append(' ');
            }
        }
        return word.toString().strip();
    }

    private static List<Fact> shuffled(List<Fact> facts, Rng draw) {
        List<Fact> shuffled = new ArrayList<>(facts);
        for (int i = shuffled.size() - 1; i > 0; i--) {
            shuffled.set(i, shuffled.set(draw.index(i, i + 1), shuffled.get(i)));
        }
        return shuffled;
    }

    private void add(Examples examples, List<Fact> sentences, Rng draw) {
        Ids ids = new Ids();
        ids.add(
                tokenizer.encode(
                        ReaderText.passages(sentences.stream().map(Fact::text).toList())),
                false);
        for (int i = 0; i < QUESTIONS; i++) {
            Rng own = draw.at(i);
            boolean without = own.uniform(0) < WITHOUT_ANSWER;
            int place = own.index(1, sentences.size());
            Fact asked = without ? any(own, 2) : sentences.get(place);
            if (without && sentences.stream().anyMatch(other -> other.word().equals(asked.word()))) {
                continue;
            }
            Question question =
                    asked.questions().get(own.index(3, asked.questions().size()));
            ids.add(tokenizer.encode(ReaderText.question(question.text())), false);
            ids.add(tokenizer.encode(ReaderText.answer(without ? ReaderText.UNKNOWN : question.answer())), true);
        }
        if (ids.learns() && ids.size() <= Reader.CONTEXT) {
            examples.add(ids.ids(), ids.learned());
        }
    }
}
