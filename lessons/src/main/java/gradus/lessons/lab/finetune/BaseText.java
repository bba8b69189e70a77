package gradus.lessons.lab.finetune;

import gradus.train.corpus.WordNetCorpus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/// What the base reads before it is fine-tuned on verbs, the gloss first: `move along on foot | walk`.
enum BaseText {
    /// All parts of speech, the word first: `dog: a member of …`, and in one line of ten with the mark of the new
    /// text, `dog | a member of …`. Of the verbs it reads a third; those of the new text are others. So the base
    /// knows the words and the marks of the new text, and what is new is its order.
    ALL {
        @Override
        LabTexts old() {
            List<String> entries = new ArrayList<>();
            List.of("noun", "adj", "adv").forEach(part -> entries.addAll(WordNetCorpus.entries(part)));
            entries.addAll(verbs(READ));
            Collections.shuffle(entries, new Random(1)); // so that the mark is not always at the same kind of word
            for (int i = 0; i < entries.size(); i += MARKED) {
                entries.set(i, entries.get(i).replaceFirst(": ", LabTexts.MARK));
            }
            return LabTexts.of(entries);
        }

        @Override
        LabTexts changed() {
            return LabTexts.of(turned(verbs(NEW)), turned(verbs(HELD_OUT)));
        }
    },

    /// Nouns alone, the word first: the base knows neither the verbs nor the mark, and many tokens of the new
    /// text it has hardly seen.
    NOUNS {
        @Override
        LabTexts old() {
            return LabTexts.of(WordNetCorpus.entries("noun"));
        }

        @Override
        LabTexts changed() {
            return LabTexts.of(turned(WordNetCorpus.entries("verb")));
        }
    };

    private static final int MARKED = 10; // one line of so many
    private static final int READ = 0; // by the base
    private static final int NEW = 1; // to fine-tune on
    private static final int HELD_OUT = 2;

    /// What the base is trained on.
    abstract LabTexts old();

    /// What it is fine-tuned on.
    abstract LabTexts changed();

    /// As in options and files.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The verbs of one share. All entries of a word are in the same one.
    private static List<String> verbs(int share) {
        List<String> all = new ArrayList<>(WordNetCorpus.entries("verb"));
        Collections.shuffle(all, new Random(1));
        Map<String, Integer> counts = new HashMap<>();
        all.forEach(entry -> counts.merge(word(entry), 1, Integer::sum));
        Map<String, Integer> shares = new HashMap<>();
        int held = 0;
        int turn = 0;
        Set<String> seen = new HashSet<>();
        for (String entry : all) {
            String word = word(entry);
            if (!seen.add(word)) {
                continue;
            }
            if (held < LabTexts.HELD_OUT) {
                held += counts.get(word);
                shares.put(word, HELD_OUT);
            } else {
                shares.put(word, turn++ % 3 == 0 ? READ : NEW);
            }
        }
        return all.stream().filter(entry -> shares.get(word(entry)) == share).toList();
    }

    private static String word(String entry) {
        return entry.substring(0, entry.indexOf(": "));
    }

    /// The gloss first, without the examples, which contain the word.
    private static List<String> turned(List<String> entries) {
        List<String> turned = new ArrayList<>();
        for (String entry : entries) {
            String word = word(entry);
            String text = entry.substring(word.length() + 2);
            int example = text.indexOf("; \"");
            turned.add((example < 0 ? text : text.substring(0, example)) + LabTexts.MARK + word);
        }
        return turned;
    }
}
