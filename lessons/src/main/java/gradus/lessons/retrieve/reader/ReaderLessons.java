package gradus.lessons.retrieve.reader;

import gradus.lessons.retrieve.reader.Fact.Question;
import gradus.lessons.retrieve.search.Hit;
import gradus.lessons.retrieve.search.Retriever;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.task.Examples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/// What the reader learns from: a few sentences, and questions of which they hold the answers. Three kinds of
/// sentences take turns, so that nothing but reading helps:
///
/// - *associative recall*: words that do not exist, `vomi is a kind of daru.` (Arora et al. 2023, *Zoology*,
///   arXiv:2312.04927);
/// - *counterfactual*: words of WordNet with others' answers;
/// - WordNet's own.
///
/// WordNet's words stand beside those that a search for the question brings up with them, as they will when it
/// is read from an index (Zhang et al. 2024, *RAFT*, arXiv:2403.10131); the first question is about the one
/// that was searched for. One question of ten has no answer there; it is about a word that the search would
/// have brought up next. Then [ReaderText#UNKNOWN] is right.
final class ReaderLessons {
    private static final int MOST_SENTENCES = 4;
    private static final int QUESTIONS = 4;
    private static final double INVENTED = 0.25;
    private static final double COUNTERFACTUAL = 0.6;
    private static final double WITHOUT_ANSWER = 0.1;
    private static final String CONSONANTS = "bdfgklmnprstvz";
    private static final String VOWELS = "aeiou";

    private final List<Fact> facts;
    private final Map<String, Fact> byWord;
    private final Retriever search;
    private final Tokenizer tokenizer;
    private final Rng rng;

    /// @param facts  that may be learned from, of different words
    /// @param search finds documents whose ids are their words, of which those without a fact are passed over
    ReaderLessons(List<Fact> facts, Retriever search, Tokenizer tokenizer, Rng rng) {
        this.facts = facts;
        this.byWord = facts.stream().collect(Collectors.toMap(Fact::word, fact -> fact));
        this.search = search;
        this.tokenizer = tokenizer;
        this.rng = rng;
    }

    /// So many lessons as ids; the answers are learned.
    Examples examples(int count) {
        Examples examples = new Examples();
        for (int i = 0; i < count; i++) {
            Rng draw = rng.at("sentences").at(i);
            boolean invented = draw.uniform(0) < INVENTED;
            add(
                    examples,
                    invented ? invented(draw) : found(draw),
                    rng.at("questions").at(i));
        }
        return examples;
    }

    /// What is read.
    ///
    /// @param sought what was searched for, null if it is not there
    /// @param left   what is left out
    private record Shown(List<Fact> sentences, Fact sought, List<Fact> left) {}

    /// What a search brings up for a question about some word.
    private Shown found(Rng draw) {
        int count = 1 + draw.index(1, MOST_SENTENCES);
        Fact any = any(draw, 2);
        Question question = question(any, draw, 3);
        List<Fact> found = Hit.ids(search.search(question.text(), 2 * MOST_SENTENCES)).stream()
                .map(byWord::get)
                .filter(Objects::nonNull)
                .toList();
        List<Fact> sentences = new ArrayList<>();
        for (Fact fact : found.subList(0, Math.min(count, found.size()))) {
            sentences.add(counterfactual(fact, draw.at(sentences.size())));
        }
        Fact sought = sentences.stream()
                .filter(fact -> fact.word().equals(any.word()))
                .findFirst()
                .orElse(null);
        return new Shown(shuffled(sentences, draw.at("order")), sought, found.subList(sentences.size(), found.size()));
    }

    private Shown invented(Rng draw) {
        int count = 1 + draw.index(1, MOST_SENTENCES);
        List<Fact> facts = new ArrayList<>();
        for (int i = 0; i < count + 1; i++) {
            Fact fact = oneInvented(draw.at(i));
            if (facts.stream().noneMatch(other -> other.word().equals(fact.word()))) {
                facts.add(fact);
            }
        }
        return new Shown(facts.subList(1, facts.size()), null, facts.subList(0, 1));
    }

    private static Question question(Fact fact, Rng draw, int number) {
        List<Question> questions = fact.questions();
        return questions.get(draw.index(number, questions.size()));
    }

    private Fact any(Rng draw, int number) {
        return facts.get(draw.index(number, facts.size()));
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

    private static Fact oneInvented(Rng draw) {
        return new Fact(word(draw, "word"), word(draw, "kind"), draw.uniform(0) < 0.5 ? null : word(draw, "synonym"));
    }

    private static String word(Rng draw, String name) {
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

    private void add(Examples examples, Shown shown, Rng draw) {
        List<Fact> sentences = shown.sentences();
        if (sentences.isEmpty()) {
            return;
        }
        Ids ids = new Ids();
        ids.add(
                tokenizer.encode(
                        ReaderText.passages(sentences.stream().map(Fact::text).toList())),
                false);
        for (int i = 0; i < QUESTIONS; i++) {
            Rng own = draw.at(i);
            boolean without = own.uniform(0) < WITHOUT_ANSWER && !shown.left().isEmpty();
            List<Fact> from = without ? shown.left() : sentences;
            boolean sought = i == 0 && !without && shown.sought() != null;
            Question question = question(sought ? shown.sought() : from.get(own.index(1, from.size())), own, 3);
            ids.add(tokenizer.encode(ReaderText.question(question.text())), false);
            ids.add(tokenizer.encode(ReaderText.answer(without ? ReaderText.UNKNOWN : question.answer())), true);
        }
        if (ids.size() <= Reader.CONTEXT) {
            examples.add(ids.ids(), ids.learned());
        }
    }
}
