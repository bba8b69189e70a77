package gradus.lessons.retrieve.chunk.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.retrieve.chunk.Chunk;
import gradus.lessons.retrieve.chunk.ChunkSize;
import gradus.lessons.retrieve.chunk.FixedSizeChunker;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.cli.terminal.Console;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

class ChunkCommandTest {
    @TempDir
    Path folder;

    private record Said(String out, String err, String failure) {}

    private static Said run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        StringBuilder failure = new StringBuilder();
        new CommandLine(new ChunkCommand(Console.of(out, err)))
                .setExecutionExceptionHandler((problem, command, parsed) -> {
                    failure.append(problem.getClass().getSimpleName())
                            .append(": ")
                            .append(problem.getMessage());
                    return 1;
                })
                .setParameterExceptionHandler((problem, typed) -> {
                    failure.append(problem.getMessage());
                    return 2;
                })
                .execute(arguments);
        return new Said(out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8), failure.toString());
    }

    private Said run(String text, String options) throws Exception {
        Path file = Files.writeString(folder.resolve("text"), text);
        String[] split = options.isEmpty() ? new String[0] : options.split(" ");
        String[] all = Arrays.copyOf(split, split.length + 1);
        all[split.length] = file.toString();
        return run(all);
    }

    @Test
    void listed() throws Exception {
        assertThat(run("# A\n\nOne two three.\n", "--by markdown --size 8"))
                .isEqualTo(new Said("""
                        --- 1: 0 to 3, 3 chars; A
                        # A
                        --- 2: 5 to 12, 7 chars; A
                        One two
                        --- 3: 13 to 19, 6 chars; A
                        three.
                        """, "3 chunks of 20 chars\n", ""));
        assertThat(run("abcdef", "--by fixed --size 4 --overlap 2").out())
                .contains("--- 2: 2 to 6, 4 chars, 2 of them shared\ncdef\n");
    }

    @Test
    void asJson() throws Exception {
        JsonNode json = new ObjectMapper()
                .readTree(run("a\u001bb😀", "--by fixed --size 2 --json").out());
        assertThat(json.size()).isEqualTo(2);
        assertThat(json.get(1).get("start").asInt()).isEqualTo(2);
        assertThat(json.get(1).get("length").asInt()).isEqualTo(2);
        assertThat(json.get(1).get("text").asString()).isEqualTo("b😀");
        assertThat(json.get(1).get("path").isEmpty()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"boundaries", "model"})
    void everyMethodCuts(Method method) throws Exception {
        Said said = run("One two. Three four! Five?\n\nSix seven eight.", "--size 20 --by " + method);
        assertThat(said.failure()).isEmpty();
        assertThat(said.out()).contains("One two.", "ght.");
    }

    @Test
    void tokens() throws Exception {
        Tokenizers.save(new BpeTrainer(BpeTrainerOptions.of(260)).train(List.of("a b c")), folder.resolve("bpe"));
        assertThat(run("xyz", "--by fixed --size 2 --unit tokens --tokenizer " + folder.resolve("bpe"))
                        .out())
                .isEqualTo("--- 1: 0 to 2, 2 tokens\nxy\n--- 2: 2 to 3, 1 tokens\nz\n");
    }

    @Test
    void boundariesAreLearnedAndUsed() throws Exception {
        String text = "The cat sat. The cat ran.\n\nA ship sank. A ship sailed.\n\n".repeat(20);
        Path model = folder.resolve("model");
        Said said = run(text, "--steps 5 --train-boundaries " + model);
        assertThat(said.failure()).isEmpty();
        assertThat(said.out()).contains("of 8 pairs held out are told right; by chance 50 %");
        assertThat(run(text, "--by boundaries --threshold 0 --model " + model).err())
                .startsWith("80 chunks");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--size 5 --overlap 5|UsageException: --size, --overlap: ChunkSize: overlap must be less than size",
                "--size 0|UsageException: --size, --overlap: ChunkSize: size must be at least 1; got 0",
                "--unit words|UsageException: --unit must be chars or tokens; got words",
                "--unit tokens|UsageException: --unit tokens needs --tokenizer",
                "--tokenizer x|UsageException: --tokenizer is for --unit tokens",
                "--by boundaries|UsageException: --by boundaries needs --model",
                "--by model|UsageException: --by model needs --model",
                "--by semantic --breaks x|UsageException: --breaks must be percentile",
                "--by semantic --breaks gradient --chunks 3|UsageException: either --breaks or --chunks",
                "--breaks gradient|UsageException: --breaks and --chunks are for --by semantic; got --by recursive",
                "--by semantic --chunks 0|ConfigException: NumberOfChunks: there must be at least 1 chunk; got 0",
                "--by clusters --overlap 3|ConfigException: ClusterChunker: clusters have no overlap; got 3",
                "--by words|Invalid value for option '--by'",
                "--train-boundaries x --steps 0|UsageException: --steps must be at least 1; got 0",
                "--train-boundaries x|DataException: to learn boundaries takes at least 20 passages"
            })
    void badOptions(String options, String why) throws Exception {
        Said said = run("Some text. And more.", options);
        assertThat(said.failure()).startsWith(why);
        assertThat(said.out()).isEmpty();
    }

    @Test
    void badFiles() throws Exception {
        assertThat(run(folder.resolve("none").toString()).failure())
                .isEqualTo("UsageException: there is no file " + folder.resolve("none"));
        assertThat(run(folder.toString()).failure()).startsWith("DataException: " + folder + " cannot be read");
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', (byte) 0xff, 0});
        assertThat(run(binary.toString()).failure())
                .isEqualTo("DataException: " + binary + " is not UTF-8; convert it first");
        assertThat(run("", "--by fixed")).isEqualTo(new Said("", "0 chunks of 0 chars\n", ""));
    }

    /// Each char's region counts the chunks that hold it.
    @Property(tries = 200)
    void regionsCountChunks(
            @ForAll @IntRange(min = 1, max = 50) int letters,
            @ForAll @IntRange(min = 1, max = 9) int size,
            @ForAll @IntRange(min = 0, max = 8) int overlap) {
        String text = "ab cd  e".repeat(10).substring(0, letters);
        List<Chunk> chunks =
                new FixedSizeChunker(ChunkSize.of(size).withOverlap(Math.min(overlap, size - 1))).chunk(text);
        int at = 0;
        for (Region region : Region.of(text, chunks)) {
            assertThat(region.start()).isEqualTo(at);
            for (; at < region.end(); at++) {
                int place = at;
                List<Chunk> holding = chunks.stream()
                        .filter(each -> each.start() <= place && place < each.end())
                        .toList();
                assertThat(region.count()).isEqualTo(holding.size());
                assertThat(region.chunk()).isEqualTo(holding.isEmpty() ? -1 : chunks.indexOf(holding.getLast()));
            }
        }
        assertThat(at).isEqualTo(letters);
    }
}
