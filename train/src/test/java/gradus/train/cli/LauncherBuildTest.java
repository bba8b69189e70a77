package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// When the launcher builds, and what a build leaves behind.
class LauncherBuildTest extends InCheckout {
    @Test
    void t4_buildsWhenSomethingIsStaleAndOnlyThen() throws Exception {
        launch();
        assertThat(builds()).isEqualTo(1);
        launch();
        assertThat(builds()).isEqualTo(1);
        Files.writeString(root.resolve("tensor/src/main/java/New.java"), "");
        launch();
        assertThat(builds()).as("a new source").isEqualTo(2);
        age(root.resolve("tensor/src/main/java/New.java"));
        Files.writeString(root.resolve("tensor/pom.xml"), "");
        launch();
        assertThat(builds()).as("a new pom").isEqualTo(3);
        age(root.resolve("tensor/pom.xml"));
        Files.delete(root.resolve("tensor/target/gradus-tensor-0.1.0.jar"));
        launch();
        assertThat(builds()).as("a jar is gone").isEqualTo(4);
        launch();
        assertThat(builds()).isEqualTo(4);
        Path moved = Files.move(root, folder.resolve("moved"));
        root = moved;
        launch();
        assertThat(builds()).as("the folder was moved").isEqualTo(5);
        assertThat(launch().classPath()).allMatch(jar -> Files.exists(Path.of(jar)));
        assertThat(builds()).isEqualTo(5);
    }

    /// A training goes on with the classes that it began with.
    @Test
    void t4_aBuildLeavesARunningProgramItsJars() throws Exception {
        List<String> before = launch().classPath();
        assertThat(before)
                .noneMatch(jar -> jar.startsWith(root.resolve("tensor").toString()))
                .last()
                .isEqualTo(folder.resolve("library.jar").toString());
        Path tensor = Path.of(before.get(1));
        try (var open = Files.newInputStream(tensor)) {
            String content = Files.readString(tensor);
            Files.writeString(root.resolve("tensor/src/main/java/New.java"), "");
            List<String> after = launch().classPath();
            assertThat(after).hasSameSizeAs(before).doesNotContain(before.get(0), before.get(1));
            assertThat(Files.readString(Path.of(after.get(1)))).isNotEqualTo(content);
            assertThat(new String(open.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo(content);
        }
        try (Stream<Path> all = Files.list(root.resolve("train/target"))) {
            assertThat(all.filter(it -> it.getFileName().toString().matches("program-\\d+")))
                    .hasSize(1);
        }
    }

    @Test
    void t4_aFailedBuildIsTold() throws Exception {
        environment.put("MAVEN_FAILS", "yes");
        Said said = launch("train");
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.out()).isEmpty();
        assertThat(said.err().lines().skip(1))
                .containsExactly(
                        "Here.java:[1,2] not good",
                        "gradus: the build failed; all of Maven's output is in "
                                + root.resolve("train/target/build.log"));
        environment.put("MAVEN_FAILS", "");
        assertThat(launch("train").code()).isZero();
    }

    @Test
    void t4_withoutMavenOrWithAnUnreadableRepository() throws Exception {
        Files.delete(folder.resolve("library.jar"));
        Said said = launch();
        assertThat(said.code()).isEqualTo(1);
        assertThat(said.err()).endsWith(folder.resolve("library.jar") + " is missing or unreadable\n");
        Files.delete(folder.resolve("tools/mvn"));
        assumeTrue(
                !Files.exists(Path.of("/usr/bin/mvn")) && !Files.exists(Path.of("/bin/mvn")), "Maven is in /usr/bin");
        assertThat(launch().err()).startsWith("gradus: Maven is needed to build");
    }
}
