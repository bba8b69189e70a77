package gradus.lessons.retrieve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class RagCommandTest {
    @TempDir
    Path temporary;

    private Path texts;
    private Path index;

    private record Said(int code, String out, String err, Exception failure) {}

    private static Said rag(Object... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        List<Exception> failures = new ArrayList<>();
        CommandLine rag = RagCommand.commandLine(Console.of(out, err));
        rag.setExecutionExceptionHandler((thrown, line, parsed) -> {
            failures.add(thrown);
            return 1;
        });
        String[] words = Arrays.stream(arguments).map(Object::toString).toArray(String[]::new);
        int code = rag.execute(words);
        return new Said(
                code,
                out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8),
                failures.isEmpty() ? null : failures.getFirst());
    }

    @BeforeEach
    void write() throws Exception {
        texts = Files.createDirectories(temporary.resolve("texts"));
        index = temporary.resolve("index");
        Files.writeString(texts.resolve("cats.txt"), "Tigers are large feline animals.\n\nLions live in prides.");
        Files.writeString(texts.resolve("tea.md"), "Tea is made of leaves.");
        Files.writeString(texts.resolve("empty.txt"), "");
        Files.write(texts.resolve("picture.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 0, 0});
    }

    @Test
    void indexedAndFound() throws Exception {
        Said said = rag("index", texts, "--index", index, "--size", "40");
        assertThat(said.failure()).isNull();
        assertThat(said.out()).contains("3 chunks in ", index + " holds 3; files left out: 1");
        assertThat(said.err()).contains("gradus: left out: " + texts.resolve("picture.png") + " is binary");
        Said found = rag("search", "lions", "--index", index);
        assertThat(found.out())
                .matches("1\\. \\d\\.\\d{4}  \\Q" + texts.resolve("cats.txt")
                        + "\\E, characters 34 to 55\\R   Lions live in prides\\.\\R");
        assertThat(rag("search", "tigers", "--index", index, "--show-context").out())
                .contains("   | Tigers are large feline animals.");
        Said nothing = rag("search", "whales", "--index", index, "--by", "bm25");
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).contains("nothing was found");
        Files.writeString(texts.resolve("cats.txt"), "Whales are no cats.");
        Said again = rag("index", texts.resolve("cats.txt"), "--index", index);
        assertThat(again.out()).contains("1 chunks in ", " holds 2");
        assertThat(rag("search", "whales", "--index", index).out()).contains("Whales are no cats.");
        assertThat(rag("search", "lions", "--index", index).out()).isEmpty();
    }

    /// An index inside the folder does not index itself.
    @Test
    void byMeaning() {
        Path inside = texts.resolve("own");
        Said said = rag("index", texts, "--index", inside, "--embed", "minilm", "--size", "40");
        assertThat(said.failure()).isNull();
        assertThat(rag("index", texts, "--index", inside).out()).contains("holds "); // with its own embedding
        for (String by : List.of("vectors", "hybrid")) {
            assertThat(rag("search", "big cats", "--index", inside, "--by", by, "-k", "1")
                            .out())
                    .startsWith("1. ")
                    .contains("Tigers");
        }
        assertThat(rag("search", "hot drink", "--index", inside, "-k", "1").out())
                .contains("Tea is made");
        assertThat(rag("index", texts, "--index", inside, "--embed", "none").failure())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(inside + " was indexed with the embedding minilm of 384 numbers");
    }

    @Test
    void mistakesAreNamed() {
        assertThat(rag("index", texts.resolve("picture.png"), "--index", index).failure())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("picture.png is binary");
        assertThat(index).doesNotExist();
        assertThat(rag("index", texts, "--index", texts).failure())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds no index but other files");
        assertThat(rag("index", texts, "--index", index, "--size", "0").failure())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("size");
        assertThat(rag("index", texts, "--index", index, "--analysis", "no").failure())
                .isInstanceOf(ConfigException.class);
        assertThat(rag("search", "x", "--index", index).failure())
                .isInstanceOf(DataException.class)
                .hasMessage(index + " does not exist");
        rag("index", texts, "--index", index);
        assertThat(rag("search", "x", "--index", index, "--by", "vectors").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--by vectors needs an index with vectors, and " + index
                        + " has none; gradus rag index --embed minilm makes one");
        assertThat(rag("search", "x", "--index", index, "--by", "luck").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--by must be bm25, vectors or hybrid; got luck");
        assertThat(rag("search", "x", "--index", index, "-k", "0").failure()).isInstanceOf(UsageException.class);
    }

    @Test
    void tenThousandSmallFiles() throws Exception {
        Path many = Files.createDirectories(temporary.resolve("many"));
        for (int i = 0; i < 10_000; i++) {
            Files.writeString(many.resolve("f" + i + ".txt"), "word number" + i);
        }
        Said said = rag("index", many, "--index", index);
        assertThat(said.failure()).isNull();
        assertThat(said.out()).contains("10000 chunks in ", " holds 10000");
        assertThat(rag("search", "number7777", "--index", index).out()).contains("f7777.txt");
    }

    @Test
    void aGiantLine() throws Exception {
        Path giant = Files.writeString(temporary.resolve("giant.txt"), "word ".repeat(2_000_000) + "needle");
        Said said = rag("index", giant, "--index", index);
        assertThat(said.failure()).isNull();
        assertThat(rag("search", "needle", "--index", index, "-k", "1").out()).contains("characters 10");
        Files.writeString(giant, "x".repeat(10_000_000)); // one word
        assertThat(rag("index", giant, "--index", index, "--size", "100000000").out())
                .contains("1 chunks");
    }
}
