package gradus.lessons.learn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.folder.LearnerFolder;
import gradus.train.cli.Errors;
import gradus.train.cli.terminal.Console;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/// What each command says and does, without a terminal.
@Timeout(120)
class CommandsTest {
    private static final List<Exercise> COURSE = Exercises.exercises();
    private static final Exercise SOFTMAX = COURSE.getFirst();

    @TempDir
    Path temporary;

    private record Said(int code, String out, String err) {}

    private Said run(String typed, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        byte[] in = typed.getBytes(StandardCharsets.UTF_8);
        Work work = new Work(
                Console.of(out, err),
                COURSE,
                Exercises::judge,
                events -> Keys.ofLines(new ByteArrayInputStream(in), events));
        int code = Main.run(work, arguments);
        return new Said(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private Path root() {
        return temporary.resolve("mine");
    }

    /// A command on the folder.
    private Said learn(String... arguments) {
        List<String> all = new ArrayList<>(List.of("learn"));
        all.addAll(Arrays.asList(arguments));
        all.addAll(List.of("--folder", root().toString()));
        return run("", all.toArray(String[]::new));
    }

    private Path file() {
        return root().resolve("src/main/java/softmax/Softmax.java");
    }

    private void begin() {
        assertThat(run("", "learn", root().toString()).code()).isZero();
    }

    @Test
    void withoutATerminalItShowsTheTaskAndHeedsLines() throws Exception {
        Said first = run("", "learn", root().toString());
        assertThat(first.err()).isEmpty();
        assertThat(first.code()).isZero();
        assertThat(first.out())
                .contains(
                        root() + " is your folder now",
                        SOFTMAX.title(),
                        "softmax/Softmax, exercise 1 of 2",
                        "along the last axis",
                        "    public static Tensor softmax(Tensor x) {",
                        file().toString(),
                        "h hint")
                .doesNotContain("amax(-1");
        Files.writeString(file(), Exercises.wrong(SOFTMAX));
        Said second = run("c\nhint\ns\ns\nr\nr\nn\nl\nq\n", "learn", root().toString());
        assertThat(second.err()).isEmpty();
        assertThat(second.out())
                .contains(
                        "not yet: " + SOFTMAX.bugs().getFirst().sentence(),
                        "by hand: ",
                        "hint 1 of 3: ",
                        "Press s again",
                        "The course's answer to softmax/Softmax",
                        "Press r again",
                        "what you wrote is in ",
                        "Twice as much",
                        "given-up",
                        "0 of 2 solved, 1 given up");
    }

    @Test
    void checkRecordsWhatIsRight() throws Exception {
        begin();
        Said stub = learn("check");
        assertThat(stub.code()).isEqualTo(1);
        assertThat(stub.out()).contains("Softmax is not written yet");
        Files.writeString(file(), Exercises.right(SOFTMAX));
        Said right = learn("check");
        assertThat(right.code()).isZero();
        assertThat(right.out()).contains("right: all", "1 of 2 solved; next is cli/Twice");
        assertThat(learn("status").out()).contains("1 of 2 solved", "at hand: cli/Twice");
        assertThat(learn("check", "--all").code()).isEqualTo(1);
        assertThat(learn("check", "softmax", "twice").out()).contains("softmax/Softmax\n", "cli/Twice\n");
        assertThat(learn("show", "softmax").out()).contains("amax", "Another: ");
        assertThat(Files.readString(root().resolve("progress.txt"))).contains("softmax/Softmax ", " solved ");
    }

    @Test
    void brokenTextsAreTold() throws Exception {
        begin();
        Files.writeString(file(), "not Java");
        assertThat(learn("check").out()).contains("not yet: it does not compile");
        Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe, 0});
        assertThat(learn("check").err()).contains("Softmax.java is no text in UTF-8");
        Files.delete(file());
        Said gone = learn("check");
        assertThat(gone.code()).isEqualTo(1);
        assertThat(gone.err()).isEqualTo("gradus: " + file() + " is not there\n");
    }

    @Test
    void hintsComeOneByOne() {
        begin();
        for (int i = 0; i < 3; i++) {
            assertThat(learn("hint").out())
                    .isEqualTo("hint %d of 3: %s\n"
                            .formatted(i + 1, SOFTMAX.hints().get(i)));
        }
        assertThat(learn("hint").out()).contains("hint 1 of 3", "hint 3 of 3", "no more hints", SOFTMAX.reading());
        assertThat(learn("status").out()).contains("3 hints");
    }

    @Test
    void theAnswerIsShownAfterGivingUpOnly() {
        begin();
        Said refused = learn("show");
        assertThat(refused.code()).isEqualTo(2);
        assertThat(refused.err()).contains("not solved yet; --give-up");
        assertThat(learn("show", "--give-up").out()).contains("amax(-1");
        assertThat(learn("list").out()).contains("given-up  Softmax", "> ", "Twice", "0 of 2 solved, 1 given up");
        assertThat(learn("next").out()).contains("All others are done", "Twice as much");
    }

    @Test
    void nextGoesOnOrWhereItIsTold() throws Exception {
        begin();
        assertThat(learn("next").out()).contains("softmax/Softmax stays open", "Twice as much");
        assertThat(learn("status").out()).contains("at hand: cli/Twice");
        assertThat(learn("next", "softmax").out()).contains(SOFTMAX.title());
        assertThat(learn("status").out()).contains("at hand: softmax/Softmax");
        Files.writeString(file(), "mine");
        assertThat(learn("reset").out()).contains("is as at the beginning; what you wrote is in ");
        assertThat(learn("reset", "Sofmax").err()).contains("there is no exercise Sofmax", "did you mean Softmax?");
    }

    @Test
    void theReportIsForPrograms() throws Exception {
        begin();
        Files.writeString(
                file(), Exercises.wrong(SOFTMAX).replace("Tensor powers", "String s = \"<&>\";Tensor powers"));
        JsonNode json = new ObjectMapper().readTree(learn("report").out());
        assertThat(json.get("exercises").asInt()).isEqualTo(2);
        assertThat(json.get("right").asInt()).isZero();
        JsonNode first = json.get("results").get(0);
        assertThat(first.get("verdict").asString()).isEqualTo("named");
        assertThat(first.get("sentence").asString())
                .isEqualTo(SOFTMAX.bugs().getFirst().sentence());
        assertThat(json.get("results").get(1).get("verdict").asString()).isEqualTo("unwritten");
        Path xml = temporary.resolve("results.xml");
        assertThat(learn("report", "--junit", xml.toString()).out()).isEmpty();
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(xml.toFile());
        var suite =
                (org.w3c.dom.Element) document.getElementsByTagName("testsuite").item(0);
        assertThat(suite.getAttribute("name")).isEqualTo("mine");
        assertThat(suite.getAttribute("failures")).isEqualTo("1");
        assertThat(suite.getAttribute("skipped")).isEqualTo("1");
        assertThat(document.getElementsByTagName("testcase").getLength()).isEqualTo(2);
        assertThat(learn("report", "--json", temporary.resolve("no/where").toString())
                        .code())
                .isEqualTo(1);
    }

    @Test
    void manyFoldersAreGraded() throws Exception {
        Path assignment = Files.writeString(temporary.resolve("week1.txt"), "Softmax\n");
        Path anna = temporary.resolve("anna");
        Path ben = temporary.resolve("ben");
        LearnerFolder.create(anna, assignment, COURSE);
        LearnerFolder.create(ben, assignment, COURSE);
        Files.writeString(anna.resolve("src/main/java/softmax/Softmax.java"), Exercises.right(SOFTMAX));
        Files.writeString(ben.resolve("src/main/java/softmax/Softmax.java"), Exercises.wrong(SOFTMAX));
        Path json = temporary.resolve("grades.json");
        Said said = run(
                "",
                "learn",
                "grade",
                "--assignment",
                assignment.toString(),
                "--json",
                json.toString(),
                anna.toString(),
                ben.toString());
        assertThat(said.code()).as(said.err()).isZero();
        assertThat(said.out())
                .contains(
                        "anna: 1 of 1 right",
                        "ben: 0 of 1 right",
                        SOFTMAX.bugs().getFirst().sentence());
        assertThat(new ObjectMapper().readTree(json.toFile()).get("submissions").size())
                .isEqualTo(2);
        assertThat(run("", "learn", "grade", temporary.resolve("nobody").toString())
                        .err())
                .contains("nobody is no folder");
    }

    @Test
    void theCourseIsChecked() {
        Said said = run("", "learn", "check", "--course", "softmax");
        assertThat(said.out())
                .contains("softmax/Softmax ", "5 of 5", "1 exercises", "of the 5 mistakes would come through it");
        Said unsound = run("", "learn", "check", "--course", "--no-changes", "Twice");
        assertThat(unsound.code()).isEqualTo(1);
        assertThat(unsound.out()).contains("cli/Twice has 1 mistakes, and needs 3", "faults");
        assertThat(run("", "learn", "check", "--course", "nothing").code()).isEqualTo(2);
    }

    /// What is written for authors compiles.
    @Test
    void newFilesForAuthors() throws Exception {
        Path sources = Files.createDirectories(temporary.resolve("src/main/java/gradus/lessons"));
        String[] command = {"learn", "new", "dropout", "InvertedDropout", "--module", temporary.toString()};
        Said said = run("", command);
        assertThat(said.err()).isEmpty();
        assertThat(said.out()).contains("add DropoutLesson.lesson() to Course.lessons()");
        java.util.Map<String, String> texts = new java.util.LinkedHashMap<>();
        try (Stream<Path> all = Files.list(sources.resolve("dropout"))) {
            for (Path file : all.toList()) {
                String name = file.getFileName().toString().replace(".java", "");
                texts.put("gradus.lessons.dropout." + name, Files.readString(file));
            }
        }
        assertThat(texts).hasSize(3);
        try (var compiler = new gradus.lessons.learn.compile.Compiler()) {
            assertThat(compiler.compile(texts).problems()).isEmpty();
        }
        assertThat(temporary.resolve("src/main/resources/gradus/lessons/dropout/lesson.md"))
                .isNotEmptyFile();
        assertThat(run("", command).err()).contains("is there already; nothing was written");
        assertThat(run("", "learn", "new", "Dropout", "X").code()).isEqualTo(2);
        assertThat(run("", "learn", "new", "dropout", "Softmax").err())
                .contains("there is an exercise Softmax already");
    }

    @Test
    void aWrongCommandLineIsToldInOneLine() {
        assertThat(run("", "learn", "status", "--folder", root().toString()).err())
                .isEqualTo("gradus: " + root() + " is not a learner's folder: it has no progress.txt; gradus learn "
                        + root() + " makes one\n");
        assertThat(run("", "learn", "hnt", "--fold", "x").code()).isEqualTo(2);
        assertThat(run("").err()).contains("missing command: learn, shell, lab, chunk, rag or prompt");
    }

    @Test
    void tasksAreSentences() {
        for (Exercise exercise : gradus.lessons.Course.exercises()) {
            assertThat(Task.lines(exercise))
                    .as(exercise.toString())
                    .noneMatch(line -> line.startsWith("@") || line.contains("///"))
                    .anyMatch(line -> line.contains("("));
        }
    }

    private static Stream<CommandLine> all(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(CommandsTest::all));
    }

    private static CommandLine gradus() {
        Console console = Console.of(new ByteArrayOutputStream(), new ByteArrayOutputStream());
        return Main.commandLine(Work.of(console), new Errors(console));
    }

    @Test
    void everyHelpFits80Columns() {
        all(gradus())
                .forEach(command -> assertThat(command.getUsageMessage(Ansi.OFF).lines())
                        .as(command.getCommandSpec().qualifiedName())
                        .allMatch(line -> line.codePointCount(0, line.length()) <= 80));
    }

    /// A longer line would be broken, and the next begin on a line of its own.
    @Test
    void noLineOfADescriptionIsBroken() {
        all(gradus()).map(CommandLine::getCommandSpec).forEach(command -> {
            String[] lines = command.usageMessage().description();
            if (lines.length > 1) {
                assertThat(lines)
                        .as(command.qualifiedName())
                        .allMatch(line -> line.replace("%n", "").length() < 80);
            }
        });
    }
}
