package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FirstGptTest {

    @Test
    void theReadmeShowsThisProgram() throws Exception {
        String source = Files.readString(Path.of("src/main/java/gradus/lessons/FirstGpt.java"));
        int from = source.indexOf("// --- twelve lines\n") + "// --- twelve lines\n".length();
        String program = source.substring(from, source.indexOf("\n        // ---\n", from))
                        .stripIndent() + "\n";
        assertThat(program.lines()).hasSize(12);
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + program + "```\n");
    }

    @Test
    void itRuns() {
        FirstGpt.run(2);
    }
}
