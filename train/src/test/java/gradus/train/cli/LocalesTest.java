package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// F16: whole commands say and write the same, byte for byte, on machines of every language: those that write 1.142 for
/// 1,142, that have digits, a calendar or capital letters of their own.
@Timeout(400)
class LocalesTest {
    private final Locale usual = Locale.getDefault();

    @TempDir
    Path folder;

    @AfterEach
    void restore() {
        Locale.setDefault(usual);
    }

    /// Everything that commands say; what a clock decides is left out.
    private List<String> said(Path run) throws Exception {
        String data = Cli.text(folder).toString();
        String there = run.toString();
        String bpe = run.resolveSibling(run.getFileName() + "-bpe").toString();
        List<Cli> commands = new ArrayList<>();
        commands.add(Cli.run(Cli.arguments(Path.of(data), run, "--steps", "8")));
        commands.add(Cli.run("sample", "--run", there, "--tokens", "20"));
        commands.add(Cli.run("sample", "--run", there, "--prompt", "the quick brown fox jumps"));
        commands.add(Cli.run("eval", "--run", there, "--all"));
        commands.add(Cli.run("tokenizer", "train", "--data", data, "--vocab", "300", "--out", bpe));
        commands.add(Cli.run("tokenizer", "inspect", "--tokenizer", bpe, "the quick BROWN fox\u00ad 狐"));
        commands.add(Cli.run("tokenizer", "encode", "--tokenizer", bpe, "--file", data));
        commands.add(Cli.run("tokenizer", "encode", "--tokenizer", bpe, "--file", data, "--out", bpe + ".bin"));
        commands.add(Cli.run("tokenizer", "decode", "--tokenizer", bpe, "1234567"));
        commands.add(Cli.run("export", "--run", there, "--format", "hf"));
        commands.add(Cli.run("components"));
        commands.add(Cli.run("train", "--help"));
        commands.add(Cli.run("train", "--steps", "1234567890123"));
        commands.add(Cli.run("train", "--steps=1000", "--train.warmup=2000"));
        commands.add(Cli.run("train", "--data", data, "--out", there + "2", "--model.context=123456"));
        commands.add(Cli.run("train", "--preset", "CHAR-TINI"));
        List<String> said = new ArrayList<>();
        for (Cli command : commands) {
            said.add((command.code() + "\n" + command.out() + command.err())
                    .replace(there, "RUN")
                    .replaceAll("[0-9,]+ tokens/s(, [0-9]+:[0-9]{2} left)?", "SPEED")
                    .replaceAll("tokens in [0-9.]+ s", "tokens in a time"));
        }
        for (String file : List.of("config.json", "tokenizer.json", "samples.txt")) {
            // A date in other digits or of another calendar would stay, and differ.
            said.add(Files.readString(run.resolve(file))
                    .replace(there, "RUN")
                    .replaceAll("\"date\" : \"20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z\"", "DATE"));
        }
        return said;
    }

    @Test
    void f16_whatIsSaidIsTheSameInEveryLanguage() throws Exception {
        Locale.setDefault(Locale.ROOT);
        Path reference = folder.resolve("reference");
        List<String> expected = said(reference);
        assertThat(expected.getFirst()).contains("1,", "step 8 of 8: loss");
        for (String language :
                List.of("de-DE", "ar-EG-u-nu-arab", "hi-IN-u-nu-deva", "tr-TR", "th-TH-u-ca-buddhist-nu-thai")) {
            Locale.setDefault(Locale.forLanguageTag(language));
            assertThat("%,d".formatted(1142))
                    .as("this locale shows in a format")
                    .isNotEqualTo(language.startsWith("tr") ? "" : "1,142");
            Path run = folder.resolve(language);
            assertThat(said(run)).as(language).isEqualTo(expected);
            for (String file : List.of("model.safetensors", "loss.png")) {
                assertThat(run.resolve(file)).as(language).hasSameBinaryContentAs(reference.resolve(file));
            }
        }
    }
}
