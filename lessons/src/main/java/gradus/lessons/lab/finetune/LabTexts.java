package gradus.lessons.lab.finetune;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/// A text of the dictionary WordNet.
///
/// @param training   entries to learn from, one a line
/// @param validation other entries
record LabTexts(String training, String validation) {
    /// How many entries are held out.
    static final int HELD_OUT = 800;

    /// Between a gloss and its word.
    static final String MARK = " | ";

    /// In an order by chance, the last ones held out.
    static LabTexts of(List<String> entries) {
        List<String> shuffled = new ArrayList<>(entries);
        Collections.shuffle(shuffled, new Random(1));
        int cut = shuffled.size() - HELD_OUT;
        return of(shuffled.subList(0, cut), shuffled.subList(cut, shuffled.size()));
    }

    /// As they are.
    static LabTexts of(List<String> training, List<String> validation) {
        return new LabTexts(lines(training), lines(validation));
    }

    private static String lines(List<String> entries) {
        return String.join("\n", entries) + "\n";
    }
}
