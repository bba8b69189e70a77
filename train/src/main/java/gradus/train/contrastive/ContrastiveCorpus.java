package gradus.train.contrastive;

import gradus.error.DataException;
import gradus.tensor.random.Rng;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.DataFiles;
import gradus.train.corpus.WordNet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Examples as lines of a [Corpus], in which a training finds them again by their places: the texts of the
/// first example, those of the second and so on.
public final class ContrastiveCorpus {
    /// The order of WordNet's examples and their words are always the same, so that losses of different runs
    /// compare.
    private static final long WORDNET_ORDER = 31;

    private static final int HELD = 10; // one example of so many of a file is held back

    private ContrastiveCorpus() {}

    /// WordNet by its name, or JSONL files by their paths and globs; of a file's rows the last tenth is held
    /// back.
    ///
    /// @throws DataException if a file is missing, empty or has a row that is no example
    public static Corpus load(List<String> names, boolean hardNegatives) {
        if (names.equals(List.of(Corpus.WORDNET))) {
            GlossExamples examples = new GlossExamples(WordNet.read(), Rng.of(WORDNET_ORDER));
            return corpus(List.of(), examples.training(), examples.validation(), hardNegatives);
        }
        if (names.contains(Corpus.WORDNET)) {
            throw new DataException("wordnet gives examples of its own; they cannot be joined with files");
        }
        List<Path> files = DataFiles.rows(names, "--data");
        List<ContrastiveExample> training = new ArrayList<>();
        List<ContrastiveExample> validation = new ArrayList<>();
        for (Path file : files) {
            List<ContrastiveExample> rows = ExampleFile.read(file, hardNegatives);
            int kept = rows.size() - rows.size() / HELD;
            training.addAll(rows.subList(0, kept));
            validation.addAll(rows.subList(kept, rows.size()));
        }
        if (validation.isEmpty()) {
            throw new DataException("%s: a file must have at least %s rows, of which the last tenth is held back"
                    .formatted(files.getFirst(), HELD));
        }
        return corpus(files, training, validation, hardNegatives);
    }

    /// Writes examples as [#load] reads them.
    ///
    /// @throws gradus.error.ResourceException if the file cannot be written
    public static void write(Path file, List<ContrastiveExample> examples) {
        ExampleFile.write(file, examples);
    }

    private static Corpus corpus(
            List<Path> files,
            List<ContrastiveExample> training,
            List<ContrastiveExample> validation,
            boolean hardNegatives) {
        return Corpus.ofLines(files, lines(training, hardNegatives), lines(validation, hardNegatives));
    }

    private static List<String> lines(List<ContrastiveExample> examples, boolean hardNegatives) {
        return examples.stream()
                .flatMap(each -> each.texts(hardNegatives).stream())
                .toList();
    }
}
