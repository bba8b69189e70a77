package gradus.bench;

import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.corpus.WordNetCorpus;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryType;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/// Trains a BPE on 100 MB of text in a JVM of its own with a small heap. The text is WordNet ten times, each time with
/// its letters moved on in the alphabet, so that the words are new ones each time.
final class TrainingHeap {
    static final int LIMIT = 512; // MiB
    private static final int COPIES = 10;

    private TrainingHeap() {}

    /// Runs the JVM.
    static TokenizerFigures.Heap measure() throws IOException, InterruptedException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + LIMIT + "m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        TrainingHeap.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            return new TokenizerFigures.Heap(0, LIMIT, 0, 0);
        }
        String[] numbers = said.strip().split(" ");
        return new TokenizerFigures.Heap(
                Double.parseDouble(numbers[0]), LIMIT, Double.parseDouble(numbers[1]), Double.parseDouble(numbers[2]));
    }

    /// What the JVM does; prints megabytes of text, peak of the heap in MiB and seconds.
    public static void main(String[] arguments) {
        String text = String.join("\n", WordNetCorpus.entries());
        Iterable<String> copies = () -> copies(text);
        long start = System.nanoTime();
        new BpeTrainer(BpeTrainerOptions.of(4096)).train(copies);
        double seconds = (System.nanoTime() - start) * 1e-9;
        double peak = ManagementFactory.getMemoryPoolMXBeans().stream()
                .filter(pool -> pool.getType() == MemoryType.HEAP)
                .mapToLong(pool -> pool.getPeakUsage().getUsed())
                .sum();
        System.out.println((double) text.length() * COPIES / 1e6 + " " + peak / (1 << 20) + " " + seconds);
    }

    private static Iterator<String> copies(String text) {
        List<Integer> shifts = IntStream.range(0, COPIES).boxed().toList();
        return shifts.stream().map(shift -> moved(text, shift)).iterator();
    }

    private static String moved(String text, int shift) {
        StringBuilder moved = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            moved.append(c >= 'a' && c <= 'z' ? (char) ('a' + (c - 'a' + shift) % 26) : c);
        }
        return moved.toString();
    }
}
