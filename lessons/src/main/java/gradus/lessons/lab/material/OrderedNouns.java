package gradus.lessons.lab.material;

import gradus.train.corpus.WordNetCorpus;
import java.util.List;

/// WordNet's nouns in the order of its files, in which neighbours are related, so that far back in the text is
/// something worth knowing. Every tenth stretch of 1,000 entries is held out.
///
/// @param training   entries to learn from, one a line
/// @param validation those held out
public record OrderedNouns(String training, String validation) {
    private static final int STRETCH = 1000;
    private static final int PARTS = 10;

    /// All of them.
    public static OrderedNouns read() {
        StringBuilder training = new StringBuilder();
        StringBuilder validation = new StringBuilder();
        List<String> entries = WordNetCorpus.entries("noun");
        for (int i = 0; i < entries.size(); i++) {
            (i / STRETCH % PARTS == PARTS - 1 ? validation : training)
                    .append(entries.get(i))
                    .append('\n');
        }
        return new OrderedNouns(training.toString(), validation.toString());
    }
}
