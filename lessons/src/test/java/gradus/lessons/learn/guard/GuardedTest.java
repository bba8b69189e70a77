package gradus.lessons.learn.guard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.lessons.learn.compile.Compiled;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.compile.Loaded;
import gradus.lessons.learn.exercise.Stopped;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Code with checks in it: gives what it gave, and can be stopped.
@Timeout(60)
class GuardedTest {
    private static final Compiler COMPILER = new Compiler();

    @AfterAll
    static void close() throws Exception {
        COMPILER.close();
    }

    @AfterEach
    void open() {
        Guard.begin(Long.MAX_VALUE);
    }

    private static Object run(String members) throws Throwable {
        return run(members, true);
    }

    private static Object run(String members, boolean guarded) throws Throwable {
        Compiled compiled = COMPILER.compile(
                Map.of("answer.A", "package answer;\nimport java.util.*;\npublic class A {\n" + members + "\n}"));
        assertThat(compiled.problems()).isEmpty();
        Class<?> type = Loaded.of("answer.A", guarded ? Guarded.of(compiled.classes()) : compiled.classes());
        Method method = type.getDeclaredMethod("f");
        method.setAccessible(true);
        try {
            return method.invoke(null);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    /// Stops what runs after a moment, as a worker does.
    private static void stopSoon() {
        Guard.begin(1 << 20);
        Thread.ofPlatform().daemon().start(() -> {
            try {
                Thread.sleep(150);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            Guard.stop();
        });
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static Object f() { while (true) {} }",
                "static Object f() { for (int i = 0; ; i++) { if (i == -1) { return i; } } }",
                "static int n; static Object f() { do { n++; } while (n != n + 1); return 1; }",
                "static Object f() { while (true) { try { while (true) {} } catch (Throwable t) {} } }",
                "static Object f() { try { while (true) {} } catch (Throwable t) { return 1; } }",
                "static Object f() { while (true) { try { f(); } catch (Throwable t) {} finally { Math.abs(1); } } }",
                "static Object f() { return java.util.stream.Stream.iterate(1, x -> x).mapToInt(x -> x).sum(); }",
                "static Object f() { while (true) { try { throw new Error(); } catch (Error e) { continue; } } }",
                "static Object f() { synchronized (A.class) { while (true) {} } }",
                "static Object f() { l: while (true) { switch (1) { case 1: continue l; default: } } }"
            })
    void endlessCodeIsStopped(String code) {
        stopSoon();
        assertThatThrownBy(() -> run(code))
                .isInstanceOf(Stopped.class)
                .hasMessageContaining("does not come to an end (line 4)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "static Object f() { return new double[1_250_000_000]; }",
                "static Object f() { return new String[2_000_000_000]; }",
                "static Object f() { return new float[60_000][60_000]; }",
                "static Object f() { return new int[2][3][100_000_000][]; }",
                "static Object f() { return new long[3][5][100_000]; }",
                "static Object f() { return new long[2_000_000_000][2_000_000_000][2_000_000_000]; }"
            })
    void largeArraysAreRefused(String code) {
        Guard.begin(10 << 20);
        assertThatThrownBy(() -> run(code))
                .isInstanceOf(Stopped.class)
                .hasMessageContaining("(line 4)")
                .hasMessageContaining("may have 10,485,760");
    }

    @Test
    void whatItGivesIsTheSame() throws Throwable {
        Guard.begin(1 << 20);
        String code = """
                interface Shape { double area(); }
                record Square(double a) implements Shape { public double area() { return a * a; } }
                static class Base { final int n; Base(int n) { this.n = n; } }
                static class Sub extends Base { Sub(int[] x) { super(x.length > 2 ? x[0] : x[1]); } }
                static long fib(int n) { return n < 2 ? n : fib(n - 1) + fib(n - 2); }
                static Object f() {
                    StringBuilder b = new StringBuilder();
                    int[][][] cube = new int[2][3][4];
                    for (int i = 0; i < 2; i++) {
                        for (int[] row : cube[i]) {
                            Arrays.fill(row, i + row.length);
                        }
                    }
                    b.append(Arrays.deepToString(cube)).append(new double[2][].length).append(fib(15));
                    int i = 3;
                    while (i-- > 0) {
                        try {
                            b.append(new int[i - 2].length);
                        } catch (NegativeArraySizeException e) {
                            b.append('n');
                        } finally {
                            b.append('f');
                        }
                    }
                    try {
                        b.append(new int[2][-1].length);
                    } catch (NegativeArraySizeException e) {
                        b.append('m');
                    }
                    Object o = new Square(3);
                    b.append(o instanceof Square(double a) ? a : 0).append(new Sub(new int[] {7, 8}).n);
                    b.append(switch (b.length() % 3) { case 0 -> "zero"; case 1 -> "one"; default -> "two"; });
                    List<Integer> list = new ArrayList<>(List.of(3, 1, 2));
                    list.sort((x, y) -> x - y);
                    Shape s = () -> list.get(0) * 2.5;
                    return b.append(list).append(s.area()).toString();
                }
                """;
        assertThat(run(code, true))
                .isEqualTo(run(code, false))
                .asString()
                .startsWith("[[[4, ")
                .endsWith("2.5");
    }
}
