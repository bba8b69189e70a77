package gradus.lessons.learn.folder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.error.ResourceException;
import gradus.error.UsageException;
import gradus.lessons.Course;
import gradus.lessons.learn.cli.Exercises;
import gradus.lessons.learn.exercise.Exercise;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LearnerFolderTest {
    private static final List<Exercise> COURSE = Exercises.exercises();
    private static final Exercise SOFTMAX = COURSE.get(0);
    private static final Exercise TWICE = COURSE.get(1);

    @TempDir
    Path temporary;

    private Path root() {
        return temporary.resolve("mine");
    }

    private LearnerFolder created() {
        return LearnerFolder.create(root(), null, COURSE);
    }

    @Test
    void holdsAProjectAndTheStubs() throws Exception {
        LearnerFolder folder = created();
        assertThat(root().resolve("src/main/java/softmax/Softmax.java"))
                .isEqualTo(folder.file(SOFTMAX))
                .content()
                .startsWith("package softmax;\n")
                .contains("throw new UnsupportedOperationException");
        assertThat(root().resolve("src/test/java/learn/ExercisesTest.java")).isNotEmptyFile();
        String parent = Files.readString(Path.of("..", "pom.xml"));
        String pom = Files.readString(root().resolve("pom.xml"));
        assertThat(parent)
                .contains("<junit.version>"
                        + pom.replaceAll("(?s).*junit-jupiter</artifactId>\\s*<version>" + "(.*?)</version>.*", "$1")
                        + "</junit.version>");
        assertThat(parent).contains("<gradus.jvm>" + pom.replaceAll("(?s).*<argLine>(.*?)</argLine>.*", "$1"));
    }

    /// No line of an answer is anywhere in it.
    @Test
    void holdsNoAnswers() throws Exception {
        LearnerFolder.create(root(), null, Course.exercises());
        StringBuilder all = new StringBuilder();
        try (Stream<Path> files = Files.walk(root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                all.append(Files.readString(file));
            }
        }
        for (Exercise exercise : Course.exercises()) {
            assertThat(all.toString()).doesNotContain(exercise.source().body().strip());
        }
    }

    @Test
    void keepsWhatTheLearnerWrote() throws Exception {
        LearnerFolder folder = created();
        Files.writeString(folder.file(SOFTMAX), "mine");
        Files.writeString(root().resolve("pom.xml"), "my pom");
        Files.delete(folder.file(TWICE));
        LearnerFolder again = created();
        assertThat(again.source(SOFTMAX)).isEqualTo("mine");
        assertThat(root().resolve("pom.xml")).hasContent("my pom");
        assertThat(again.isUntouched(TWICE)).isTrue();
    }

    @Test
    void resetKeepsACopyOfEveryVersion() throws Exception {
        LearnerFolder folder = created();
        assertThat(folder.reset(SOFTMAX)).isEmpty();
        Files.writeString(folder.file(SOFTMAX), "one");
        Path one = folder.reset(SOFTMAX).orElseThrow();
        assertThat(folder.isUntouched(SOFTMAX)).isTrue();
        Files.writeString(folder.file(SOFTMAX), "two");
        Path two = folder.reset(SOFTMAX).orElseThrow();
        assertThat(one).hasContent("one").hasParent(root().resolve("backups/softmax"));
        assertThat(two).hasContent("two");
        Files.delete(folder.file(SOFTMAX));
        assertThat(folder.reset(SOFTMAX)).isEmpty();
        assertThat(folder.isUntouched(SOFTMAX)).isTrue();
    }

    @Test
    void progressIsReadAgain() {
        LearnerFolder folder = created();
        assertThat(folder.now()).isEqualTo(SOFTMAX);
        assertThat(folder.hint(SOFTMAX)).contains(SOFTMAX.hints().get(0));
        assertThat(folder.hint(SOFTMAX)).contains(SOFTMAX.hints().get(1));
        folder.record(SOFTMAX, Progress.State.SOLVED);
        folder.record(SOFTMAX, Progress.State.GIVEN_UP); // too late
        assertThat(folder.now()).isEqualTo(TWICE);
        folder.moveTo(SOFTMAX);
        LearnerFolder again = LearnerFolder.open(root(), COURSE);
        assertThat(again.progress(SOFTMAX).state()).isEqualTo(Progress.State.SOLVED);
        assertThat(again.progress(SOFTMAX).hints()).isEqualTo(2);
        assertThat(again.now()).isEqualTo(SOFTMAX);
        assertThat(again.after(SOFTMAX)).contains(TWICE);
        assertThat(again.progress()).isEqualTo(folder.progress());
        again.record(TWICE, Progress.State.GIVEN_UP);
        assertThat(again.after(SOFTMAX)).isEmpty();
        assertThat(Progress.parse("", again.progress().text())).isEqualTo(again.progress());
    }

    @ParameterizedTest
    @CsvSource({
        "softmax/Softmax solved 1, must hold exercise",
        "softmax/Softmax done 1 2026-11-26, must be open",
        "softmax/Softmax open x 2026-11-26, must be a number",
        "softmax/Softmax open 1 yesterday, as in 2026-11-26"
    })
    void aDamagedProgressIsToldWithItsLine(String line, String told) throws Exception {
        created();
        Files.writeString(root().resolve("progress.txt"), "# comment\n" + line + "\n");
        assertThatThrownBy(() -> LearnerFolder.open(root(), COURSE))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("progress.txt line 2", told);
    }

    @Test
    void whatCannotBeWrittenIsToldAndKnownAllTheSame() throws Exception {
        LearnerFolder folder = created();
        Path file = root().resolve("progress.txt");
        Files.delete(file);
        Files.createDirectories(file.resolve("in the way")); // root may write anywhere
        assertThatThrownBy(() -> folder.record(SOFTMAX, Progress.State.SOLVED))
                .isInstanceOf(ResourceException.class)
                .hasMessageContaining("progress.txt: cannot be written");
        assertThat(folder.isDone(SOFTMAX)).isTrue();
    }

    @Test
    void anAssignmentChoosesExercises() throws Exception {
        Path file = Files.writeString(temporary.resolve("week1.txt"), "# week 1\n\ntwice  # the second\n");
        LearnerFolder folder = LearnerFolder.create(root(), file, COURSE);
        assertThat(folder.exercises()).containsExactly(TWICE);
        assertThat(folder.file(SOFTMAX)).doesNotExist();
        assertThat(LearnerFolder.open(root(), COURSE).exercises()).containsExactly(TWICE);
        Path lesson = Files.writeString(temporary.resolve("lesson.txt"), "softmax\nTwice\n");
        assertThat(LearnerFolder.create(temporary.resolve("b"), lesson, COURSE).exercises())
                .isEqualTo(COURSE);
        assertThatThrownBy(() -> LearnerFolder.create(root(), lesson, COURSE))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("says something else");
    }

    @ParameterizedTest
    @CsvSource({
        "Sofmax, did you mean Softmax?",
        "'', names no exercise",
        "nothing, there is no exercise or lesson nothing"
    })
    void anAssignmentWithUnknownNamesIsRefused(String text, String told) throws Exception {
        Path file = Files.writeString(temporary.resolve("week1.txt"), text);
        assertThatThrownBy(() -> LearnerFolder.create(root(), file, COURSE))
                .isInstanceOf(DataException.class)
                .hasMessageContainingAll("week1.txt", told);
        assertThat(root()).doesNotExist();
    }

    @Test
    void aFolderOfSomethingElseIsLeftAlone() throws Exception {
        Files.createDirectories(root().resolve(".git"));
        created(); // what is hidden does not count
        Path other = Files.createDirectories(temporary.resolve("other"));
        Files.writeString(other.resolve("thesis.tex"), "");
        assertThatThrownBy(() -> LearnerFolder.create(other, null, COURSE))
                .isInstanceOf(UsageException.class)
                .hasMessageContainingAll("not empty", "thesis.tex");
        assertThatThrownBy(() -> LearnerFolder.open(other, COURSE))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("is not a learner's folder");
    }
}
