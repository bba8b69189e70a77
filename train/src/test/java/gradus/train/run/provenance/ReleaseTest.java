package gradus.train.run.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.Cli;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ReleaseTest {
    private static String of(String properties) throws IOException {
        return Release.of(new ByteArrayInputStream(properties.getBytes()));
    }

    @Test
    void r15_aBuildThatDoesNotTellItsVersionIsUnknown() throws IOException {
        assertThat(of("version=1.2.3-SNAPSHOT")).isEqualTo("1.2.3-SNAPSHOT");
        assertThat(of("version=${project.version}")).isEqualTo("unknown"); // copied by an editor, not by Maven
        assertThat(of("version=")).isEqualTo("unknown");
        assertThat(of("")).isEqualTo("unknown");
        assertThat(Release.of(null)).isEqualTo("unknown");
    }

    @Test
    void theBuildTellsTheVersionWhereItIsLookedFor() {
        assertThat(Release.class.getResource("version.properties")).isNotNull();
    }

    /// Maven writes the number into the file; an editor that compiles by itself may leave the place for it.
    @Test
    void r15_theVersionIsTheProjectsAndToldOnOneLine() throws IOException {
        assertThat(Cli.run("--version").out()).matches("gradus \\S+\\R");
        if (!Release.number().equals("unknown")) {
            String pom = Files.readString(Path.of("../pom.xml")).replace("\r", "");
            assertThat(pom)
                    .contains("<artifactId>gradus-parent</artifactId>\n  <version>" + Release.number() + "</version>");
        }
    }
}
