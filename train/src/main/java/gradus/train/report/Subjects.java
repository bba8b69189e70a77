package gradus.train.report;

import gradus.error.GradusException;
import gradus.train.checkpoint.CheckpointJson;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.TextPart;
import gradus.train.run.RunConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.SavedEncoder;
import gradus.train.run.SavedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// Finds the models of runs, and texts for them.
final class Subjects {
    private static final int CHARACTERS = 4000; // a text of that many has more tokens than a page shows

    private Subjects() {}

    /// The model of a run of `gradus train` that ended; nothing of any other, or if it cannot be opened.
    static Optional<Subject> of(RunFolder folder, Consumer<String> say) {
        if (!Files.isRegularFile(folder.weights())
                || !CheckpointJson.read(folder.config()).has("model")) {
            return Optional.empty();
        }
        try {
            RunConfig config = RunConfig.read(folder);
            return switch (config.task()) {
                case LM ->
                    Optional.of(new DecoderSubject(
                            SavedModel.open(folder.path()), config.model().heads(), config.train()));
                case MLM ->
                    SavedEncoder.find(folder.path(), false).map(saved -> new EncoderSubject(saved, config.train()));
                default -> Optional.empty();
            };
        } catch (GradusException cannot) {
            say.accept(folder.path() + ": the model cannot be looked into: " + cannot.getMessage());
            return Optional.empty();
        }
    }

    /// Text that a run did not learn from; what it wrote itself where its data is gone.
    static Optional<String> text(Subject subject, RunFolder folder, Consumer<String> say) {
        try {
            RunConfig.Data data = RunConfig.read(folder).data();
            data.requireThere(folder.path());
            Corpus corpus = Corpus.load(data.names(), data.files() == null);
            if (corpus.tokens().isEmpty()) {
                for (TextPart.Block block : corpus.validation()) {
                    return Optional.of(block.text()
                            .substring(0, Math.min(CHARACTERS, block.text().length())));
                }
            }
        } catch (GradusException gone) {
            say.accept(folder.path() + ": " + gone.getMessage() + "; its own samples are shown instead");
        }
        try {
            return Optional.of(Files.readString(folder.samples())
                            .lines()
                            .filter(line -> !line.isBlank() && isReadable(subject, line)) // no headings
                            .collect(Collectors.joining(isReadable(subject, "\n") ? "\n" : "")))
                    .filter(text -> !text.isBlank());
        } catch (IOException none) {
            return Optional.empty();
        }
    }

    private static boolean isReadable(Subject subject, String line) {
        try {
            return subject.encode(line).length > 0;
        } catch (GradusException unknownCharacter) {
            return false;
        }
    }
}
