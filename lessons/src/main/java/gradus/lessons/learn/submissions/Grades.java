package gradus.lessons.learn.submissions;

import gradus.lessons.learn.grade.Verdict;
import java.util.List;

/// What came of grading some submissions.
///
/// @param fence       what kept the answers from the machine, in words
/// @param submissions in the order of their folders
public record Grades(String fence, List<Submission> submissions) {
    /// One learner's folder.
    ///
    /// @param name    of the folder
    /// @param results one for each exercise
    public record Submission(String name, List<Result> results) {
        /// How many exercises are right.
        public int passed() {
            return (int)
                    results.stream().filter(each -> each.verdict().passed()).count();
        }
    }

    /// One answer.
    ///
    /// @param exercise as in `softmax/Softmax`
    /// @param millis   how long grading took
    public record Result(String exercise, Verdict verdict, long millis) {}
}
