package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.UsageException;
import gradus.train.TrainConfig;
import gradus.train.run.RunFolder;
import gradus.train.run.TuningConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a fine-tuning may replace, and what it must not.
class TuningFolderTest {
    /// What a fine-tuning, by whatever method, and `--then` may leave: told here once more.
    private static final List<String> FILES = List.of(
            "config.json",
            "base.json",
            "metrics.jsonl",
            "loss.png",
            "alignment.png",
            "adapter_config.json",
            "adapter_model.safetensors",
            "manifest.json",
            "long_context.json",
            "tokenizer.json",
            "tokenizer_config.json",
            "model.gguf",
            "adapter.gguf",
            "base.gguf",
            "Modelfile");

    private static final List<String> FOLDERS = List.of("checkpoints", "best", "model", "merged");

    @TempDir
    private Path folder;

    private Path out;
    private TuningFolder tuning;

    @BeforeEach
    void tuned() {
        out = folder.resolve("out");
        tuning = new TuningFolder(out);
    }

    private void fill() throws IOException {
        for (String name : FOLDERS) {
            Files.createDirectories(out.resolve(name).resolve("step-2"));
            Files.writeString(out.resolve(name).resolve("step-2/tokenizer.json"), name);
        }
        for (String name : FILES) {
            Files.writeString(out.resolve(name), name);
        }
        TuningConfig.begun(List.of("--method=lora"), TrainConfig.defaults()).write(new RunFolder(out));
    }

    private List<String> left() throws IOException {
        try (Stream<Path> all = Files.list(out)) {
            return all.map(each -> each.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void everythingOfAFineTuningIsRemovedAndNothingElse() throws IOException {
        fill();
        Files.writeString(out.resolve("notes.txt"), "mine");
        Files.createDirectories(out.resolve("models"));
        tuning.requireFree(true, List.of());
        tuning.clear();
        assertThat(left()).containsExactly("models", "notes.txt");
    }

    /// Where a folder of the fine-tuning is a link to one elsewhere, the link goes and the other stays.
    @Test
    void aLinkIsRemovedAndNotWhatItNames() throws IOException {
        fill();
        Path elsewhere = Files.createDirectories(folder.resolve("elsewhere"));
        Files.writeString(elsewhere.resolve("model.safetensors"), "mine");
        Files.createSymbolicLink(out.resolve("best").resolve("linked"), elsewhere);
        Files.delete(out.resolve("base.gguf"));
        Files.createSymbolicLink(out.resolve("base.gguf"), elsewhere);
        tuning.clear();
        assertThat(left()).isEmpty();
        assertThat(elsewhere.resolve("model.safetensors")).hasContent("mine");
    }

    @Test
    void whatIsNotThereOrEmptyIsFree() throws IOException {
        tuning.requireFree(false, List.of());
        Files.createDirectories(out);
        tuning.requireFree(false, List.of());
        tuning.requireFree(true, List.of(out));
        tuning.clear();
        assertThat(left()).isEmpty();
    }

    @Test
    void whatIsReadIsNotReplaced() throws IOException {
        fill();
        Path link = Files.createSymbolicLink(folder.resolve("link"), out);
        for (Path read : List.of(
                out,
                link,
                out.resolve("model"),
                out.resolve("model/step-2/tokenizer.json"),
                link.resolve("model/step-2/tokenizer.json"),
                out.resolve("../out/config.json"),
                out.resolve("base.json"))) {
            assertThatThrownBy(() -> tuning.requireFree(true, List.of(folder, read)))
                    .as("%s", read)
                    .isInstanceOf(UsageException.class)
                    .hasMessage(read + " is a part of what --overwrite replaces; choose another --out");
        }
        Files.writeString(out.resolve("notes.txt"), "mine");
        assertThatCode(() -> tuning.requireFree(
                        true, List.of(out.resolve("notes.txt"), out.resolve("models"), folder, folder.resolve("none"))))
                .doesNotThrowAnyException();
        assertThatThrownBy(() -> tuning.requireFree(false, List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not empty; choose another --out");
        Files.writeString(out.resolve("config.json"), "{}");
        assertThatThrownBy(() -> tuning.requireFree(true, List.of()))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("holds no fine-tuning");
    }
}
