package gradus.lessons.learn.compile;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What the compiler and the rules say of answers.
class RulesTest {
    private static final Compiler COMPILER = new Compiler();
    private static final Exercise SOFTMAX = Course.exercise("Softmax").orElseThrow();

    @AfterAll
    static void close() throws Exception {
        COMPILER.close();
    }

    private static List<Compiled.Problem> problems(String text) {
        return COMPILER.compile(SOFTMAX, text).problems();
    }

    private static String method(String body) {
        return SOFTMAX.source().with(body);
    }

    private static String file(String signature) {
        return """
                package anything;

                import gradus.tensor.Tensor;

                public final class Softmax {
                    %s {
                        return x;
                    }
                }
                """.formatted(signature);
    }

    private static void assertOne(String text, Compiled.Kind kind, String... said) {
        assertThat(problems(text)).first().satisfies(problem -> {
            assertThat(problem.kind()).isEqualTo(kind);
            assertThat(problem.message()).contains(said);
        });
    }

    @Test
    void theRightAnswerAndItsStubKeepAllRules() {
        assertThat(problems(method(SOFTMAX.source().body()))).isEmpty();
        assertThat(problems(SOFTMAX.source().stub("Softmax"))).isEmpty();
        assertThat(COMPILER.compile(SOFTMAX, method(SOFTMAX.source().body())).named("Softmax"))
                .contains("answer.Softmax");
    }

    @Test
    void helpersAreTheLearnersOwnBusiness() {
        assertThat(problems("""
                package x;
                import gradus.tensor.Tensor;
                public final class Softmax {
                    public static Tensor softmax(Tensor logits) { return softmax(logits, 1); }
                    private static Tensor softmax(Tensor x, int n) { return logSoftmax(x); }
                    static Tensor logSoftmax(Tensor x) { return x; }
                    public static void main(String[] arguments) {}
                }
                """)).isEmpty();
    }

    @Test
    void theLibrarysOwnMethodIsForbidden() {
        assertOne(method("return x.softmax();"), Compiled.Kind.FORBIDDEN, "`softmax` of the library");
        assertOne(
                method("java.util.function.UnaryOperator<Tensor> f = Tensor::softmax; return f.apply(x);"),
                Compiled.Kind.FORBIDDEN,
                "`softmax` of the library");
        assertThat(problems(method("\n\nreturn x.softmax();")).getFirst().line())
                .isEqualTo(SOFTMAX.source().head().lines().count() + 3);
    }

    @Test
    void theCourseIsNoPartOfAnAnswer() {
        assertOne(
                method("return gradus.lessons.softmax.Softmax.softmax(x);"),
                Compiled.Kind.FORBIDDEN,
                "`Softmax` is a part of the course");
        assertOne(
                file("public static Tensor softmax(Tensor x)")
                        .replace("import", "import static gradus.lessons.softmax.Softmax.softmax;\nimport"),
                Compiled.Kind.FORBIDDEN,
                "part of the course");
        assertOne(
                method("gradus.lessons.learn.guard.Guard.stop(); return x;"),
                Compiled.Kind.FORBIDDEN,
                "`Guard` is a part of the course");
    }

    @Test
    void signaturesAreThoseOfTheExercise() {
        String must = "`softmax` must be \"public static Tensor softmax(Tensor x)\"; yours is ";
        assertOne(
                file("public Tensor softmax(Tensor x)"),
                Compiled.Kind.SIGNATURE,
                must + "\"public Tensor softmax(Tensor x)\"");
        assertOne(file("static Tensor softmax(Tensor x)"), Compiled.Kind.SIGNATURE, must);
        assertOne(
                file("public static Object softmax(Tensor x)"),
                Compiled.Kind.SIGNATURE,
                must + "\"public static Object softmax(Tensor x)\"");
        assertOne(
                file("public static Tensor softmax(Tensor x, int axis)"),
                Compiled.Kind.SIGNATURE,
                must + "\"public static Tensor softmax(Tensor x, int axis)\"");
        assertOne(
                file("public static Tensor softMax(Tensor x)"),
                Compiled.Kind.SIGNATURE,
                "`softmax` is missing: it must be \"public static Tensor softmax(Tensor x)\"");
        assertOne("class Other {}", Compiled.Kind.SIGNATURE, "there is no class `Softmax`");
        assertOne("", Compiled.Kind.SIGNATURE, "there is no class `Softmax`");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "return softmax(x);",
                "Tensor y = x.exp(); return y.mul(Softmax.softmax(y));",
                "if (x == null) { return softmax(x); } else { softmax(x); return x; }",
                "return x == null ? softmax(x) : softmax(x.neg());",
                "for (int i = softmax(x).shape().rank(); i > 0; i--) { return x; } return x;"
            })
    void aMethodThatAlwaysCallsItselfNeverEnds(String body) {
        assertOne(method(body), Compiled.Kind.ENDLESS, "`softmax` calls itself every time");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "return x == null ? x : softmax(null);",
                "if (x == null) { return x; } return softmax(null);",
                "for (int i = 0; i < 1; i++) { softmax(null); } return x;",
                "boolean b = x != null && softmax(null) == null; return x;",
                "Runnable r = () -> softmax(x); return x;"
            })
    void recursionThatMayEndIsAllowed(String body) {
        assertThat(problems(method(body))).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "return y; | nothing is called `y` in `Softmax`",
                "return x.sofmax(); | there is no method `sofmax()` in `Tensor`",
                "Tenser y = x; return y; | there is no class `Tenser` here",
                "float f = 1.0; return x; | a `double` does not fit into `float`: write `(float)`",
                "int i = \"one\"; return x; | `String` stands where `int` is needed",
                "x.exp(); | the method can end here without a `return`",
                "return x | ';' expected",
                "return x.exp(1, 2); | `exp` takes (), and is given (int, int)",
                "return x; } | a closing brace `}` is too many above",
                "{ return x; | the file ends too early: a closing brace `}` is missing",
                "int i; i++; return x; | `i` may have no value yet here",
                "throw new Exception(); | `Exception` must be caught here",
                "int x = 1; return null; | x is already defined",
                "return x; x.exp(); | this line can never be reached"
            })
    void errorsAreSaidInPlainWords(String body, String said) {
        assertOne(method(body.strip()), Compiled.Kind.ERROR, said.strip());
    }

    @Test
    void textsThatAreNoneAreSurvived() {
        assertOne("x".repeat(300_000), Compiled.Kind.ERROR, "characters");
        assertThat(problems(method("return " + "(".repeat(20_000) + "x" + ")".repeat(20_000) + ";")))
                .isNotEmpty();
        assertThat(problems("\u0000\uffff{{{")).isNotEmpty();
    }
}
