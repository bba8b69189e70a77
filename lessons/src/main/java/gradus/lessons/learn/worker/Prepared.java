package gradus.lessons.learn.worker;

import gradus.lessons.learn.grade.Verdict;
import java.util.Map;

/// A learner's text after the compiler and the rules: classes that may be run, or what is wrong with it already.
///
/// @param verdict   what is wrong; null if it may run
/// @param className of the answer
/// @param classes   the class files, with checks in them
public record Prepared(Verdict verdict, String className, Map<String, byte[]> classes) {
    static Prepared refused(Verdict verdict) {
        return new Prepared(verdict, "", Map.of());
    }
}
