package gradus.lessons;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.learn.book.Printed;
import gradus.lessons.learn.exercise.Lesson;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// A lesson's page shows what its program prints, and the pictures that it draws.
class LessonPagesTest {
    private static final String ONLY = System.getProperty("gradus.course", "");

    static Stream<Lesson> lessons() {
        return Course.lessons().stream()
                .filter(each -> ONLY.isEmpty() || each.name().equals(ONLY));
    }

    @ParameterizedTest
    @MethodSource("lessons")
    void showsWhatItsProgramPrintsAndDraws(Lesson lesson) {
        Printed printed = Printed.by(lesson);
        if (!ONLY.isEmpty()) {
            System.out.print(printed.text());
        }
        assertThat(printed.faults(lesson.page())).isEmpty();
        assertThat(lesson.page())
                .startsWith("# " + lesson.title() + "\n")
                .contains("\n## What to try\n", "\n## Sources\n");
    }
}
