package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.learn.check.ExerciseCheck;
import gradus.lessons.learn.check.ExerciseReport;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.exercise.Exercise;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every exercise's grader can be trusted; see [ExerciseCheck]. With `-Dgradus.course=softmax` only that
/// lesson's, and changed answers are tried too.
class CourseCheckTest {
    private static final String ONLY = System.getProperty("gradus.course", "");
    private static final Compiler COMPILER = new Compiler();

    @AfterAll
    static void close() throws Exception {
        COMPILER.close();
    }

    static Stream<Exercise> exercises() {
        return Course.exercises().stream()
                .filter(each -> ONLY.isEmpty() || each.lesson().equals(ONLY));
    }

    @ParameterizedTest
    @MethodSource("exercises")
    void itsGraderCanBeTrusted(Exercise exercise) {
        long seed = new Random().nextLong();
        ExerciseReport report = ExerciseCheck.of(exercise, seed, !ONLY.isEmpty(), COMPILER);
        if (!ONLY.isEmpty()) {
            System.out.printf(
                    "%s: %d of %d mistakes named, least separation %.0f tolerances, %d through a weak test, %d of %d changed"
                            + " answers refused%n",
                    exercise,
                    report.named(),
                    report.bugs(),
                    report.separation(),
                    report.throughWeak(),
                    report.mutantsKilled(),
                    report.mutants());
            report.alive().forEach(each -> System.out.println("  alive: " + each));
        }
        assertThat(report.faults()).as("seed " + seed).isEmpty();
        assertThat(report.named()).isEqualTo(report.bugs());
    }

    @Test
    void namesAreUnique() {
        List<String> names = Course.exercises().stream().map(Exercise::name).toList();
        assertThat(names).doesNotHaveDuplicates();
    }
}
