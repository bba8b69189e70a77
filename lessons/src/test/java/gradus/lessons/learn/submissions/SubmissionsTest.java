package gradus.lessons.learn.submissions;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.Course;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Source;
import gradus.lessons.learn.exercise.Variant;
import gradus.lessons.learn.grade.Verdict;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Many submissions side by side, among them hostile ones: each gets its own verdict.
@Timeout(300)
class SubmissionsTest {
    private static final Exercise SOFTMAX = Course.exercise("Softmax").orElseThrow();
    private static final Source SOURCE = SOFTMAX.source();

    /// What a submission does → the verdict that it must get.
    private static Map<String, Verdict.Kind> bodies() {
        Map<String, Verdict.Kind> bodies = new LinkedHashMap<>();
        bodies.put(SOURCE.body(), Verdict.Kind.PASSED);
        bodies.put(SOFTMAX.variants().getFirst().body(), Verdict.Kind.PASSED);
        bodies.put(SOFTMAX.bugs().getFirst().in(SOURCE.body()), Verdict.Kind.NAMED);
        bodies.put("return x.add(1);", Verdict.Kind.WRONG);
        bodies.put("return x.softmax();", Verdict.Kind.FORBIDDEN);
        bodies.put("return x", Verdict.Kind.UNCOMPILED);
        bodies.put("System.exit(0); return x;", Verdict.Kind.FORBIDDEN);
        bodies.put("new ProcessBuilder(\"sh\", \"-c\", \":(){ :|:& };:\"); return x;", Verdict.Kind.FORBIDDEN);
        bodies.put("while (true) {}", Verdict.Kind.LIMIT);
        bodies.put("while (true) { try { softmax(x); } catch (Throwable t) {} }", Verdict.Kind.LIMIT);
        bodies.put("double[] all = new double[1_250_000_000]; return x;", Verdict.Kind.LIMIT);
        bodies.put(
                "var l = new java.util.ArrayList<int[]>(); while (true) { l.add(new int[99_999]); }",
                Verdict.Kind.LIMIT);
        bodies.put("return x == null ? x : softmax(x.neg());", Verdict.Kind.LIMIT);
        bodies.put("while (true) { System.out.print(\"\\0\".repeat(1 << 20)); }", Verdict.Kind.LIMIT);
        bodies.put("System.out.print(\"\\0<\\uFFFF\"); return x;", Verdict.Kind.WRONG);
        bodies.put(SOURCE.body() + "// last", Verdict.Kind.PASSED);
        return bodies;
    }

    private static Submissions.Options options(Fence fence, Exercise... exercises) throws InterruptedException {
        Submissions.Options standard = Submissions.Options.standard();
        return new Submissions.Options(List.of(exercises), Course.class, standard.atOnce(), standard.longest(), fence);
    }

    @Test
    void eachGetsItsOwnVerdict(@TempDir Path folder) throws Exception {
        List<Path> folders = new ArrayList<>();
        List<Verdict.Kind> expected = new ArrayList<>(bodies().values());
        for (String body : bodies().keySet()) {
            Path each = folder.resolve("learner" + folders.size()).resolve("src");
            Files.createDirectories(each);
            Files.writeString(each.resolve("Softmax.java"), SOURCE.with(body));
            folders.add(each.getParent());
        }
        folders.add(Files.createDirectory(folder.resolve("empty")));
        expected.add(Verdict.Kind.UNWRITTEN);
        Path linked = Files.createDirectory(folder.resolve("linked"));
        Files.createSymbolicLink(linked.resolve("Softmax.java"), Path.of("/etc/hostname"));
        folders.add(linked);
        expected.add(Verdict.Kind.UNWRITTEN);
        folders.add(folder.resolve("gone"));
        expected.add(Verdict.Kind.UNWRITTEN);
        Path large = Files.createDirectory(folder.resolve("large"));
        Files.writeString(large.resolve("Softmax.java"), "x".repeat(1 << 20));
        folders.add(large);
        expected.add(Verdict.Kind.UNWRITTEN);
        Path doubling = Files.createDirectory(folder.resolve("doubling")); // takes the compiler's memory
        Files.writeString(doubling.resolve("Softmax.java"), doubling());
        folders.add(doubling);
        expected.add(Verdict.Kind.UNCOMPILED);

        ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
        Grades grades = Submissions.grade(folders, options(Fence.find(), SOFTMAX), each -> done.add(each.name()));

        System.out.println(grades.fence());
        grades.submissions().stream()
                .flatMap(each -> each.results().stream())
                .forEach(each -> System.out.println(
                        (each.millis() + " ms " + each.verdict()).replaceAll("[^\\x20-\\x7e]", "?")));
        assertThat(done).hasSize(folders.size());
        assertThat(grades.submissions().stream()
                        .map(each -> each.results().getFirst().verdict().kind())
                        .toList())
                .isEqualTo(expected);
        json(grades);
        xml(grades);
    }

    private static String doubling() {
        StringBuilder text =
                new StringBuilder("class Softmax { static final String A0 = \"" + "x".repeat(100) + "\";\n");
        for (int i = 1; i < 40; i++) {
            text.append("static final String A%d = A%d + A%2$d;%n".formatted(i, i - 1));
        }
        return text.append("static int n = A39.length(); }").toString();
    }

    private static void json(Grades grades) {
        JsonNode root = new JsonMapper().readTree(GradesJson.of(grades));
        assertThat(root.get("fence").asString()).isEqualTo(grades.fence());
        assertThat(root.get("submissions").size())
                .isEqualTo(grades.submissions().size());
        JsonNode first = root.get("submissions").get(0);
        assertThat(first.get("passed").asInt()).isEqualTo(1);
        assertThat(first.get("results").get(0).get("exercise").asString()).isEqualTo("softmax/Softmax");
        assertThat(first.get("results").get(0).get("verdict").asString()).isEqualTo("passed");
    }

    private static void xml(Grades grades) throws Exception {
        var document = DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new ByteArrayInputStream(GradesXml.of(grades).getBytes(StandardCharsets.UTF_8)));
        assertThat(document.getElementsByTagName("testsuite").getLength())
                .isEqualTo(grades.submissions().size());
        assertThat(document.getElementsByTagName("failure").getLength()).isEqualTo(3);
        assertThat(document.getElementsByTagName("skipped").getLength()).isEqualTo(4);
    }

    /// An answer that is stopped leaves a worker that has just been started: it must not outlive the folder that it
    /// works in, where it would unfold its file system anew.
    @Test
    void nothingIsLeftBehind(@TempDir Path folder) throws Exception {
        Files.writeString(folder.resolve("Softmax.java"), SOURCE.with("return x == null ? x : softmax(x.neg());"));
        Set<Path> before = scratches();
        Set<Long> running = processes();
        for (int i = 0; i < 2; i++) {
            Grades grades = Submissions.grade(List.of(folder), options(Fence.find(), SOFTMAX), each -> {});
            assertThat(grades.submissions()
                            .getFirst()
                            .results()
                            .getFirst()
                            .verdict()
                            .kind())
                    .isEqualTo(Verdict.Kind.LIMIT);
            assertThat(running).containsAll(processes());
        }
        assertThat(scratches()).isEqualTo(before);
    }

    private static Set<Long> processes() {
        return ProcessHandle.current()
                .descendants()
                .filter(ProcessHandle::isAlive)
                .map(ProcessHandle::pid)
                .collect(Collectors.toSet());
    }

    private static Set<Path> scratches() throws IOException {
        try (Stream<Path> all = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return all.filter(each -> each.getFileName().toString().startsWith("gradus-grade"))
                    .collect(Collectors.toSet());
        }
    }

    @Test
    void aFolderThatCannotBeRemovedCostsNoVerdict(@TempDir Path folder) throws Exception {
        Submissions.delete(folder.resolve("gone"));
        Path full = Files.createDirectories(folder.resolve("full/deep"));
        Files.writeString(full.resolve("file"), "x");
        Submissions.delete(folder.resolve("full"));
        assertThat(folder.resolve("full")).doesNotExist();
    }

    /// One answer computes in vectors, the other starts ND4J.
    @Test
    void everyFenceThatWorksHereLetsRightAnswersPass(@TempDir Path folder) throws Exception {
        Exercise head = Course.exercise("OneHead").orElseThrow();
        Files.writeString(folder.resolve("Softmax.java"), SOURCE.with(SOURCE.body()));
        String doubles = head.variants().stream()
                .map(Variant::body)
                .filter(body -> body.contains("gradus.tensor.Tensor"))
                .findFirst()
                .orElseThrow();
        Files.writeString(folder.resolve("OneHead.java"), head.source().with(doubles));
        for (Fence fence : Fence.values()) {
            if (fence == Fence.NONE || fence.works()) {
                long start = System.nanoTime();
                Grades grades = Submissions.grade(List.of(folder), options(fence, SOFTMAX, head), each -> {});
                System.out.printf("%s: %d ms%n", fence.name(), (System.nanoTime() - start) / 1_000_000);
                assertThat(grades.submissions().getFirst().passed())
                        .as(fence.name() + grades)
                        .isEqualTo(2);
            } else {
                System.out.println(fence.name() + " does not work on this system");
            }
        }
    }
}
