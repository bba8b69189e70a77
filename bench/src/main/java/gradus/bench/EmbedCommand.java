package gradus.bench;

import ai.onnxruntime.OrtException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.config.BertConfig;
import gradus.tensor.kernel.vector.Parallel;
import gradus.tensor.random.Rng;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.OnnxWeights;
import gradus.train.checkpoint.Weights;
import gradus.train.corpus.WordNetCorpus;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.pretrained.SentenceSettings;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The MiniLM sentence encoder here and in ONNX Runtime, on the same texts.
@Command(
        name = "embed",
        mixinStandardHelpOptions = true,
        description = "Times sentence embeddings of WordNet's entries beside ONNX Runtime's.")
final class EmbedCommand implements Callable<Integer> {
    private static final String MODEL = "all-minilm-l6-v2";

    @Option(names = "--texts", description = "how many; default: ${DEFAULT-VALUE}")
    private int count = 3200;

    @Option(names = "--rounds", description = "the best of how many counts; default: ${DEFAULT-VALUE}")
    private int rounds = 4;

    @Override
    public Integer call() throws IOException, OrtException {
        List<String> entries = WordNetCorpus.entries();
        int step = entries.size() / count;
        List<String> texts =
                IntStream.range(0, count).mapToObj(i -> entries.get(i * step)).toList();
        Path folder = Files.createTempDirectory("gradus");
        Path model = unpack(MODEL + ".onnx", folder.resolve("model.onnx"));
        Path json = unpack(MODEL + "-tokenizer.json", folder.resolve("tokenizer.json"));
        TokenizerPipeline tokenizer = (TokenizerPipeline) Tokenizers.load(folder);
        BertEncoder encoder = new BertEncoder(BertConfig.miniLm(), Rng.of(1));
        Weights.load(OnnxWeights.open(model), encoder);
        try (OnnxSentences theirs = new OnnxSentences(model, Parallel.THREADS)) {
            compare(texts, tokenizer, encoder, theirs);
        } finally {
            Files.delete(model);
            Files.delete(json);
            Files.delete(folder);
        }
        return 0;
    }

    /// Like is held against like in the first two rows: both encoders get the same padded batches. The third
    /// takes each at its best: the library batches texts of one length, and pads none; ONNX Runtime's users
    /// sort, if they know.
    private void compare(List<String> texts, TokenizerPipeline tokenizer, BertEncoder encoder, OnnxSentences theirs) {
        PaddedSentences padded = new PaddedSentences(encoder);
        int length = tokenizer.truncation().orElseThrow().maxLength(); // where the padded batches are cut
        SentenceEmbedding ours =
                new SentenceEmbedding(encoder, tokenizer, SentenceSettings.MINI_LM.withMaxLength(length));
        PaddedBatches given = new PaddedBatches(tokenizer, false);
        PaddedBatches sorted = new PaddedBatches(tokenizer, true);
        List<Supplier<float[][]>> ways = List.of(
                () -> given.embed(texts, padded),
                () -> given.embed(texts, theirs),
                () -> sorted.embed(texts, padded),
                () -> sorted.embed(texts, theirs),
                () -> ours.embed(texts));
        double[] best = new double[ways.size()];
        for (int round = 0; round < rounds; round++) { // in turn, so that all meet the same machine
            for (int way = 0; way < best.length; way++) {
                best[way] = Math.max(best[way], speed(ways.get(way)));
            }
        }
        System.out.printf(
                "all-MiniLM-L6-v2, %,d entries of WordNet, tokenising included, %d threads, texts/s%n",
                texts.size(), Parallel.THREADS);
        System.out.printf("  %-31s %9s %13s %6s %10s%n", "", "gradus", "ONNX Runtime", "ratio", "positions");
        print("both padded, in the order given", best[0], best[1], given.positions(texts));
        print("both padded, sorted by length", best[2], best[3], sorted.positions(texts));
        print("each at its best", Math.max(best[4], best[2]), Math.max(best[1], best[3]), 0);
        System.out.printf(
                "  largest difference of a number %.1e%n", difference(ours.embed(texts), sorted.embed(texts, theirs)));
    }

    private static void print(String row, double mine, double theirs, long positions) {
        String counted = positions == 0 ? "" : "%,d".formatted(positions);
        System.out.printf("  %-31s %9.1f %13.1f %6.2f %10s%n", row, mine, theirs, mine / theirs, counted);
    }

    private static double speed(Supplier<float[][]> embed) {
        long start = System.nanoTime();
        float[][] vectors = embed.get();
        return vectors.length * 1e9 / (System.nanoTime() - start);
    }

    private static double difference(float[][] a, float[][] b) {
        double largest = 0;
        for (int i = 0; i < a.length; i++) {
            for (int c = 0; c < a[i].length; c++) {
                largest = Math.max(largest, Math.abs(a[i][c] - b[i][c]));
            }
        }
        return largest;
    }

    private static Path unpack(String resource, Path to) throws IOException {
        try (InputStream in = EmbedCommand.class.getResourceAsStream("/" + resource)) {
            Files.copy(in, to);
        }
        return to;
    }
}
