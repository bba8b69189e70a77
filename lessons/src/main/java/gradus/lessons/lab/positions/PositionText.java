package gradus.lessons.lab.positions;

import gradus.error.UsageException;
import gradus.lessons.lab.material.OrderedNouns;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.corpus.Corpus;
import gradus.train.task.Split;
import java.nio.file.Path;

/// A text in tokens of a byte-level BPE that was trained on it.
///
/// @param name       of the text
/// @param vocabulary V
/// @param split      what is learned from, and what is measured
record PositionText(String name, int vocabulary, Split split) {
    private static final int LEARNED = 1_000_000; // characters that the tokenizer is trained on

    /// WordNet's nouns.
    static PositionText nouns(int vocabulary) {
        OrderedNouns nouns = OrderedNouns.read();
        return of("wordnet's nouns", vocabulary, nouns.training(), nouns.validation());
    }

    /// A file of which the last tenth is measured.
    ///
    /// @throws gradus.error.DataException if it cannot be read
    /// @throws UsageException             if it is no text
    static PositionText file(Path file, int vocabulary) {
        Corpus corpus = Corpus.load(file.toString());
        if (!corpus.tokens().isEmpty()) {
            throw new UsageException("--data takes a text; " + file + " holds tokens");
        }
        String name = corpus.title() + " " + corpus.files().getFirst().sha256();
        return of(
                name, vocabulary, corpus.training().text(), corpus.validation().text());
    }

    private static PositionText of(String name, int vocabulary, String training, String validation) {
        String part = training.substring(0, Math.min(LEARNED, training.length()));
        Tokenizer tokenizer = new BpeTrainer(BpeTrainerOptions.of(vocabulary)).train(part);
        return new PositionText(
                name, tokenizer.vocabularySize(), new Split(tokenizer.encode(training), tokenizer.encode(validation)));
    }

    /// Where windows of a length begin, at equal distances in what is measured.
    ///
    /// @throws gradus.error.DataException if there is not one
    long[] starts(int length, int windows) {
        long size = split.validation().size();
        Corpus.requireTokens("validation", name, size, length);
        long room = size - length - 1;
        long[] starts = new long[windows];
        for (int i = 0; i < windows; i++) {
            starts[i] = windows == 1 ? 0 : room * i / (windows - 1);
        }
        return starts;
    }
}
