package gradus.train.run.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.train.cli.Cli;
import java.io.ByteArrayInputStream;
import java.io.IOException;
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
    void r15_theVersionIsToldOnOneLine() {
        assertThat(Cli.run("--version").out()).matches("gradus \\S+\\R");
    }
}
