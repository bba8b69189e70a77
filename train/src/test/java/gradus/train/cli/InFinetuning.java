package gradus.train.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;

/// A folder with a run to be fine-tuned.
abstract class InFinetuning {
    @TempDir
    Path folder;

    Path data() throws IOException {
        Path data = folder.resolve("data.txt");
        Files.writeString(data, "the cat sees the dog, the dog sees the cat\n".repeat(60));
        return data;
    }

    Cli finetune(Path data, String out, String... more) {
        List<String> arguments = new ArrayList<>(List.of(
                "finetune",
                "--base",
                folder.resolve("run").toString(),
                "--data",
                data.toString(),
                "--out",
                folder.resolve(out).toString(),
                "--batch-size",
                "2"));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    byte[] bytes(String file) throws IOException {
        return Files.readAllBytes(folder.resolve(file));
    }

    Cli resume(String out, String... more) {
        List<String> arguments = new ArrayList<>(
                List.of("finetune", "--resume", "--out", folder.resolve(out).toString()));
        arguments.addAll(List.of(more));
        return Cli.run(arguments.toArray(String[]::new));
    }

    void delete(String path) throws IOException {
        try (Stream<Path> all = Files.walk(folder.resolve(path))) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }
}
