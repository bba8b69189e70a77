package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The launcher in a checkout of its own, with a JDK and a Maven that only say what they were asked: what it
/// finds, when it builds, and how it starts the program.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
class LauncherTest {
    private static final Path LAUNCHER =
            Path.of("..", "gradus").toAbsolutePath().normalize();

    /// Says its folder, its arguments one a line, and the locale.
    private static final String JAVA = """
            #!/bin/sh
            home=$(dirname "$(dirname "$0")")
            case $1 in
              -XshowSettings*) printf '    java.home = %s\\n' "$home" >&2; exit 0 ;;
            esac
            printf 'home=%s\\n' "$home" || exit 9
            printf 'LC_ALL=%s LC_CTYPE=%s\\n' "${LC_ALL:-}" "${LC_CTYPE:-}"
            for argument; do printf '<%s>\\n' "$argument"; done
            printf 'read %s\\n' "$(head -n 1 2>/dev/null)"
            exit ${JAVA_EXIT:-0}
            """;

    /// Leaves what Maven's build leaves, and a line for each call.
    private static final String MAVEN = """
            #!/bin/sh
            echo "$PWD $JAVA_HOME $*" >>"$MAVEN_LOG"
            if [ -n "${MAVEN_FAILS:-}" ]; then
              printf '[INFO] building\\n[ERROR] Here.java:[1,2] not good\\n[ERROR] -> [Help 1]\\n[ERROR] more\\n'
              exit 1
            fi
            for module in train lessons bench; do
              mkdir -p $module/target/classes tensor/target
              echo "$module" >$module/target/classes/Own.class
              date +%N >tensor/target/gradus-tensor-0.1.0.jar
              echo "$LIBRARY:$PWD/tensor/target/gradus-tensor-0.1.0.jar" >$module/target/classpath.txt
            done
            """;

    private static final String JAR = """
            #!/bin/sh
            # --create --file <jar> -C <folder> .
            cp "$5/Own.class" "$3"
            """;

    @TempDir
    Path folder;

    private Path root;
    private String shell = "sh";
    private final Map<String, String> environment = new java.util.HashMap<>();

    private record Said(int code, String out, String err) {
        List<String> arguments() {
            return out.lines()
                    .filter(line -> line.startsWith("<"))
                    .map(line -> line.substring(1, line.length() - 1))
                    .toList();
        }

        List<String> classPath() {
            return List.of(arguments().get(arguments().indexOf("-cp") + 1).split(":"));
        }
    }

    @BeforeEach
    void checkout() throws Exception {
        root = checkout("checkout");
        Path tools = Files.createDirectories(folder.resolve("tools"));
        script(tools.resolve("mvn"), MAVEN);
        Path library = Files.writeString(folder.resolve("library.jar"), "");
        environment.put("PATH", tools + ":/usr/bin:/bin");
        environment.put("MAVEN_LOG", folder.resolve("maven.log").toString());
        environment.put("LIBRARY", library.toString());
        environment.put("JAVA_HOME", jdk("jdk-25", "25.0.1").toString());
    }

    private Path checkout(String name) throws Exception {
        Path made = Files.createDirectories(folder.resolve(name));
        Files.copy(LAUNCHER, made.resolve("gradus"));
        Files.writeString(made.resolve("pom.xml"), "");
        for (String module : List.of("tensor", "train", "lessons", "bench")) {
            Files.createDirectories(made.resolve(module).resolve("src/main/java"));
            Files.writeString(made.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(made.resolve("tensor/src/main/java/Tensor.java"), "");
        try (Stream<Path> all = Files.walk(made)) {
            for (Path file : all.toList()) {
                age(file);
            }
        }
        return made;
    }

    /// Times of files are coarse; what was made before the build is made clearly older.
    private static void age(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    private Path jdk(String name, String version) throws Exception {
        Path home = folder.resolve("jdks").resolve(name);
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        script(home.resolve("bin/jar"), JAR);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    private static void script(Path file, String text) throws Exception {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    private Said launch(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(shell, root.resolve("gradus").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    private Said run(List<String> command) throws Exception {
        Path out = folder.resolve("out.txt");
        Path err = folder.resolve("err.txt");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(ProcessBuilder.Redirect.from(
                        Files.writeString(folder.resolve("in.txt"), "a line\n").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.matches("LC_.*|LANG|JAVA_HOME|MAVEN_.*|GRADUS_.*"));
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        int code = builder.start().waitFor();
        return new Said(code, Files.readString(out, StandardCharsets.UTF_8), Files.readString(err));
    }

    private long builds() throws Exception {
        Path log = folder.resolve("maven.log");
        return Files.exists(log) ? Files.readString(log).lines().count() : 0;
    }

    @Test
    void isSound() throws Exception {
        assertThat(LAUNCHER).isExecutable();
        assertThat(run(List.of("sh", "-n", LAUNCHER.toString()))).isEqualTo(new Said(0, "", ""));
        assumeTrue(installed("shellcheck"), "shellcheck is not installed");
        assertThat(run(List.of("shellcheck", LAUNCHER.toString()))).isEqualTo(new Said(0, "", ""));
    }

    private boolean installed(String program) throws Exception {
        return run(List.of("sh", "-c", "command -v " + program)).code() == 0;
    }

    @ParameterizedTest
    @ValueSource(strings = {"sh", "dash", "bash", "ksh", "mksh", "yash", "busybox sh"})
    void t4_everyShellBuildsAndStartsTheProgram(String with) throws Exception {
        assumeTrue(installed(with.split(" ")[0]), with + " is not installed");
        Path script = root.resolve("gradus");
        List<String> command = new ArrayList<>(List.of(with.split(" ")));
        command.addAll(List.of(script.toString(), "train", "--steps", "20", "a b", "", "*"));
        environment.put("JAVA_EXIT", "7");
        environment.put("GRADUS_JAVA_OPTS", "-Xmx8g -Dx=y");
        Said said = run(command);
        assertThat(said.code()).as(said.err()).isEqualTo(7);
        assertThat(said.arguments())
                .endsWith("gradus.train.cli.Main", "train", "--steps", "20", "a b", "", "*")
                .contains("-Xmx8g", "-Dx=y", "--add-modules");
        assertThat(said.out()).contains("read a line");
        assertThat(said.err()).startsWith("gradus: building with " + folder.resolve("jdks/jdk-25") + ";");
        assertThat(Files.readString(folder.resolve("maven.log")))
                .startsWith(root + " " + folder.resolve("jdks/jdk-25") + " -B -ntp -pl train -am")
                .endsWith(" package\n");
        assertThat(run(command).err()).isEmpty(); // is built
    }

    @Test
    void findsItsFolderThroughLinks() throws Exception {
        Path link = Files.createSymbolicLink(folder.resolve("link"), root.resolve("gradus"));
        Path relative = Files.createSymbolicLink(folder.resolve("relative"), Path.of("link"));
        environment.put("GRADUS_BACKEND", "abacus");
        assertThat(link).exists();
        assertThat(run(List.of("sh", relative.toString(), "--version")))
                .isEqualTo(new Said(1, "", "gradus: GRADUS_BACKEND must be cpu or cuda; got abacus\n"));
    }

    @Test
    void t4_theJdkIsFound() throws Exception {
        Path old = jdk("jdk-24", "24.0.2");
        Path onPath = jdk("jdk-26", "26-ea");
        Path links = Files.createDirectories(folder.resolve("links"));
        environment.put("PATH", links + ":" + environment.get("PATH"));
        Files.createSymbolicLink(links.resolve("java"), onPath.resolve("bin/java"));
        assertThat(launch().out()).contains("home=" + folder.resolve("jdks/jdk-25") + "\n");
        environment.put("JAVA_HOME", old.toString()); // too old
        assertThat(launch().out()).contains("home=" + onPath + "\n");
        environment.put("JAVA_HOME", folder.resolve("nowhere").toString());
        assertThat(launch().out()).contains("home=" + onPath + "\n");
        environment.put("JAVA_HOME", "");
        assertThat(launch().out()).contains("home=" + onPath + "\n");
        Files.delete(onPath.resolve("bin/javac")); // a runtime without a compiler builds nothing
        environment.put("JAVA_HOME", folder.resolve("jdks/jdk-25").toString());
        assertThat(launch().out()).contains("home=" + folder.resolve("jdks/jdk-25") + "\n");
    }

    /// As jenv and asdf do it: the `java` on the PATH is a script that starts another.
    @Test
    void t4_theJdkBehindAVersionManagersScriptIsFound() throws Exception {
        Path managed = jdk("managed", "27");
        Path shims = Files.createDirectories(folder.resolve("shims"));
        script(shims.resolve("java"), "#!/bin/sh\nexec '" + managed.resolve("bin/java") + "' \"$@\"\n");
        environment.put("PATH", shims + ":" + environment.get("PATH"));
        environment.put("JAVA_HOME", "");
        assertThat(launch().out()).contains("home=" + managed + "\n");
    }

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

    @ParameterizedTest
    @ValueSource(strings = {"with space", "it's \"q\" $x `y`", "größe 狐", "100% #1 & [a*] ;x", "back\\slash"})
    void f18_anyNameOfTheCheckout(String name) throws Exception {
        root = checkout(name);
        Said said = launch("train");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.classPath())
                .hasSize(3)
                .allMatch(jar -> Files.exists(Path.of(jar)))
                .first()
                .asString()
                .startsWith(root.resolve("train/target").toString());
        launch("train");
        assertThat(builds()).isEqualTo(1);
    }

    @Test
    void f18_aColonInTheCheckoutsNameIsRefused() throws Exception {
        root = checkout("a:b");
        assertThat(launch("train"))
                .isEqualTo(new Said(
                        1,
                        "",
                        "gradus: " + root + " has a colon in its path, which Java takes for the end of a folder;"
                                + " move Gradus elsewhere\n"));
        assertThat(builds()).isZero();
    }

    @ParameterizedTest
    @CsvSource({"LC_ALL, xx_XX.UTF-8", "LANG, xx_XX.UTF-8", "LC_CTYPE, xx_XX", "LC_ALL, C", "LC_ALL, POSIX", "LANG, ''"
    })
    void r3_aLocaleThatIsNotInstalledBecomesOneThatIs(String variable, String value) throws Exception {
        environment.put(variable, value);
        assertThat(launch().out()).contains("LC_ALL= LC_CTYPE=C.UTF-8\n");
    }

    @Test
    void r3_aLocaleThatIsInstalledStays() throws Exception {
        assumeTrue(
                run(List.of("sh", "-c", "LC_ALL=C.UTF-8 locale charmap")).out().equals("UTF-8\n"), "no C.UTF-8 here");
        environment.put("LC_ALL", "C.UTF-8");
        assertThat(launch().out()).contains("LC_ALL=C.UTF-8 LC_CTYPE=\n");
    }

    /// What is closed must not be taken by a file that the program opens.
    @Test
    void r15_closedStreamsFailInsteadOfReachingAFile() throws Exception {
        launch();
        String command = "'" + root.resolve("gradus") + "' train ";
        assertThat(run(List.of("sh", "-c", "sh " + command + ">&-")).code()).isEqualTo(9);
        Said deaf = run(List.of("sh", "-c", "sh " + command + "<&-"));
        assertThat(deaf.code()).isZero();
        assertThat(deaf.out()).contains("<train>").doesNotContain("read a line");
        assertThat(run(List.of("sh", "-c", "sh " + command + "2>&-")).code()).isZero();
    }

    @Test
    void u5_helpOfTheBenchmarkDoesNotBuild() throws Exception {
        Said said = launch("bench", "kernels", "--help");
        assertThat(said.code()).isZero();
        assertThat(said.out()).contains("gradus bench measures speed", "not built yet");
        assertThat(said.err()).isEmpty();
        assertThat(builds()).isZero();
        assertThat(launch("bench").arguments()).endsWith("gradus.bench.Main");
        assertThat(launch("bench", "kernels", "--help").arguments()).endsWith("gradus.bench.Main", "kernels", "--help");
    }

    @ParameterizedTest
    @ValueSource(strings = {"learn", "shell"})
    void theCourseIsAProgramOfItsOwn(String command) throws Exception {
        Said said = launch(command, "--help");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.arguments())
                .endsWith("gradus.lessons.learn.cli.Main", command, "--help")
                .contains("-Dgradus.stderr=3");
        assertThat(Files.readString(folder.resolve("maven.log"))).contains(" -pl lessons -am");
    }

    @Test
    void f17_aTemporaryFolderThatIsMissing() throws Exception {
        environment.put("TMPDIR", folder.resolve("nowhere").toString());
        environment.put("HOME", "/nonexistent");
        Said said = launch("train");
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.arguments()).endsWith("train").noneMatch(it -> it.startsWith("-Dgradus.stderr"));
    }
}
