package gradus.lessons.lab.prefer;

import static gradus.error.ConfigException.require;

import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.train.corpus.WordNet;
import gradus.train.corpus.WordNet.Synset;
import gradus.train.preference.PreferencePairs;
import gradus.train.task.Examples;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/// Words of WordNet with one meaning each, and questions about them. A pair asks what a word means; the chosen
/// answer is its meaning, and the rejected one is that of another word of the list.
///
/// @param words in an order by chance
record GlossPairs(List<Word> words) {
    private static final int LONGEST = 70; // characters of a meaning

    /// A word.
    ///
    /// @param lemma   the word
    /// @param meaning its gloss
    /// @param kind    what it is a kind of
    record Word(String lemma, String meaning, String kind) {
        String question() {
            return "What does \"" + lemma + "\" mean?\n";
        }

        String kindQuestion() {
            return "What kind of thing is \"" + lemma + "\"?\n";
        }
    }

    /// Nouns with a single, short meaning that no other of them has.
    ///
    /// @param count how many
    /// @throws gradus.error.ConfigException if there are not so many
    static GlossPairs of(WordNet net, int count) {
        List<Word> all = new ArrayList<>();
        List<String> meanings = new ArrayList<>();
        for (String lemma : net.lemmas()) {
            List<Synset> senses = net.senses(lemma);
            Synset sense = senses.getFirst();
            boolean fits = lemma.matches("[a-z]{4,10}")
                    && senses.size() == 1
                    && sense.isNoun()
                    && !sense.hypernyms().isEmpty()
                    && sense.lemmas().getFirst().equals(lemma)
                    && !sense.definition().isEmpty()
                    && sense.definition().length() <= LONGEST;
            if (fits) {
                all.add(new Word(
                        lemma,
                        sense.definition(),
                        net.hypernyms(sense).getFirst().lemmas().getFirst()));
                meanings.add(sense.definition());
            }
        }
        all.removeIf(word -> Collections.frequency(meanings, word.meaning) > 1);
        require(count <= all.size(), "there are %d words that fit; got %d", all.size(), count);
        Rng rng = Rng.of(1).at("words");
        for (int i = 0; i < count; i++) { // Fisher and Yates, as far as needed
            Collections.swap(all, i, i + rng.index(i, all.size() - i));
        }
        return new GlossPairs(List.copyOf(all.subList(0, count)));
    }

    /// Some of the words.
    GlossPairs part(int from, int to) {
        return new GlossPairs(words.subList(from, to));
    }

    /// All that is written about the words, for a tokenizer to learn from.
    String text() {
        StringBuilder text = new StringBuilder();
        words.forEach(word -> text.append(word.question())
                .append(word.meaning)
                .append('\n')
                .append(word.kindQuestion())
                .append(word.kind)
                .append('\n'));
        return text.toString();
    }

    /// The meanings as examples to be learned by heart.
    Examples meanings(Tokenizer tokenizer) {
        Examples examples = new Examples();
        words.forEach(word -> add(examples, tokenizer, word.question(), word.meaning));
        return examples;
    }

    /// What they are kinds of, the same way.
    Examples kinds(Tokenizer tokenizer) {
        Examples examples = new Examples();
        words.forEach(word -> add(examples, tokenizer, word.kindQuestion(), word.kind));
        return examples;
    }

    /// Both.
    Examples all(Tokenizer tokenizer) {
        Examples examples = new Examples();
        for (Word word : words) {
            add(examples, tokenizer, word.question(), word.meaning);
            add(examples, tokenizer, word.kindQuestion(), word.kind);
        }
        return examples;
    }

    private static void add(Examples examples, Tokenizer tokenizer, String question, String answer) {
        int[] asked = tokenizer.encode(question);
        int[] said = tokenizer.encode(answer + "\n");
        int[] ids = Arrays.copyOf(asked, asked.length + said.length);
        System.arraycopy(said, 0, ids, asked.length, said.length);
        boolean[] learned = new boolean[ids.length];
        Arrays.fill(learned, asked.length, ids.length, true);
        examples.add(ids, learned);
    }

    /// Pairs: each word so many times, each time with the meaning of another word. Numbers `first` to
    /// `first + times - 1` of a word have different wrong meanings, so that other numbers are other pairs.
    ///
    /// @param first   the first number
    /// @param times   how many of each word
    /// @param swapped the share of pairs, drawn by chance, whose answers are exchanged
    /// @param rng     random numbers for the words that give wrong meanings, and for the exchange
    PreferencePairs pairs(Tokenizer tokenizer, int first, int times, double swapped, Rng rng) {
        require(first + times < words.size(), "there are %d words, too few for so many pairs of each", words.size());
        PreferencePairs pairs = new PreferencePairs();
        for (int n = first; n < first + times; n++) {
            for (int w = 0; w < words.size(); w++) {
                int others = words.size() - 1;
                int shift = 1 + (rng.at("shift").index(w, others) + n) % others; // never the word itself
                int[] question = tokenizer.encode(words.get(w).question());
                int[] right = tokenizer.encode(words.get(w).meaning + "\n");
                int[] wrong = tokenizer.encode(words.get((w + shift) % words.size()).meaning + "\n");
                boolean exchanged = rng.at("swap").at(n).uniform(w) < swapped;
                pairs.add(question, exchanged ? wrong : right, exchanged ? right : wrong);
            }
        }
        return pairs;
    }
}
