package gradus.lessons.votes;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The answer that most chains of thought come to.
public final class MajorityVote {
    private MajorityVote() {}

    /// Self-consistency: of several chains of thought, the answer wins that most of them come to. More votes
    /// than any other answer are enough; they need not be half of all. Of answers with equally many votes, the
    /// one wins that **came first**.
    ///
    /// A chain without an answer is empty here, and has no vote.
    ///
    /// @param answers in the order in which the chains were drawn
    /// @return empty if there is no vote
    public static Optional<String> winner(List<Optional<String>> answers) {
        // --- your answer
        Map<String, Integer> votes = new LinkedHashMap<>();
        for (Optional<String> each : answers) {
            each.ifPresent(answer -> votes.merge(answer, 1, Integer::sum));
        }
        String best = null;
        for (String answer : votes.keySet()) {
            if (best == null || votes.get(answer) > votes.get(best)) {
                best = answer;
            }
        }
        return Optional.ofNullable(best);
        // ---
    }
}
