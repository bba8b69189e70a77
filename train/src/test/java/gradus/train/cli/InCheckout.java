package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;

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
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a checkout of its own, with a JDK and a Maven that only say what they were asked.
@DisabledOnOs(OS.WINDOWS)
@Timeout(60)
abstract class InCheckout {
    static final Path LAUNCHER = Path.of("..", "gradus").toAbsolutePath().normalize();

    /// Says its folder, its arguments one a line, and the locale.
    static final String JAVA = """
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
    static final String MAVEN = """
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

    static final String JAR = """
            #!/bin/sh
            # --create --file <jar> -C <folder> .
            cp "$5/Own.class" "$3"
            """;

    @TempDir
    Path folder;

    Path root;
    String shell = "sh";
    final Map<String, String> environment = new java.util.HashMap<>();

    record Said(int code, String out, String err) {
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

    Path checkout(String name) throws Exception {
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
    static void age(Path file) throws Exception {
        Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(3600)));
    }

    Path jdk(String name, String version) throws Exception {
        Path home = folder.resolve("jdks").resolve(name);
        Files.createDirectories(home.resolve("bin"));
        script(home.resolve("bin/java"), JAVA);
        script(home.resolve("bin/javac"), "#!/bin/sh\n");
        script(home.resolve("bin/jar"), JAR);
        Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + version + "\"\n");
        return home;
    }

    static void script(Path file, String text) throws Exception {
        Files.writeString(file, text);
        assertThat(file.toFile().setExecutable(true)).isTrue();
    }

    Said launch(String... arguments) throws Exception {
        List<String> command =
                new ArrayList<>(List.of(shell, root.resolve("gradus").toString()));
        command.addAll(List.of(arguments));
        return run(command);
    }

    Said run(List<String> command) throws Exception {
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

    long builds() throws Exception {
        Path log = folder.resolve("maven.log");
        return Files.exists(log) ? Files.readString(log).lines().count() : 0;
    }

    boolean installed(String program) throws Exception {
        return run(List.of("sh", "-c", "command -v " + program)).code() == 0;
    }
}
