package gradus.train.cli.tokenizer;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.DataFiles;
import gradus.train.corpus.TextBlocks;
import gradus.train.run.text.TextSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.StreamSupport;

/// Texts that are read one after another, each opened when its turn comes. No word reaches from one into the next.
///
/// @param names paths, or wordnet
record TextFiles(List<String> names, String option) {

    /// The files of some paths and globs, or WordNet by its name.
    ///
    /// @param option of the command line that names them
    /// @throws DataException if one does not exist or may not be read
    static TextFiles of(List<String> named, String option) {
        if (named.equals(List.of(Corpus.WORDNET))) {
            return new TextFiles(named, option);
        }
        List<String> paths =
                DataFiles.texts(named, option).stream().map(Path::toString).toList();
        return new TextFiles(paths, option);
    }

    /// How many bytes there are; -1 where nobody knows.
    long bytes() {
        long bytes = 0;
        for (String name : names) {
            if (name.equals(Corpus.WORDNET)) {
                return -1;
            }
            try {
                bytes += Files.size(Path.of(name));
            } catch (IOException e) {
                throw new DataException(name + " cannot be read: " + FileReason.of(e), e);
            }
        }
        return bytes;
    }

    /// Hands over each text, open.
    void forEach(Consumer<TextSource> reader) {
        for (String name : names) {
            try (TextSource source = TextSource.of(name, option)) {
                reader.accept(source);
            }
        }
    }

    /// The blocks of all texts, to be read once.
    Iterable<String> blocks() {
        return () -> names.stream()
                .flatMap(name -> {
                    TextSource source = TextSource.of(name, option);
                    return StreamSupport.stream(
                                    source.blocks(TextBlocks::betweenWords).spliterator(), false)
                            .onClose(source::close);
                })
                .iterator();
    }

    /// As a message calls them: the one by its name, or how many there are.
    String name() {
        return names.size() == 1 ? names.getFirst() : names.size() + " files";
    }
}
