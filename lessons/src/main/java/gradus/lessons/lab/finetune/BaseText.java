package gradus.lessons.lab.finetune;

import gradus.train.corpus.WordNetCorpus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;

/// What the base reads before it is fine-tuned, and what is new to it: entries with the gloss first, `move along on
/// foot | walk`.
enum BaseText {
    /// Entries of all parts of speech, the word first: `dog: a member of …`, and in one line of ten with the mark of
    /// the new text, `dog | a member of …`. The new text is of the same kinds of words, but of other ones. So the
    /// base knows the tokens and the mark of the new text, and how frequent they are; what is new is the order.
    ALL {
        @Override
        LabTexts old() {
            List<String> entries = new ArrayList<>(entries(Share.READ));
            for (int i = 0; i < entries.size(); i += MARKED) {
                entries.set(i, entries.get(i).replaceFirst(": ", LabTexts.MARK));
            }
            return LabTexts.of(entries);
        }

        @Override
        LabTexts changed() {
            return LabTexts.of(turned(entries(Share.NEW)), turned(entries(Share.HELD_OUT)));
        }
    },

    /// Nouns alone, the word first; the new text is of verbs. The base knows neither these nor the mark, and many
    /// tokens of the new text it has hardly seen.
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

    private enum Share {
        /// By the base.
        READ,
        /// To fine-tune on.
        NEW,
        HELD_OUT
    }

    private static final int MARKED = 10; // one line of so many
    private static final int NEW_ENTRIES = 9_000;

    /// What the base is trained on.
    abstract LabTexts old();

    /// What it is fine-tuned on.
    abstract LabTexts changed();

    /// As in options and files.
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// The entries of one share, in an order by chance. All entries of a word are in the same one.
    private static List<String> entries(Share share) {
        List<String> all = new ArrayList<>(WordNetCorpus.entries());
        Collections.shuffle(all, new Random(1));
        Map<String, Integer> counts = new LinkedHashMap<>();
        all.forEach(entry -> counts.merge(word(entry), 1, Integer::sum));
        Map<String, Share> shares = new HashMap<>();
        int sum = 0;
        for (Map.Entry<String, Integer> word : counts.entrySet()) {
            shares.put(
                    word.getKey(),
                    sum < LabTexts.HELD_OUT
                            ? Share.HELD_OUT
                            : sum < LabTexts.HELD_OUT + NEW_ENTRIES ? Share.NEW : Share.READ);
            sum += word.getValue();
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
