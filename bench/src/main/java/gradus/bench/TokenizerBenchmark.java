package gradus.bench;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import gradus.bench.TokenizerFigures.Encoding;
import gradus.bench.TokenizerFigures.Hard;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.corpus.ParallelEncoder;
import gradus.tokenizer.corpus.Progress;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.corpus.Corpus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;

/// Times the byte-level BPE on WordNet: 4,096 tokens, GPT-2's pre-tokens.
final class TokenizerBenchmark {
    static final int CORES = Runtime.getRuntime().availableProcessors();
    private static final int VOCABULARY = 4096;
    private static final int DOCUMENT = 1 << 16; // chars, about; long enough that a call costs nothing beside it
    private static final int MEGABYTE = 1_000_000;
    private static final List<String> UNITS = List.of("x", "^", "0", "'s", " ", "\n");

    private final String text = Corpus.wordnet(); // ASCII: a char is a byte
    private final List<String> documents = documents(text);
    private ByteLevelBpe bpe;

    private static List<String> documents(String text) {
        List<String> documents = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int end = text.indexOf('\n', Math.min(text.length() - 1, from + DOCUMENT)) + 1;
            documents.add(text.substring(from, end));
            from = end;
        }
        return documents;
    }

    /// Training, by the number of threads.
    Map<Integer, Timing> training() {
        Map<Integer, Timing> timings = new LinkedHashMap<>();
        for (int threads : threads()) {
            BpeTrainer trainer = new BpeTrainer(BpeTrainerOptions.of(VOCABULARY), threads, Progress.NONE);
            timings.put(threads, Timing.of(2, 5, () -> bpe = trainer.train(text)));
        }
        return timings;
    }

    private static int[] threads() {
        return CORES == 1 ? new int[] {1} : new int[] {1, CORES};
    }

    /// Encoding by Gradus, and by Hugging Face's Rust library with the same vocabulary, on the same documents.
    List<Encoding> encoding() throws IOException {
        List<Encoding> encodings = new ArrayList<>();
        encodings.add(encoding("gradus", 1, Timing.ofThisThread(2, 7, () -> documents.forEach(bpe::encode))));
        if (CORES > 1) {
            ParallelEncoder all = new ParallelEncoder(bpe).withThreads(CORES);
            encodings.add(encoding("gradus", CORES, Timing.of(2, 7, () -> all.encode(documents))));
        }
        System.setProperty("ai.djl.offline", "true");
        Path folder = Files.createTempDirectory("gradus");
        Tokenizers.save(bpe, folder);
        Path file = folder.resolve("tokenizer.json");
        var options = Map.of("addSpecialTokens", "false", "truncation", "false", "padding", "false");
        try (HuggingFaceTokenizer rust = HuggingFaceTokenizer.newInstance(file, options)) {
            for (String document : documents) {
                requireSame(bpe, rust, document);
            }
            encodings.add(encoding(
                    "hugging face",
                    1,
                    Timing.ofThisThread(0, 3, () -> documents.forEach(it -> rust.encode(it, false, false)))));
        } finally {
            Files.delete(file);
            Files.delete(folder);
        }
        return encodings;
    }

    private Encoding encoding(String who, int threads, Timing timing) {
        double kilobytes = text.length() / 1e3; // a kilobyte a millisecond is a megabyte a second
        return new Encoding(who, threads, kilobytes / timing.millis(), kilobytes / timing.cpuMillis());
    }

    private static void requireSame(Tokenizer mine, HuggingFaceTokenizer rust, String document) {
        int[] theirs = LongStream.of(rust.encode(document, false, false).getIds())
                .mapToInt(Math::toIntExact)
                .toArray();
        if (!Arrays.equals(mine.encode(document), theirs)) {
            throw new IllegalStateException("the two libraries disagree on: " + document.substring(0, 80));
        }
    }

    /// Runs of one thing and random letters, which are one word each to a careless encoder.
    List<Hard> hard() {
        List<Hard> hard = new ArrayList<>();
        for (String unit : UNITS) {
            String name = "'" + unit.replace("\n", "\\n") + "' repeated";
            hard.add(hard(name, unit.repeat(MEGABYTE / unit.length())));
        }
        hard.add(hard("random letters", letters(26)));
        hard.add(hard("random a and b", letters(2)));
        return hard;
    }

    private static String letters(int kinds) {
        Random random = new Random(1);
        StringBuilder letters = new StringBuilder(MEGABYTE);
        for (int i = 0; i < MEGABYTE; i++) {
            letters.append((char) ('a' + random.nextInt(kinds)));
        }
        return letters.toString();
    }

    private Hard hard(String name, String whole) {
        String half = whole.substring(0, whole.length() / 2);
        Timing one = Timing.ofThisThread(8, 15, () -> bpe.encode(half));
        Timing two = Timing.ofThisThread(8, 15, () -> bpe.encode(whole));
        return new Hard(name, one.millis(), two.millis(), two.cpuMillis() / one.cpuMillis());
    }
}
