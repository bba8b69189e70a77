package gradus.lessons.retrieve.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.error.ConfigException;
import gradus.error.DataException;
import gradus.error.UsageException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RagCommandTest {
    @TempDir
    Path temporary;

    private Path texts;
    private Path index;

    @BeforeEach
    void write() throws Exception {
        RagFolder folder = RagFolder.in(temporary)
                .with("cats.txt", "Tigers are large feline animals.\n\nLions live in prides.")
                .with("tea.md", "Tea is made of leaves.")
                .with("empty.txt", "")
                .withPicture();
        texts = folder.texts();
        index = folder.index();
    }

    @Test
    void indexedAndFound() throws Exception {
        Rag said = Rag.run("index", texts, "--index", index, "--size", "40");
        assertThat(said.failure()).isNull();
        assertThat(said.out()).contains("3 chunks in ", index + " holds 3; files left out: 2");
        assertThat(said.err())
                .contains("gradus: left out: " + texts.resolve("picture.png") + " is binary")
                .contains("gradus: left out: " + texts.resolve("empty.txt") + " is empty");
        Rag found = Rag.run("search", "lions", "--index", index);
        assertThat(found.out())
                .matches("1\\. \\d\\.\\d{4}  \\Q" + texts.resolve("cats.txt")
                        + "\\E, characters 34 to 55\\R   Lions live in prides\\.\\R");
        assertThat(Rag.run("search", "tigers", "--index", index, "--show-context")
                        .out())
                .contains("   | Tigers are large feline animals.");
        Rag nothing = Rag.run("search", "whales", "--index", index, "--by", "bm25");
        assertThat(nothing.out()).isEmpty();
        assertThat(nothing.err()).contains("nothing was found");
        Files.writeString(texts.resolve("cats.txt"), "Whales are no cats.");
        Rag again = Rag.run("index", texts.resolve("cats.txt"), "--index", index);
        assertThat(again.out()).contains("1 chunks in ", " holds 2");
        assertThat(Rag.run("search", "whales", "--index", index).out()).contains("Whales are no cats.");
        assertThat(Rag.run("search", "lions", "--index", index).out()).isEmpty();
    }

    /// An index inside the folder does not index itself.
    @Test
    void byMeaning() {
        Path inside = texts.resolve("own");
        Rag said = Rag.run("index", texts, "--index", inside, "--embed", "minilm", "--size", "40");
        assertThat(said.failure()).isNull();
        assertThat(Rag.run("index", texts, "--index", inside).out()).contains("holds "); // with its own embedding
        for (String by : List.of("vectors", "hybrid")) {
            assertThat(Rag.run("search", "big cats", "--index", inside, "--by", by, "-k", "1")
                            .out())
                    .startsWith("1. ")
                    .contains("Tigers");
        }
        assertThat(Rag.run("search", "hot drink", "--index", inside, "-k", "1").out())
                .contains("Tea is made");
        assertThat(Rag.run("index", texts, "--index", inside, "--embed", "none").failure())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining(inside + " was indexed with the embedding minilm of 384 numbers");
    }

    @Test
    void mistakesAreNamed() {
        assertThat(Rag.run("index", texts.resolve("picture.png"), "--index", index)
                        .failure())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("picture.png is binary");
        assertThat(index).doesNotExist();
        assertThat(Rag.run("index", texts, "--index", texts).failure())
                .isInstanceOf(DataException.class)
                .hasMessageContaining("holds no index but other files");
        assertThat(Rag.run("index", texts, "--index", index, "--size", "0").failure())
                .isInstanceOf(ConfigException.class)
                .hasMessageContaining("size");
        assertThat(Rag.run("index", texts, "--index", index, "--analysis", "no").failure())
                .isInstanceOf(ConfigException.class);
        assertThat(Rag.run("search", "x", "--index", index).failure())
                .isInstanceOf(DataException.class)
                .hasMessage(index + " does not exist");
        Rag.run("index", texts, "--index", index);
        assertThat(Rag.run("search", "x", "--index", index, "--by", "vectors").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--by vectors needs an index with vectors, and " + index
                        + " has none; gradus rag index --embed minilm makes one");
        assertThat(Rag.run("search", "x", "--index", index, "--by", "luck").failure())
                .isInstanceOf(UsageException.class)
                .hasMessage("--by must be bm25, vectors or hybrid; got luck");
        assertThat(Rag.run("search", "x", "--index", index, "-k", "0").failure())
                .isInstanceOf(UsageException.class);
    }

    @Test
    void tenThousandSmallFiles() throws Exception {
        Path many = Files.createDirectories(temporary.resolve("many"));
        for (int i = 0; i < 10_000; i++) {
            Files.writeString(many.resolve("f" + i + ".txt"), "word number" + i);
        }
        Rag said = Rag.run("index", many, "--index", index);
        assertThat(said.failure()).isNull();
        assertThat(said.out()).contains("10000 chunks in ", " holds 10000");
        assertThat(said.err().lines().filter(line -> line.startsWith("10000 chunks, ")))
                .as("told once")
                .hasSize(1);
        assertThat(Rag.run("search", "number7777", "--index", index).out()).contains("f7777.txt");
    }

    @Test
    void aGiantLine() throws Exception {
        Path giant = Files.writeString(temporary.resolve("giant.txt"), "word ".repeat(2_000_000) + "needle");
        Rag said = Rag.run("index", giant, "--index", index);
        assertThat(said.failure()).isNull();
        assertThat(Rag.run("search", "needle", "--index", index, "-k", "1").out())
                .contains(" to 10000006");
        Files.writeString(giant, "x".repeat(10_000_000)); // one word
        assertThat(Rag.run("index", giant, "--index", index, "--size", "100000000")
                        .out())
                .contains("1 chunks");
    }
}
