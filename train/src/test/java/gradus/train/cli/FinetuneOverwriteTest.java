package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `gradus finetune --overwrite`
class FinetuneOverwriteTest extends InFinetuning {
    private Path data;

    @BeforeEach
    void base() throws IOException {
        data = data();
        Cli cli = Cli.train(data, folder.resolve("run"), "--steps", "2");
        assertThat(cli.code()).as(cli.err()).isZero();
    }

    private Cli tune(String out, String... more) {
        Cli cli = finetune(data, out, more);
        assertThat(cli.code()).as(cli.err()).isZero();
        return cli;
    }

    private Map<String, String> files(String of) throws IOException {
        Map<String, String> files = new TreeMap<>();
        try (Stream<Path> all = Files.walk(folder.resolve(of))) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                files.put(
                        folder.resolve(of).relativize(each).toString(), Arrays.hashCode(Files.readAllBytes(each)) + "");
            }
        }
        return files;
    }

    /// Whatever was there, the folder is as one that was empty, but for what no fine-tuning wrote.
    @Test
    void leavesNothingOfTheFormerOne() throws IOException {
        tune("new", "--steps=2", "--train.checkpointEvery=1");
        for (List<String> former : List.of(
                List.of("--steps=4", "--method=full", "--then=hf"),
                List.of("--steps=4", "--method=prompt", "--num-virtual-tokens=2"),
                List.of("--steps=4", "--then=merge,hf"))) {
            tune("old", former.toArray(String[]::new));
            Files.writeString(folder.resolve("old/notes.txt"), "mine");
            tune("old", "--steps=2", "--train.checkpointEvery=1", "--overwrite");
            assertThat(folder.resolve("old/notes.txt")).hasContent("mine");
            Files.delete(folder.resolve("old/notes.txt"));
            assertThat(files("old").keySet()).isEqualTo(files("new").keySet());
            assertThat(bytes("old/adapter_model.safetensors")).isEqualTo(bytes("new/adapter_model.safetensors"));
            assertThat(Files.readAllLines(folder.resolve("old/metrics.jsonl")))
                    .hasSameSizeAs(Files.readAllLines(folder.resolve("new/metrics.jsonl")));
            assertThat(Files.readString(folder.resolve("old/config.json"))).doesNotContain("overwrite");
            delete("old");
        }
        tune("again", "--steps=2", "--overwrite"); // where there is nothing, there is nothing to replace
        assertThat(resume("again").code()).isZero();
    }

    /// A call that cannot be begun loses nothing.
    @Test
    void whatIsRefusedChangesNothing() throws IOException {
        tune("old", "--steps=2", "--method=full");
        Map<String, String> before = files("old");
        finetune(data, "old", "--steps=2").assertRefused("is not empty", "--overwrite the fine-tuning there");
        assertThat(finetune(data, "old", "--overwrite", "--r=1000").code()).isEqualTo(2);
        assertThat(finetune(folder.resolve("none.txt"), "old", "--overwrite").code())
                .isNotZero();
        resume("old", "--overwrite").assertRefused("--overwrite begins anew, and --resume goes on");
        Cli.run(
                        "finetune",
                        "--base=" + folder.resolve("old/model"),
                        "--data=" + data,
                        "--out=" + folder.resolve("old"),
                        "--overwrite")
                .assertRefused("is a part of what --overwrite replaces; choose another --out");
        finetune(folder.resolve("old/config.json"), "old", "--overwrite")
                .assertRefused("is a part of what --overwrite replaces");
        assertThat(files("old")).isEqualTo(before);
    }

    @Test
    void replacesFineTuningsOnly() throws IOException {
        Map<String, String> before = files("run");
        Cli.run(
                        "finetune",
                        "--base=" + folder.resolve("run"),
                        "--data=" + data,
                        "--out=" + folder.resolve("run"),
                        "--overwrite")
                .assertRefused("holds no fine-tuning; --overwrite replaces fine-tunings only");
        assertThat(files("run")).isEqualTo(before);
        Path mine = Files.createDirectories(folder.resolve("mine"));
        Files.writeString(mine.resolve("config.json"), "{}");
        finetune(data, "mine", "--overwrite").assertRefused("holds no fine-tuning");
        assertThat(files("mine")).hasSize(1);
    }
}
