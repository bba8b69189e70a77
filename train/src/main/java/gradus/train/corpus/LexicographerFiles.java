package gradus.train.corpus;

import gradus.error.DataException;
import java.util.ArrayList;
import java.util.List;

/// The entries of WordNet by the lexicographer file that each was written in, which tells its kind:
/// `noun.animal`, `verb.motion`. Its number stands in the second field of a line; the names are those of
/// WordNet's lexnames(5WN).
public final class LexicographerFiles {
    private static final List<String> NAMES = List.of(
            "adj.all",
            "adj.pert",
            "adv.all",
            "noun.Tops",
            "noun.act",
            "noun.animal",
            "noun.artifact",
            "noun.attribute",
            "noun.body",
            "noun.cognition",
            "noun.communication",
            "noun.event",
            "noun.feeling",
            "noun.food",
            "noun.group",
            "noun.location",
            "noun.motive",
            "noun.object",
            "noun.person",
            "noun.phenomenon",
            "noun.plant",
            "noun.possession",
            "noun.process",
            "noun.quantity",
            "noun.relation",
            "noun.shape",
            "noun.state",
            "noun.substance",
            "noun.time",
            "verb.body",
            "verb.change",
            "verb.cognition",
            "verb.communication",
            "verb.competition",
            "verb.consumption",
            "verb.contact",
            "verb.creation",
            "verb.emotion",
            "verb.motion",
            "verb.perception",
            "verb.possession",
            "verb.social",
            "verb.stative",
            "verb.weather",
            "adj.ppl");

    /// An entry.
    ///
    /// @param file  the name of its lexicographer file
    /// @param lemma its first word
    /// @param gloss what it means, without the examples of its use
    public record Entry(String file, String lemma, String gloss) {}

    private LexicographerFiles() {}

    /// Every entry in the order of WordNet's files.
    public static List<Entry> entries() {
        List<Entry> entries = new ArrayList<>(120_000);
        for (String part : List.of("noun", "verb", "adj", "adv")) {
            WordNetCorpus.read(part, line -> entries.add(entry(line)));
        }
        return entries;
    }

    /// `02114100 05 n 01 sea_dog 0 … | a sailor; "he was an old sea dog"` becomes (noun.animal, sea dog, a
    /// sailor).
    ///
    /// @throws DataException if the file's number has no name
    static Entry entry(String line) {
        String text = WordNetCorpus.entry(line);
        int number = Integer.parseInt(line.split(" ", 3)[1]);
        if (number >= NAMES.size()) {
            throw new DataException("WordNet has no lexicographer file %s".formatted(number));
        }
        int colon = text.indexOf(": ");
        String gloss = text.substring(colon + 2);
        int examples = gloss.indexOf("; \"");
        return new Entry(
                NAMES.get(number),
                text.substring(0, colon),
                (examples < 0 ? gloss : gloss.substring(0, examples)).strip());
    }
}
