package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class FirstGptTest {

    @Test
    void theReadmeShowsThisProgram() throws Exception {
        String source = Files.readString(Path.of("src/main/java/gradus/lessons/FirstGpt.java"));
        String program = source.substring(source.indexOf("// --- twelve lines\n"), source.indexOf("        // ---\n"))
                .replace("// --- twelve lines\n", "")
                .stripIndent();
        assertThat(program.lines()).hasSize(12);
        assertThat(Files.readString(Path.of("../README.md"))).contains("```java\n" + program + "```\n");
    }

    @Test
    void itRuns() {
        FirstGpt.run(2);
    }
}
