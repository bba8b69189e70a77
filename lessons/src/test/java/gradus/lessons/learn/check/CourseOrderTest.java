package gradus.lessons.learn.check;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.lessons.Course;
import org.junit.jupiter.api.Test;

class CourseOrderTest {
    @Test
    void noLessonNeedsALaterOneAndNoExerciseShowsItsAnswer() {
        assertThat(CourseCheck.faults(Course.lessons())).isEmpty();
    }

    @Test
    void aFaultIsFound() {
        assertThat(CourseCheck.faults(
                        java.util.Collections.nCopies(2, Course.lessons().getFirst())))
                .anyMatch(fault -> fault.startsWith("two exercises are called "));
    }
}
