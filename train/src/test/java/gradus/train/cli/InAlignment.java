package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/// A folder with a run of a moment to be aligned, whose tokens are characters: digits, `>` and the end of a
/// line.
abstract class InAlignment {
    @TempDir
    Path folder;

    String at(String name) {
        return folder.resolve(name).toString();
    }

    void base() {
        Cli data = Cli.run(
                "data", "answers", "--task", "sorting", "--size", "3", "--count", "400", "--out", at("digits.txt"));
        assertThat(data.err())
                .isEqualToIgnoringNewLines("400 questions of sorting-3 with answers: " + at("digits.txt"));
        assertThat(Cli.train(folder.resolve("digits.txt"), folder.resolve("run"))
                        .code())
                .isZero();
    }

    /// Four prompts with three pairs each; better answers end with 0, worse ones with 9.
    String pairs(String name) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (String prompt : List.of("31", "52", "47", "86")) {
            for (int i = 1; i <= 3; i++) {
                rows.append(
                        "{\"prompt\": \"%s>\", \"chosen\": \"%s0\", \"rejected\": \"%s9\"}\n".formatted(prompt, i, i));
            }
        }
        Files.writeString(folder.resolve(name), rows);
        return at(name);
    }

    /// Options of which later ones take the place of earlier ones.
    static String[] options(List<String> usual, String... more) {
        SequencedMap<String, List<String>> options = new LinkedHashMap<>();
        for (List<String> some : List.of(usual, List.of(more))) {
            String last = null;
            for (String each : some) {
                if (each.startsWith("--")) {
                    last = each;
                    options.put(last, new ArrayList<>(List.of(each)));
                } else {
                    options.get(last).add(each);
                }
            }
        }
        return options.values().stream().flatMap(List::stream).toArray(String[]::new);
    }

    Cli align(String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of("align"));
        arguments.addAll(List.of(options(List.of("--base", at("run"), "--out", at(out)), more)));
        return Cli.run(arguments.toArray(String[]::new));
    }

    Cli prefer(String out, String... more) throws IOException {
        return align(out, options(List.of("--data", pairs("pairs.jsonl"), "--batch-size", "2"), more));
    }

    /// A reward model in the folder `reward/model`.
    Cli reward(String... more) throws IOException {
        return prefer("reward", options(List.of("--method", "rm", "--steps", "6"), more));
    }

    byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve(file));
    }

    /// A training that is stopped before its last step and resumed ends with the same bytes as one that is not.
    ///
    /// @param learnt where a training leaves what was learnt
    void goesOnBitForBit(String learnt, Path removed, String... settings) throws IOException {
        List<String> arguments = new ArrayList<>(List.of(settings));
        arguments.addAll(List.of("--steps", "6", "--seed", "5"));
        Cli whole = align("whole", arguments.toArray(String[]::new));
        assertThat(whole.err()).contains("everything is in ");
        assertThat(whole.code()).isZero();
        arguments.addAll(List.of("--train.checkpointEvery", "1"));
        assertThat(align("cut", arguments.toArray(String[]::new)).code()).isZero();
        delete(folder.resolve("cut/checkpoints/step-6"));
        delete(folder.resolve("cut").resolve(removed));
        Cli resumed = Cli.run("align", "--resume", "--out", at("cut"));
        assertThat(resumed.err()).contains("going on after step 5");
        assertThat(bytes("cut/" + learnt)).isEqualTo(bytes("whole/" + learnt));
    }

    static void delete(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
