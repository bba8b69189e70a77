package gradus.lessons.retrieve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.UsageException;
import gradus.lessons.retrieve.rerank.CrossEncoder;
import gradus.tensor.random.Rng;
import gradus.train.cli.Main;
import gradus.train.cli.terminal.Console;
import gradus.train.run.SavedEmbedding;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// An encoder that was trained here makes an index, and what is found is ordered anew.
class RagRerankTest {
    @TempDir
    private Path folder;

    private record Said(int code, String out, Exception failure) {}

    private static Said rag(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        List<Exception> failures = new ArrayList<>();
        CommandLine rag = RagCommand.commandLine(Console.of(out, new ByteArrayOutputStream()));
        rag.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failures.add(thrown);
            return 1;
        });
        int code = rag.execute(arguments);
        return new Said(code, out.toString(StandardCharsets.UTF_8), failures.isEmpty() ? null : failures.getFirst());
    }

    @Test
    void fromExamplesToAnOrder() throws Exception {
        String row = "{\"anchor\": \"large cats\", \"positive\": \"Tigers are large feline animals.\"}\n"
                + "{\"anchor\": \"a drink\", \"positive\": \"Tea is made of leaves.\"}\n";
        Path pairs = Files.writeString(folder.resolve("pairs.jsonl"), row.repeat(50));
        String run = folder.resolve("run").toString();
        int trained = Main.run(
                Console.of(new ByteArrayOutputStream(), new ByteArrayOutputStream()),
                signal -> {},
                "train",
                "--task=contrastive",
                "--preset=vectors-tiny",
                "--data=" + pairs,
                "--steps=20",
                "--train.batchSize=4",
                "--out=" + run);
        assertThat(trained).isZero();
        Path text = Files.writeString(
                folder.resolve("text.txt"), "Tigers are large feline animals.\n\nTea is made of leaves.");
        String index = folder.resolve("index").toString();
        assertThat(rag("index", text.toString(), "--index", index, "--embed", run, "--size", "40")
                        .failure())
                .isNull();
        Said found = rag("search", "large cats", "--index", index, "--by", "vectors");
        assertThat(found.out()).startsWith("1. ").contains("1. ", "2. ");
        assertThat(found.out().lines().toList().get(1)).contains("Tigers");
        Said maxSim = rag("search", "large cats", "--index", index, "--rerank", "maxsim", "-k", "1");
        assertThat(maxSim.out()).contains("Tigers").doesNotContain("Tea");

        Path cross = folder.resolve("cross");
        CrossEncoder.of(SavedEmbedding.ofRun(Path.of(run)), Rng.of(1)).save(cross);
        Said read = rag("search", "large cats", "--index", index, "--by", "vectors", "--rerank", cross.toString());
        assertThat(read.failure()).isNull();
        assertThat(read.out()).contains("Tigers", "Tea");

        Said wrong = rag("search", "cats", "--index", index, "--rerank", run);
        assertThat(wrong.failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--rerank must be maxsim or a folder of a cross-encoder; got ");
        String words = folder.resolve("words").toString();
        rag("index", text.toString(), "--index", words);
        assertThat(rag("search", "cats", "--index", words, "--rerank", "maxsim").failure())
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("needs an index with vectors");
    }
}
