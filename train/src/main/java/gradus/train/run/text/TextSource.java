package gradus.train.run.text;

import gradus.error.DataException;
import gradus.error.FileReason;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.TextBlocks;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.ToIntBiFunction;

/// Text from a file, from WordNet or from standard input, read as it is needed.
///
/// @param name  what errors call it
/// @param bytes how many there are; -1 where nobody knows
public record TextSource(InputStream stream, String name, long bytes) implements AutoCloseable {

    /// WordNet by its name, or a file by its path.
    ///
    /// @param option of the command line that names it
    /// @throws DataException if there is no such file, or it is empty or cannot be read
    public static TextSource of(String nameOrFile, String option) {
        if (nameOrFile.equals(Corpus.WORDNET)) {
            byte[] text = Corpus.wordnet().getBytes(StandardCharsets.UTF_8);
            return new TextSource(new ByteArrayInputStream(text), nameOrFile, text.length);
        }
        Path file = Path.of(nameOrFile);
        if (!Files.exists(file)) {
            throw new DataException(file + " does not exist; " + option + " takes one UTF-8 text file or wordnet");
        }
        if (Files.isDirectory(file)) {
            throw new DataException(file + " is a folder; " + option + " takes one UTF-8 text file or wordnet");
        }
        try {
            return new TextSource(Files.newInputStream(file), nameOrFile, Files.size(file));
        } catch (IOException e) {
            throw new DataException(file + " cannot be read: " + FileReason.of(e), e);
        }
    }

    /// A text that is there already.
    public static TextSource of(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return new TextSource(new ByteArrayInputStream(bytes), "the text", bytes.length);
    }

    public static TextSource stdin() {
        return new TextSource(System.in, "standard input", -1);
    }

    /// The text in blocks that end where `cut` says.
    public TextBlocks blocks(ToIntBiFunction<String, Integer> cut) {
        return new TextBlocks(stream, name, cut);
    }

    /// The text as a whole.
    public String whole() {
        StringBuilder text = new StringBuilder();
        blocks(TextBlocks::betweenWords).forEach(text::append);
        return text.toString();
    }

    @Override
    public void close() {
        try {
            if (stream != System.in) {
                stream.close();
            }
        } catch (IOException readAlready) {
            // What was read is good.
        }
    }
}
