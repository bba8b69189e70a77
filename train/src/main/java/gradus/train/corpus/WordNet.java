package gradus.train.corpus;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// WordNet 3.1 as a net: its synsets, each a meaning with the words that have it, and which is a kind of
/// which. What it says is the known truth that answers of a model are held against.
public final class WordNet {
    private static final int HEADER = 3; // offset, file of the lexicographer, part of speech
    private static final int POINTER = 4; // symbol, offset, part of speech, source and target

    private final SequencedMap<String, Synset> synsets = new LinkedHashMap<>();
    private final SequencedMap<String, List<Synset>> byLemma = new LinkedHashMap<>();

    /// A meaning.
    ///
    /// @param id         part of speech and offset, such as `n02087069`
    /// @param lemmas     the words that have it, with spaces
    /// @param hypernyms  ids of what it is a kind of; instances such as `Paris` count too
    /// @param definition the gloss without examples
    /// @param examples   sentences of the gloss
    public record Synset(
            String id, List<String> lemmas, List<String> hypernyms, String definition, List<String> examples) {
        /// Whether it is a noun's meaning.
        public boolean isNoun() {
            return id.charAt(0) == 'n';
        }

        /// As a dictionary has it: `dog, domestic dog: a member of the genus Canis …`.
        public String entry() {
            return String.join(", ", lemmas) + ": " + definition;
        }
    }

    private WordNet() {}

    /// Reads all of it, in the order of the files.
    ///
    /// @throws gradus.error.DataException if the dictionary is not on the class path
    public static WordNet read() {
        WordNet net = new WordNet();
        for (String part : WordNetCorpus.PARTS) {
            WordNetCorpus.read(part, line -> net.add(synset(line)));
        }
        return net;
    }

    private void add(Synset synset) {
        synsets.put(synset.id, synset);
        synset.lemmas.forEach(lemma ->
                byLemma.computeIfAbsent(lemma, word -> new ArrayList<>()).add(synset));
    }

    /// `02114100 05 n 01 sea_dog 0 001 @ 02086723 n 0000 | a sailor; "an old sea dog" `: the number of words is
    /// hexadecimal, that of pointers decimal; `@` points to a hypernym and `@i` to the class of an instance.
    static Synset synset(String line) {
        int bar = line.indexOf('|');
        String[] fields = line.substring(0, bar).split(" ");
        String part = fields[2].equals("s") ? "a" : fields[2];
        int words = Integer.parseInt(fields[HEADER], 16);
        List<String> lemmas = new ArrayList<>();
        int at = HEADER + 1;
        for (int i = 0; i < words; i++, at += 2) {
            int marker = fields[at].indexOf('(');
            lemmas.add((marker < 0 ? fields[at] : fields[at].substring(0, marker)).replace('_', ' '));
        }
        List<String> hypernyms = new ArrayList<>();
        int pointers = Integer.parseInt(fields[at++]);
        for (int i = 0; i < pointers; i++, at += POINTER) {
            if (fields[at].equals("@") || fields[at].equals("@i")) {
                hypernyms.add(fields[at + 2] + fields[at + 1]);
            }
        }
        String gloss = line.substring(bar + 1).strip();
        int quote = gloss.indexOf('"');
        String definition =
                (quote < 0 ? gloss : gloss.substring(0, quote)).strip().replaceAll("[;:,\\s]+$", "");
        return new Synset(part + fields[0], lemmas, hypernyms, definition, examples(gloss));
    }

    /// What stands in quotes, as whole texts.
    private static List<String> examples(String gloss) {
        String[] parts = gloss.split("\"", -1);
        return Arrays.stream(parts)
                .skip(1)
                .filter(part -> !part.isBlank() && part.strip().length() > 3)
                .map(String::strip)
                .filter(part -> !part.startsWith(";") && !part.startsWith(","))
                .toList();
    }

    /// All meanings, in the order of the files.
    public List<Synset> synsets() {
        return List.copyOf(synsets.values());
    }

    /// All words, in the order in which the files name them.
    public List<String> lemmas() {
        return List.copyOf(byLemma.keySet());
    }

    /// The meanings of a word; none for a word that is not there.
    public List<Synset> senses(String lemma) {
        return byLemma.getOrDefault(lemma, List.of());
    }

    /// What a meaning is a kind of, one step up.
    public List<Synset> hypernyms(Synset synset) {
        return synset.hypernyms.stream().map(synsets::get).toList();
    }

    /// The ids of everything that a word is a kind of, in any of its meanings as a noun, itself included.
    public Set<String> kinds(String lemma) {
        Set<String> found = new HashSet<>();
        Deque<Synset> open = new ArrayDeque<>();
        senses(lemma).stream().filter(Synset::isNoun).forEach(open::add);
        while (!open.isEmpty()) {
            Synset next = open.pop();
            if (found.add(next.id)) {
                open.addAll(hypernyms(next));
            }
        }
        return found;
    }
}
