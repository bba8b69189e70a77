package gradus.lessons.learn.guard;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.learn.compile.Compiled;
import gradus.lessons.learn.compile.Compiler;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What an answer's class files may name.
class ScanTest {
    private static final Compiler COMPILER = new Compiler();

    @AfterAll
    static void close() throws Exception {
        COMPILER.close();
    }

    private static List<Scan.Finding> findings(String members) {
        Compiled compiled = COMPILER.compile(
                Map.of("answer.A", "package answer;\nimport java.util.*;\nclass A {\n" + members + "\n}"));
        assertThat(compiled.problems()).isEmpty();
        return Scan.of(compiled.classes(), Set.of());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "System.exit(0); | `System.exit` ends the program",
                "Runtime.getRuntime().halt(1); | `Runtime.getRuntime` ends the program",
                "new ProcessBuilder(\"ls\").start(); | `new ProcessBuilder` ends the program or starts another",
                "Thread.sleep(1); | `Thread.sleep` works with threads",
                "new Thread(() -> {}).start(); | `new Thread` works with threads",
                "java.util.concurrent.Executors.newCachedThreadPool(); | works with threads",
                "new Timer(); | `new Timer` works with threads",
                "Object o = new Object(); o.wait(); | `Object.wait` waits",
                "Class.forName(\"x\"); | `Class.forName` looks into classes",
                "String.class.getDeclaredMethods(); | `Class.getDeclaredMethods` looks into classes",
                "java.lang.invoke.MethodHandles.lookup(); | looks into classes",
                "A.class.getClassLoader(); | `Class.getClassLoader` looks into classes",
                "A.class.getResourceAsStream(\"x\"); | looks into classes",
                "ServiceLoader.load(Runnable.class); | looks into classes",
                "java.nio.file.Files.readString(java.nio.file.Path.of(\"x\")); | works with files",
                "new java.io.FileInputStream(\"x\"); | works with files",
                "new java.io.PrintStream(\"x\"); | works with files",
                "new Formatter(\"x\"); | works with files",
                "new Scanner(System.in); | `System.in` works with streams of the system",
                "System.setOut(null); | `System.setOut` works with streams",
                "System.getProperty(\"x\"); | asks the system",
                "System.loadLibrary(\"x\"); | reaches outside",
                "new java.net.URI(\"x\").toURL().openStream(); | uses the network",
                "java.lang.foreign.Arena.global(); | reaches outside Java's memory",
                "Object o = (Runnable) Runtime.getRuntime()::gc; | ends the program",
                "java.util.function.IntConsumer c = System::exit; | `System.exit` ends the program",
                "Object o = java.io.File[].class; | works with files",
                "Locale.setDefault(Locale.ROOT); | changes what they see",
                "org.nd4j.linalg.factory.Nd4j.zeros(1); | is not open to answers",
                "gradus.lessons.learn.guard.Guard.stop(); | is a part of the course",
                "gradus.tensor.Tensor.ones(1).ndarray(); | `INDArray` is not open to answers"
            })
    void findsWhatIsClosed(String code, String said) {
        assertThat(findings("int a;\nvoid f() throws Throwable {\n" + code + "\n}"))
                .first()
                .satisfies(finding -> {
                    assertThat(finding.message()).contains(said.strip());
                    assertThat(finding.line()).isEqualTo(6);
                });
    }

    @Test
    void findsItInDeclarationsToo() {
        assertThat(findings("static class B extends Thread {}")).isNotEmpty();
        assertThat(findings("native void f();")).isNotEmpty();
        assertThat(findings("protected void finalize() {}")).isNotEmpty();
        assertThat(findings("java.io.File file;")).isNotEmpty();
        assertThat(findings("static int x = Runtime.getRuntime().availableProcessors();"))
                .isNotEmpty();
    }

    @Test
    void leavesOrdinaryCodeAlone() {
        assertThat(findings("""
                sealed interface Shape permits Circle, Square {}
                record Circle(double r) implements Shape {}
                record Square(double a) implements Shape {}
                enum Color { RED { int n() { return 1; } }, BLUE; int n() { return 2; } }
                static <T extends Comparable<T>> T most(List<T> all) { return Collections.max(all); }
                double area(Shape s) {
                    return switch (s) { case Circle(double r) -> Math.PI * r * r; case Square(var a) -> a * a; };
                }
                int of(Color c, String s) {
                    assert c != null;
                    int n = switch (s) { case "a", "b" -> 1; default -> 2; };
                    return n + switch (c) { case RED -> 1; case BLUE -> c.n(); };
                }
                String words(int[] x) throws Exception {
                    PriorityQueue<int[]> q = new PriorityQueue<>(Comparator.comparingInt((int[] a) -> a[0]).reversed());
                    q.add(x.clone());
                    System.arraycopy(x, 0, x, 0, 1);
                    System.out.printf("%d %s%n", x.length, "x" + x[0] + 'c');
                    Map<String, List<Integer>> m = new TreeMap<>();
                    m.computeIfAbsent("a", k -> new ArrayList<>()).add(1);
                    StringBuilder b = new StringBuilder();
                    for (var e : m.entrySet()) { b.append(e.getKey()).append(e.getValue()); }
                    synchronized (this) { b.append(String.format(Locale.ROOT, "%.2f", Math.sqrt(2))); }
                    byte[] bytes = b.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
                    java.nio.ByteBuffer buffer = java.nio.ByteBuffer.wrap(bytes);
                    Object[] mixed = new Object[][] {{1}, {2.0}}[0];
                    if (mixed.getClass() == Object[].class && getClass().getSimpleName().isEmpty()) {
                        throw new IllegalStateException("no", new java.io.IOException("x"));
                    }
                    long t = System.nanoTime() + new java.util.concurrent.atomic.AtomicLong().incrementAndGet();
                    return java.util.stream.IntStream.range(0, 3).mapToObj(Integer::toString)
                            .collect(java.util.stream.Collectors.joining(",")) + t + buffer
                            + java.util.regex.Pattern.compile("a|b").matcher("ab").replaceAll("c")
                            + java.math.BigInteger.TWO.pow(3) + Optional.of(1).map(Integer::doubleValue)
                            + new Scanner("1 2").nextInt() + new Random(1).nextInt() + BitSet.valueOf(bytes);
                }
                gradus.tensor.Tensor t(gradus.tensor.Tensor x) {
                    return x.exp().sum(-1, true).add(gradus.tensor.Tensor.of(new float[3], 3));
                }
                """)).isEmpty();
    }
}
