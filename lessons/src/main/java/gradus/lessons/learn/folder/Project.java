package gradus.lessons.learn.folder;

import java.util.LinkedHashMap;
import java.util.Map;

/// The files that make a learner's folder a Maven project: an IDE opens it, and `mvn test` runs the graders.
final class Project {
    private Project() {}

    /// @param version of Gradus
    /// @return the file's path in the folder → its text
    static Map<String, String> files(String version) {
        Map<String, String> files = new LinkedHashMap<>();
        files.put("pom.xml", POM.replace("VERSION", version));
        files.put("src/test/java/learn/ExercisesTest.java", TEST);
        files.put(".gitignore", "target/\n");
        files.put("README.md", README);
        return files;
    }

    private static final String POM = """
            <?xml version="1.0" encoding="UTF-8"?>
            <project xmlns="http://maven.apache.org/POM/4.0.0" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="http://maven.apache.org/POM/4.0.0 http://maven.apache.org/xsd/maven-4.0.0.xsd">
              <modelVersion>4.0.0</modelVersion>

              <groupId>learn</groupId>
              <artifactId>learn</artifactId>
              <version>1</version>

              <properties>
                <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
                <maven.compiler.release>25</maven.compiler.release>
              </properties>

              <dependencies>
                <dependency>
                  <groupId>dev.gradus</groupId>
                  <artifactId>gradus-lessons</artifactId>
                  <version>VERSION</version>
                </dependency>
                <dependency>
                  <groupId>org.junit.jupiter</groupId>
                  <artifactId>junit-jupiter</artifactId>
                  <version>5.14.4</version>
                  <scope>test</scope>
                </dependency>
              </dependencies>

              <build>
                <plugins>
                  <plugin>
                    <artifactId>maven-resources-plugin</artifactId>
                    <version>3.3.1</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-compiler-plugin</artifactId>
                    <version>3.14.1</version>
                  </plugin>
                  <plugin>
                    <artifactId>maven-surefire-plugin</artifactId>
                    <version>3.5.4</version>
                    <configuration>
                      <argLine>--add-modules jdk.incubator.vector --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow</argLine>
                      <trimStackTrace>true</trimStackTrace>
                    </configuration>
                  </plugin>
                </plugins>
              </build>
            </project>
            """;

    private static final String TEST = """
            package learn;

            import static org.junit.jupiter.api.Assertions.fail;

            import gradus.lessons.learn.exercise.Exercise;
            import gradus.lessons.learn.folder.LearnerFolder;
            import gradus.lessons.learn.grade.Verdict;
            import gradus.lessons.learn.worker.Grading;
            import java.nio.file.Path;
            import java.util.stream.Stream;
            import org.junit.jupiter.api.AfterAll;
            import org.junit.jupiter.api.BeforeAll;
            import org.junit.jupiter.params.ParameterizedTest;
            import org.junit.jupiter.params.provider.MethodSource;

            /// The graders of `gradus learn` as tests, one for each exercise of this folder.
            class ExercisesTest {
                private static final LearnerFolder FOLDER = LearnerFolder.open(Path.of(""));
                private static Grading grading;

                @BeforeAll
                static void start() {
                    grading = new Grading();
                }

                @AfterAll
                static void end() throws Exception {
                    grading.close();
                }

                static Stream<Exercise> exercises() {
                    return FOLDER.exercises().stream();
                }

                @ParameterizedTest(name = "{0}")
                @MethodSource("exercises")
                void isSolved(Exercise exercise) throws Exception {
                    Verdict verdict = grading.verdict(exercise, FOLDER.source(exercise));
                    if (!verdict.passed()) {
                        fail(verdict.sentence() + "\\n" + String.join("\\n", verdict.details()));
                    }
                }
            }
            """;

    private static final String README = """
            # Exercises of Gradus

            Each file in `src/main/java` is an exercise: what to write stands in its comment, and your answer goes in
            place of the line that throws an exception.

            - `gradus learn` in this folder shows the exercise at hand, watches its file and grades it on every save.
              `gradus learn check`, `hint`, `next`, `list`, `reset`, `status` and `show` do the same one by one.
            - `mvn test` grades all of them. It needs Gradus in your Maven repository: run `mvn -DskipTests install`
              once in the folder of Gradus. An IDE opens this folder as a Maven project.
            - `progress.txt` says how far you have come, `backups` keeps what `reset` took away. Nothing is sent anywhere.
            - `assignment.txt`, if there is one, says which exercises stand here, one a line.
            """;
}
