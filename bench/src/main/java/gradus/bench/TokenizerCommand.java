package gradus.bench;

import gradus.bench.TokenizerFigures.Encoding;
import gradus.bench.TokenizerFigures.Hard;
import gradus.bench.TokenizerFigures.Heap;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/// Measures everything about tokenizers and prints it as it comes.
@Command(
        name = "tokenizer",
        mixinStandardHelpOptions = true,
        description =
                "Times a 4,096-token BPE of WordNet: training, encoding beside Hugging Face's, texts made to be slow,"
                        + " heap.")
public final class TokenizerCommand implements Callable<Integer> {
    private final PrintStream out = System.out;

    @Option(names = "--json", description = "write the figures to this file too")
    private Path json;

    @Override
    public Integer call() throws IOException, InterruptedException {
        Map<String, String> machine = new LinkedHashMap<>();
        machine.put("java", Runtime.version().toString());
        machine.put("cores", Integer.toString(TokenizerBenchmark.CORES));
        machine.put("load", "%.2f".formatted(Timing.load()));
        machine.forEach((name, value) -> out.printf("%-10s %s%n", name, value));

        TokenizerBenchmark benchmark = new TokenizerBenchmark();
        out.printf("%n%-34s %10s %10s%n", "training, 4,096 tokens of WordNet", "seconds", "processor");
        Map<Integer, Timing> training = benchmark.training();
        training.forEach((threads, timing) ->
                out.printf("%-34s %10.2f %10.2f%n", threads(threads), timing.millis() / 1e3, timing.cpuMillis() / 1e3));

        out.printf("%n%-34s %10s %10s%n", "encoding WordNet", "MB/s", "processor");
        List<Encoding> encoding = benchmark.encoding();
        for (Encoding it : encoding) {
            out.printf(
                    "%-34s %10.1f %10.1f%n",
                    it.who() + ", " + threads(it.threads()), it.megabytes(), it.cpuMegabytes());
        }
        Encoding mine = encoding.getFirst();
        Encoding theirs = encoding.getLast();
        out.printf(
                "%-34s %10.1f %10.1f%n",
                "gradus / hugging face, 1 thread",
                mine.megabytes() / theirs.megabytes(),
                mine.cpuMegabytes() / theirs.cpuMegabytes());

        out.printf("%n%-34s %10s %10s %10s%n", "texts made to be slow, ms", "0.5 MB", "1 MB", "ratio");
        List<Hard> hard = benchmark.hard();
        for (Hard it : hard) {
            out.printf("%-34s %10.1f %10.1f %10.2f%n", it.text(), it.half(), it.whole(), it.ratio());
        }

        Heap heap = TrainingHeap.measure();
        out.printf(
                heap.peak() == 0
                        ? "%ntraining does not fit into a heap of %3$d MiB%n"
                        : "%ntraining on %.0f MB: %.0f MiB of a heap of %d MiB at most, %.1f s%n",
                heap.megabytes(),
                heap.peak(),
                heap.limit(),
                heap.seconds());
        if (json != null) {
            try (BufferedWriter writer = Files.newBufferedWriter(json)) {
                JsonMapper.builder()
                        .enable(SerializationFeature.INDENT_OUTPUT)
                        .build()
                        .writeValue(writer, new TokenizerFigures(machine, training, encoding, hard, heap));
            }
        }
        return 0;
    }

    private static String threads(int threads) {
        return threads == 1 ? "1 thread" : threads + " threads";
    }
}
