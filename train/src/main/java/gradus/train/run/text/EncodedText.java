package gradus.train.run.text;

import gradus.error.FileReason;
import gradus.error.ResourceException;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.TokenFile;
import gradus.tokenizer.corpus.TokenFileWriter;
import gradus.train.corpus.Corpus;
import gradus.train.corpus.Corpus.FileFacts;
import gradus.train.corpus.FileTokens;
import gradus.train.corpus.TextPart;
import gradus.train.task.Split;
import gradus.train.task.Tokens;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// The data as tokens: in memory, or, where the text is large, in two files that are read where they are needed.
///
/// @param bits what a validation loss is in bits per byte
public record EncodedText(Split split, BitsPerByte bits) {
    /// Texts above this many bytes go to files; `-Dgradus.data.inMemory=<bytes>` changes it.
    private static final long IN_MEMORY = 64L << 20;

    /// Encodes both parts.
    ///
    /// @param folder for the files, if there are to be any
    /// @param reuse  whether files that are there are known to be of this very text
    public static EncodedText of(Corpus corpus, ModelText how, Path folder, boolean reuse) {
        if (!corpus.tokens().isEmpty()) {
            return ofTokenFiles(corpus, how.tokenizer());
        }
        Split split = isLarge(corpus)
                ? new Split(
                        inFile(how, corpus.training(), folder.resolve("training.bin"), reuse),
                        inFile(how, corpus.validation(), folder.resolve("validation.bin"), reuse))
                : new Split(inMemory(how, corpus.training()), inMemory(how, corpus.validation()));
        return new EncodedText(split, bits(split.validation(), corpus.validation()));
    }

    private static boolean isLarge(Corpus corpus) {
        long bytes = corpus.files().stream().mapToLong(FileFacts::bytes).sum();
        return bytes > Long.getLong("gradus.data.inMemory", IN_MEMORY);
    }

    /// The tokens of one part, in memory.
    static Tokens inMemory(ModelText how, TextPart text) {
        List<int[]> parts = new ArrayList<>();
        how.encode(text, parts::add);
        int[] all = new int
                [Math.toIntExact(parts.stream().mapToLong(part -> part.length).sum())];
        int at = 0;
        for (int[] part : parts) {
            System.arraycopy(part, 0, all, at, part.length);
            at += part.length;
        }
        return Tokens.of(all);
    }

    private static Tokens inFile(ModelText how, TextPart text, Path file, boolean reuse) {
        if (!reuse || !Files.exists(file)) {
            write(how, text, file);
        }
        TokenFile tokens = TokenFile.open(file);
        tokens.checkTokenizer(how.tokenizer());
        return new FileTokens(tokens);
    }

    private static void write(ModelText how, TextPart text, Path file) {
        try (TokenFileWriter writer = new TokenFileWriter(file, how.tokenizer())) {
            how.encode(text, writer);
            writer.finish();
        }
    }

    /// The tokens of a text for a moment: large ones lie in a file that is removed when the program ends.
    public static Tokens forNow(ModelText how, Corpus corpus, TextPart text) {
        if (!isLarge(corpus)) {
            return inMemory(how, text);
        }
        try {
            Path file = Files.createTempFile("gradus", ".bin");
            file.toFile().deleteOnExit();
            write(how, text, file);
            return new FileTokens(TokenFile.open(file));
        } catch (IOException e) {
            throw new ResourceException("no temporary file can be made: " + FileReason.of(e), e);
        }
    }

    // --- token files

    private static EncodedText ofTokenFiles(Corpus corpus, Tokenizer tokenizer) {
        Tokens all = tokens(corpus, tokenizer);
        long cut = Corpus.cut(all.size());
        Split split = new Split(all.part(0, cut), all.part(cut, all.size()));
        return new EncodedText(split, new BitsPerByte(split.validation().size(), bytes(split.validation(), tokenizer)));
    }

    /// The ids of all token files, one behind the other.
    ///
    /// @throws gradus.error.DataException if another tokenizer made them
    public static Tokens tokens(Corpus corpus, Tokenizer tokenizer) {
        corpus.tokens().forEach(file -> file.checkTokenizer(tokenizer));
        return Tokens.of(corpus.tokens().stream().<Tokens>map(FileTokens::new).toList());
    }

    /// How many bytes of text tokens stand for.
    public static long bytes(Tokens tokens, Tokenizer tokenizer) {
        StreamingDecoder decoder = tokenizer.decoder();
        long[] bytes = {0};
        tokens.forEachChunk((from, ids) -> {
            StringBuilder text = new StringBuilder();
            for (int id : ids) {
                text.append(decoder.accept(id));
            }
            bytes[0] += text.toString().getBytes(StandardCharsets.UTF_8).length;
        });
        return bytes[0] + decoder.finish().getBytes(StandardCharsets.UTF_8).length;
    }

    public static BitsPerByte bits(Tokens tokens, TextPart text) {
        long bytes = 0;
        for (String block : text.texts()) {
            bytes += block.getBytes(StandardCharsets.UTF_8).length;
        }
        return new BitsPerByte(tokens.size(), bytes);
    }
}
