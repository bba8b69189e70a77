package gradus.lessons.thoughts;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One step of a search through a tree of thoughts.
public final class BreadthStep {
    private BreadthStep() {}

    /// One step breadth first: every kept state is replaced by the states that may come next, and of **all**
    /// these together the b with the highest scores are kept. Two thoughts may lead to one state: it counts
    /// once, where it comes first. Of equal scores, the state that comes first counts as better: those of the
    /// first kept state come first, in their order.
    ///
    /// @param kept   the states kept so far, the best first
    /// @param next   for each of these, the states that may come next; none at a dead end
    /// @param scores of all states, the higher the better; 0 is a score like others
    /// @param b      how many are kept, at least 1
    /// @return the states that are kept now, the best first; fewer than b if there are not so many
    public static List<String> step(
            List<String> kept, Map<String, List<String>> next, Map<String, Double> scores, int b) {
        // --- your answer
        Set<String> different = new LinkedHashSet<>();
        for (String state : kept) {
            different.addAll(next.get(state));
        }
        List<String> states = new ArrayList<>(different);
        states.sort(Comparator.comparingDouble(state -> -scores.get(state)));
        return states.subList(0, Math.min(b, states.size()));
        // ---
    }
}
