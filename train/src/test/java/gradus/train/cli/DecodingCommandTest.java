package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `gradus sample` with a language, a draft, an amateur or guidance.
@Timeout(180)
class DecodingCommandTest {
    @TempDir
    static Path folder;

    private static String run;
    private static String other;

    @BeforeAll
    static void train() throws Exception {
        run = folder.resolve("run").toString();
        other = folder.resolve("other").toString();
        assertThat(Cli.train(Cli.text(folder), Path.of(run)).code()).isZero();
        Path letters = Files.writeString(folder.resolve("letters.txt"), "abcde\n".repeat(400));
        assertThat(Cli.train(letters, Path.of(other)).code()).isZero();
        Files.writeString(folder.resolve("date.json"), "{\"type\": \"string\", \"format\": \"date\"}");
    }

    private static Cli sample(String... more) {
        String[] all = new String[more.length + 3];
        all[0] = "sample";
        all[1] = "--run";
        all[2] = run;
        for (int i = 0; i < more.length; i++) {
            all[3 + i] = more[i].replace("RUN", run).replace("OTHER", other).replace("FOLDER", folder.toString());
        }
        return Cli.run(all);
    }

    @Test
    void writesWhatTheExpressionSays() {
        Cli said = sample("--regex", "[a-e]{3,5}", "--count", "3", "--tokens", "20");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out().lines().filter(line -> !line.equals("---"))).allMatch(line -> line.matches("[a-e]{3,5}"));
        Cli cut = sample("--regex", "[a-e]{30}", "--tokens", "4");
        assertThat(cut.code()).isEqualTo(1);
        assertThat(cut.out().strip()).matches("[a-e]{4}");
        assertThat(cut.err())
                .contains("a text ended before all of what --regex asks for")
                .contains("4 tokens");
    }

    /// At temperature 0 a draft changes nothing; guidance of 1 neither.
    @Test
    void theSameTextByOtherWays() {
        Cli plain = sample("--temperature", "0", "--tokens", "6", "--prompt", "e");
        assertThat(plain.code()).as(plain.err()).isZero();
        Cli ahead =
                sample("--temperature", "0", "--tokens", "6", "--prompt", "e", "--draft", "RUN", "--draft-tokens", "2");
        assertThat(ahead.out()).isEqualTo(plain.out());
        assertThat(ahead.err()).contains("accepted 100.0 % of");
        assertThat(sample("--temperature", "0", "--tokens", "6", "--prompt", "e", "--guidance", "1")
                        .out())
                .isEqualTo(plain.out());
        assertThat(sample("--tokens", "6", "--prompt", "e", "--amateur", "RUN").code())
                .isZero();
    }

    /// Only plain drawing slides on, and the others say so.
    @Test
    void whereTheContextEnds() {
        for (String[] way : new String[][] {{"--draft", "RUN"}, {"--amateur", "RUN"}, {"--guidance", "2"}}) {
            Cli said = sample("--tokens", "2000", way[0], way[1]);
            assertThat(said.code()).as(said.err()).isZero();
            assertThat(said.err()
                            .lines()
                            .filter(line -> line.contains("where the model's context ends: with " + way[0])))
                    .hasSize(1);
            assertThat(sample("--tokens", "3", way[0], way[1]).err()).doesNotContain("context");
        }
        Cli none = sample("--tokens", "0", "--draft", "RUN");
        assertThat(none.code()).isZero();
        assertThat(none.err()).doesNotContain("NaN", "accepted");
        assertThat(sample("--tokens", "1", "--draft", "RUN").err())
                .doesNotContain("NaN")
                .contains("no token was drafted in 1 passes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "--regex (a;--regex: regular expression (a, character 3: a group is not closed",
                "--regex 語;the tokens of this tokenizer cannot spell",
                "--regex a --draft RUN;--regex and --draft are two ways to find tokens",
                "--regex a --beams 2;--beams and --best-of draw plainly",
                "--json-schema FOLDER/none.json;none.json",
                "--json-schema FOLDER/date.json;the keyword format is not supported",
                "--draft OTHER;has another tokenizer",
                "--draft RUN --draft-tokens 0;--draft-tokens must be at least 1",
                "--draft-tokens 3;--draft-tokens belongs to --draft",
                "--amateur RUN --alpha 0;--alpha must be in (0, 1]",
                "--alpha 0.1;--alpha belongs to --amateur",
                "--guidance -1;--guidance must be a number of at least 0",
                "--negative-prompt a;--negative-prompt belongs to --guidance",
            })
    void badInput(String arguments, String message) {
        Cli said = sample(arguments.split(" "));
        assertThat(said.code()).isEqualTo(2);
        assertThat(said.err()).contains(message);
        assertThat(said.err().strip().lines().count()).isEqualTo(1);
    }
}
