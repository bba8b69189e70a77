package gradus.lessons.retrieve.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import gradus.lessons.retrieve.index.DocumentIndex;
import gradus.tensor.random.Rng;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// `gradus rag index` on a disk that becomes full.
class RagFullDiskTest {
    /// A disk of its own in memory, seen by this shell and its children alone. What the index is in the end is
    /// copied from it, since it ends with the shell.
    private static final String SCRIPT = """
            disk=$1 keep=$2 first=$3 second=$4; shift 4
            mount -t tmpfs -o size=1500k tmpfs "$disk" || exit 99
            "$@" "$first" --index "$disk/index" >"$keep/first.out" 2>"$keep/first.err" || exit 98
            "$@" "$second" --index "$disk/index" >"$keep/second.out" 2>"$keep/second.err"
            code=$?
            cp -r "$disk/index" "$keep" || exit 97
            exit $code
            """;

    private static final Pattern TOLD = Pattern.compile("(\\d+) chunks, \\d+\\.\\d s");

    @TempDir
    Path temporary;

    @Test
    @EnabledOnOs(OS.LINUX)
    void theIndexStaysAsItWasLastCommitted() throws Exception {
        RagFolder small = RagFolder.in(temporary.resolve("small")).with("lions.txt", "Lions live in prides.");
        RagFolder large = RagFolder.in(temporary.resolve("large"));
        for (int file = 0; file < 4000; file++) { // a commit each thousand; all take two megabytes
            large.with("f" + file + ".txt", "number" + file + " " + noise(file));
        }
        Path keep = Files.createDirectories(temporary.resolve("keep"));
        int code = run(keep, small.texts(), large.texts());
        assumeTrue(code != 99, "this system lets nobody mount a disk in memory");
        String said = Files.readString(keep.resolve("second.err"));
        assertThat(code).as(said).isEqualTo(1);
        assertThat(said.lines().filter(line -> line.startsWith("gradus: ")))
                .singleElement()
                .asString()
                .matches("gradus: \\S+/index cannot be written: No space left on device;"
                        + " the index stays as it was last committed");
        assertThat(said).doesNotContain("Exception").doesNotContain("\tat ");
        assertThat(keep.resolve("second.out")).isEmptyFile();
        int committed = 0;
        for (Matcher told = TOLD.matcher(said); told.find(); ) {
            committed = Integer.parseInt(told.group(1));
        }
        assertThat(committed).as("some fitted: %s", said).isBetween(1000, 3000);
        Path index = keep.resolve("index");
        try (DocumentIndex opened = DocumentIndex.open(index)) {
            assertThat(opened.size()).isEqualTo(1 + committed);
            assertThat(opened.bm25().search("lions", 1)).hasSize(1);
        }
        Rag again = Rag.run("index", large.texts(), "--index", index); // on a disk with room
        assertThat(again.failure()).isNull();
        assertThat(again.out()).contains(" holds 4001");
    }

    /// Words that take room: no two texts share one.
    private static String noise(int file) {
        Rng rng = Rng.of(1).at(file);
        StringBuilder words = new StringBuilder();
        for (int i = 0; i < 20; i++) {
            words.append(Long.toString(rng.bits(i) >>> 1, 36)).append(' ');
        }
        return words.toString();
    }

    private int run(Path keep, Path first, Path second) throws Exception {
        Path disk = Files.createDirectories(temporary.resolve("disk"));
        List<String> command = new ArrayList<>(List.of("unshare", "-Urm", "sh", "-c", SCRIPT, "sh"));
        for (Path path : List.of(disk, keep, first, second)) {
            command.add(path.toString());
        }
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:TieredStopAtLevel=1",
                "-Xmx256m",
                "--add-modules=jdk.incubator.vector",
                "-cp",
                System.getProperty("java.class.path"),
                "gradus.lessons.learn.cli.Main",
                "rag",
                "index"));
        Path err = keep.resolve("shell.err");
        int code = new ProcessBuilder(command)
                .redirectOutput(Redirect.DISCARD)
                .redirectError(err.toFile())
                .start()
                .waitFor();
        List<Integer> own = Arrays.asList(97, 98);
        assertThat(own).as(Files.readString(err)).doesNotContain(code);
        boolean mounted = Files.exists(keep.resolve("first.out"));
        return mounted ? code : 99;
    }
}
