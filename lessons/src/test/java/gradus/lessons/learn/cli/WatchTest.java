package gradus.lessons.learn.cli;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.learn.exercise.Exercise;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A learner at a terminal.
@DisabledOnOs(OS.WINDOWS)
@Timeout(180)
class WatchTest {
    private static final Exercise SOFTMAX = Exercises.exercises().getFirst();

    @TempDir
    Path temporary;

    private Path root() {
        return temporary.resolve("mine");
    }

    private Path file() {
        return root().resolve("src/main/java/softmax/Softmax.java");
    }

    private Screenplay start() throws Exception {
        Screenplay terminal = Screenplay.start("learn", root().toString());
        terminal.await("h hint");
        return terminal;
    }

    @Test
    void fromTheFirstMistakeToTheSolvedExercise() throws Exception {
        try (Screenplay terminal = start()) {
            terminal.await(file().toString());
            Files.writeString(file(), Exercises.wrong(SOFTMAX));
            terminal.await("not yet: " + SOFTMAX.bugs().getFirst().sentence());
            terminal.await("by hand: ");
            terminal.type("h");
            terminal.await("hint 1 of 3: ");
            Files.writeString(file(), "package softmax; class");
            terminal.await("not yet: line 1: ");
            Path other = Files.writeString(root().resolve("new"), Exercises.right(SOFTMAX));
            Files.move(other, file(), java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            terminal.await("right: all");
            terminal.await("1 of 2 solved; next is cli/Twice");
            terminal.type("s");
            terminal.await("Another: ");
            terminal.type("n");
            terminal.await("Twice as much");
            terminal.type("l");
            terminal.await("solved    Softmax");
            terminal.type("q");
            assertThat(terminal.exitCode()).as(terminal.shown()).isZero();
        }
        assertThat(Files.readString(root().resolve("progress.txt")))
                .containsPattern("softmax/Softmax +solved +1 ")
                .contains("now: cli/Twice");
    }

    @Test
    void aFileThatIsGoneAndComesBack() throws Exception {
        try (Screenplay terminal = start()) {
            Files.delete(file());
            terminal.await("is gone: save it again, or press r for a fresh one");
            terminal.type("c");
            terminal.await("is not there");
            terminal.type("r");
            terminal.await("is as at the beginning");
            terminal.await("Softmax is not written yet");
            assertThat(file()).exists();
            terminal.type("\u0004");
            assertThat(terminal.exitCode()).as(terminal.shown()).isZero();
        }
    }

    @Test
    void ctrlCEndsCleanly() throws Exception {
        try (Screenplay terminal = start()) {
            terminal.type("\u0003");
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(130);
            assertThat(terminal.shown()).doesNotContain("Exception");
        }
    }

    @Test
    void killEndsItToo() throws Exception {
        try (Screenplay terminal = start()) {
            terminal.signal("TERM");
            assertThat(terminal.exitCode()).as(terminal.shown()).isEqualTo(143);
        }
    }
}
