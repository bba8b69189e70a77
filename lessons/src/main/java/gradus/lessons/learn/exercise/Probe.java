package gradus.lessons.learn.exercise;

/// One way in which an answer is tried out.
///
/// @param name   what is tried, as in "two logits"
/// @param byHand the computation of the right result that a learner can follow, or what is special here
/// @param run    calls the answer
public record Probe(String name, String byHand, Run run) {
    /// Calls an answer.
    public interface Run {
        /// @return what is to be compared, or null if all of it went to [Trial#see]
        Object on(Trial trial) throws Exception;
    }
}
