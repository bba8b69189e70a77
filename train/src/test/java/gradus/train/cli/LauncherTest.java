package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What the launcher finds, and how it starts the program.
class LauncherTest extends InCheckout {
    @Test
    void isSound() throws Exception {
        assertThat(LAUNCHER).isExecutable();
        assertThat(run(List.of("sh", "-n", LAUNCHER.toString()))).isEqualTo(new Said(0, "", ""));
        assumeTrue(installed("shellcheck"), "shellcheck is not installed");
        assertThat(run(List.of("shellcheck", LAUNCHER.toString()))).isEqualTo(new Said(0, "", ""));
    }

    /// The launcher for Windows, as far as it can be read here: each label is there once, each that is called is there,
    /// and it starts the same programs by the same words.
    @Test
    void theOneForWindowsIsWhole() throws Exception {
        String windows = Files.readString(LAUNCHER.resolveSibling("gradus.cmd"));
        List<String> labels = found("(?m)^:(\\w+)", windows);
        assertThat(labels).doesNotHaveDuplicates();
        assertThat(found("(?:call|goto) :(\\w+)", windows)).isNotEmpty().allMatch(labels::contains);
        List<String> words = found("if \"%~1(?: %~2)?\"==\"([^\"]+)\"", windows);
        String here = Files.readString(LAUNCHER);
        List<String> choices = new ArrayList<>(List.of("bench"));
        found("(?m)^ +([a-z:| -]+)\\) module=lessons ", here)
                .forEach(line -> choices.addAll(List.of(line.split(" \\| "))));
        assertThat(words)
                .containsExactlyInAnyOrderElementsOf(
                        choices.stream().map(choice -> choice.replace(':', ' ')).toList());
    }

    private static List<String> found(String pattern, String text) {
        return Pattern.compile(pattern)
                .matcher(text)
                .results()
                .map(each -> each.group(1))
                .toList();
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
    @ValueSource(strings = {"learn", "shell", "lab", "chunk", "rag", "prompt"})
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
