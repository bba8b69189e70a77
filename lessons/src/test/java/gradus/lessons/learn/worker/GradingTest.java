package gradus.lessons.learn.worker;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Source;
import gradus.lessons.learn.exercise.Variant;
import gradus.lessons.learn.grade.Verdict;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Every kind of verdict, through the whole engine; after each the engine still works.
@Timeout(120)
class GradingTest {
    private static final Grading GRADING = new Grading();
    private static final Exercise SOFTMAX = Course.exercise("Softmax").orElseThrow();
    private static final Source SOURCE = SOFTMAX.source();

    @AfterAll
    static void close() {
        GRADING.close();
    }

    private static Verdict verdict(String body) throws InterruptedException {
        return GRADING.verdict(SOFTMAX, SOURCE.with(body));
    }

    private static void assertStillRight() throws InterruptedException {
        assertThat(verdict(SOURCE.body()).kind()).isEqualTo(Verdict.Kind.PASSED);
    }

    @Test
    void rightAnswersPass() throws InterruptedException {
        assertStillRight();
        for (Variant each : SOFTMAX.variants()) {
            assertThat(verdict(each.body()).passed()).as(each.name()).isTrue();
        }
    }

    @Test
    void mistakesAreNamed() throws InterruptedException {
        for (Bug bug : SOFTMAX.bugs()) {
            Verdict verdict = verdict(bug.in(SOURCE.body()));
            assertThat(verdict.kind()).isEqualTo(Verdict.Kind.NAMED);
            assertThat(verdict.sentence()).isEqualTo(bug.sentence());
        }
    }

    @Test
    void theStubIsUnwrittenAndWhatIsWrongShowsWhatItPrinted() throws InterruptedException {
        assertThat(GRADING.verdict(SOFTMAX, SOURCE.stub("Softmax")).kind()).isEqualTo(Verdict.Kind.UNWRITTEN);
        Verdict verdict = verdict("System.out.println(\"here \" + x.shape()); return x.add(1);");
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.WRONG);
        assertThat(verdict.details()).contains("it printed:").anyMatch(line -> line.contains("here "));
    }

    @Test
    void exceptionsHaveTheLearnersLine() throws InterruptedException {
        Verdict verdict = verdict("int[] a = new int[1];\na[2] = 1;\nreturn x;");
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.WRONG);
        assertThat(verdict.sentence())
                .contains("ArrayIndexOutOfBoundsException in line "
                        + (SOURCE.head().lines().count() + 2));
    }

    @Test
    void whatDoesNotCompileIsShownWithItsLine() throws InterruptedException {
        Verdict verdict = verdict("        return y;");
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.UNCOMPILED);
        long line = SOURCE.head().lines().count() + 1;
        assertThat(verdict.sentence()).startsWith("line " + line + ": nothing is called `y`");
        assertThat(verdict.details()).containsExactly("  %d |         return y;".formatted(line));
        assertThat(GRADING.verdict(SOFTMAX, "class Softmax {}").sentence())
                .contains("`softmax` is missing: it must be \"public static Tensor softmax(Tensor x)\"");
    }

    @Test
    void whatIsForbiddenDoesNotRun() throws InterruptedException {
        assertThat(verdict("System.exit(0); return x;").kind()).isEqualTo(Verdict.Kind.FORBIDDEN);
        assertThat(verdict("return x.softmax();").kind()).isEqualTo(Verdict.Kind.FORBIDDEN);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "while (true) {} | does not come to an end (line ",
                "while (true) { try { while (true) {} } catch (Throwable t) {} } | does not come to an end (line ",
                "while (true) { System.out.println(\"x\".repeat(100_000)); } | does not come to an end (line ",
                "double[] a = new double[1_250_000_000]; return x; | an array of 10,000,000,000 bytes (line ",
                "return Tensor.zeros(40_000, 40_000); | takes more memory than it may (line ",
                "java.util.List<int[]> l = new java.util.ArrayList<>(); while (true) { l.add(new int[1_000_000]); }"
                        + " | takes more memory than it may (line ",
                "return x == null ? x : softmax(x.add(1)); | nested too deeply (line ",
                "java.util.stream.LongStream.range(0, Long.MAX_VALUE).sum(); return x; | nor to a place where it can"
            })
    void limitsAreSaid(String body, String said) throws InterruptedException {
        Verdict verdict = verdict(body.strip());
        assertThat(verdict.kind()).as(verdict.toString()).isEqualTo(Verdict.Kind.LIMIT);
        assertThat(verdict.sentence()).contains(said.strip());
        assertStillRight();
    }

    @Test
    void aClassThatFailsToLoadIsWrong() throws InterruptedException {
        String text = SOURCE.with(SOURCE.body())
                .replace("private Softmax", "static final int N = 1 / Integer.parseInt(\"0\");\n    private Softmax");
        Verdict verdict = GRADING.verdict(SOFTMAX, text);
        assertThat(verdict.kind()).isEqualTo(Verdict.Kind.WRONG);
        assertThat(verdict.sentence()).contains("ArithmeticException");
    }

    @Test
    void aTextIsTakenFromAnyPackage() throws InterruptedException {
        String text = SOURCE.with(SOURCE.body());
        for (String each : List.of("package some.where;", "package gradus.tensor;", "")) {
            String moved = text.replaceFirst("(?m)^package [\\w.]+;", each);
            assertThat(GRADING.verdict(SOFTMAX, moved).passed()).as(each).isTrue();
        }
    }
}
