package gradus.lessons.lab.finetune;

import gradus.train.corpus.WordNetCorpus;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// Two texts of the dictionary WordNet, so that it is clear what is old and what is new:
/// ```
/// old   dog: a member of the genus Canis …              nouns, the word and then its gloss
/// new   move along on foot | walk                       verbs, the gloss and then the word
/// ```
/// A model that knows the first has seen most of the words of the second, but neither its layout nor its verbs.
///
/// @param training   entries to learn from, one a line
/// @param validation other entries
record LabTexts(String training, String validation) {
    private static final int HELD_OUT = 800;

    static LabTexts old() {
        return of(WordNetCorpus.entries("noun"));
    }

    static LabTexts changed() {
        List<String> turned = new ArrayList<>();
        for (String entry : WordNetCorpus.entries("verb")) {
            int colon = entry.indexOf(": ");
            turned.add(gloss(entry.substring(colon + 2)) + " | " + entry.substring(0, colon));
        }
        return of(turned);
    }

    /// Without the examples, which contain the word.
    private static String gloss(String text) {
        int example = text.indexOf("; \"");
        return example < 0 ? text : text.substring(0, example);
    }

    private static LabTexts of(List<String> entries) {
        List<String> shuffled = new ArrayList<>(entries);
        Collections.shuffle(shuffled, new Random(1));
        int cut = shuffled.size() - HELD_OUT;
        return new LabTexts(lines(shuffled.subList(0, cut)), lines(shuffled.subList(cut, shuffled.size())));
    }

    private static String lines(List<String> entries) {
        return String.join("\n", entries) + "\n";
    }
}
