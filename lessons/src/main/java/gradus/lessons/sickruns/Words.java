package gradus.lessons.sickruns;

import gradus.tensor.random.Rng;
import gradus.tokenizer.CharTokenizer;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What the runs learn from: 3,600 words of WordNet, of four kinds that end quite differently: names of
/// plants and animals, adverbs, nouns in -tion, verbs with a particle. In lower case, one a line.
final class Words {
    private static final int OF_EACH = 900;
    private static final Pattern GENUS = Pattern.compile("genus [A-Z][a-z]+");
    private static final Pattern LY = Pattern.compile("[a-z]+ly");
    private static final Pattern TION = Pattern.compile("[a-z]+tion");
    private static final Pattern PARTICLE = Pattern.compile("[a-z]{2,} (?:up|down|out|off|in|on|over|away)");
    private static final List<List<String>> KINDS = kinds();
    private static final CharTokenizer TOKENIZER = CharTokenizer.of(text(sorted()));

    private Words() {}

    private static List<List<String>> kinds() {
        List<String> lemmas = WordNetCorpus.entries().stream()
                .map(entry -> entry.substring(0, entry.indexOf(": ")))
                .distinct()
                .toList();
        return List.of(
                some(lemmas, lemma -> GENUS.matcher(lemma).matches()),
                some(lemmas, lemma -> LY.matcher(lemma).matches()),
                some(lemmas, lemma -> TION.matcher(lemma).matches()),
                some(lemmas, lemma -> PARTICLE.matcher(lemma).matches()));
    }

    private static List<String> some(List<String> lemmas, Predicate<String> kind) {
        List<String> words = new ArrayList<>(lemmas.stream()
                .filter(kind)
                .map(lemma -> lemma.replace("genus ", "").toLowerCase(Locale.ROOT))
                .toList());
        shuffle(words, Rng.of(1));
        return List.copyOf(words.subList(0, Math.min(OF_EACH, words.size())));
    }

    private static void shuffle(List<String> words, Rng rng) {
        for (int last = words.size() - 1; last > 0; last--) {
            Collections.swap(words, last, rng.index(last, last + 1));
        }
    }

    private static List<String> sorted() {
        return KINDS.stream().flatMap(List::stream).toList();
    }

    private static String text(List<String> words) {
        return String.join("\n", words) + "\n";
    }

    /// How many tokens there are.
    static int vocabularySize() {
        return TOKENIZER.vocabularySize();
    }

    /// All words, shuffled, a tenth of them held back.
    static Split shuffled(long seed) {
        List<String> words = new ArrayList<>(sorted());
        shuffle(words, Rng.of(seed).at("words"));
        return Split.holdOut(TOKENIZER.encode(text(words)), 0.1);
    }

    /// One kind after the other, as in four files; the words held back are of all kinds.
    static Split oneKindAfterTheOther(long seed) {
        List<String> words = new ArrayList<>();
        for (List<String> kind : KINDS) {
            List<String> own = new ArrayList<>(kind);
            shuffle(own, Rng.of(seed).at("kind"));
            words.addAll(own);
        }
        return new Split(
                Tokens.of(TOKENIZER.encode(text(words))), shuffled(seed).validation());
    }

    /// Only so many tokens to learn from, the usual ones to measure with.
    static Split few(long seed, int tokens) {
        Split all = shuffled(seed);
        return new Split(all.train().part(0, tokens), all.validation());
    }
}
