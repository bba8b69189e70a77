package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import java.util.ArrayDeque;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Tree of thoughts, depth first: follows the best next thought to the end, then goes back to the next best one
/// that is left. Thoughts whose score does not exceed a threshold are cut off with all that would follow. Yao
/// et al. 2023, arXiv:2305.10601, algorithm 2. It ends with the first solution, or when so many states were
/// visited.
///
/// @param source    of next thoughts
/// @param score     of states
/// @param threshold above which a thought is followed
/// @param visits    the most states whose next thoughts are asked for
public record DepthFirst(ThoughtSource source, StateScore score, double threshold, int visits) {
    private record Node(String state, int depth) {}

    /// @throws gradus.error.ConfigException unless threshold ≥ 0 and visits ≥ 1
    public DepthFirst {
        require(threshold >= 0, "the threshold of a score must be at least 0; got %s", threshold);
        require(visits >= 1, "visits must be at least 1; got %d", visits);
    }

    /// Searches. Where no solution was found, the answer is that of the first state that had all its thoughts;
    /// where there is none such, there is none.
    public Outcome solve(TreeProblem problem, TextModel model) {
        Steps steps = new Steps(model);
        Deque<Node> open = new ArrayDeque<>(List.of(new Node("", 0)));
        String deepest = null;
        int visited = 0;
        while (!open.isEmpty()) {
            Node node = open.pop();
            if (!node.state.isEmpty() && problem.isSolved(node.state)) {
                return steps.outcome(Optional.of(problem.answer(node.state)));
            }
            if (node.depth == problem.steps()) {
                deepest = deepest == null ? node.state : deepest;
                continue;
            }
            if (visited++ == visits) {
                steps.note("end", "all visits were made");
                break;
            }
            String name = "visit " + visited;
            List<String> next = source.next(problem, node.state, steps, name);
            Scored scored = Scored.of(problem, score, next, steps, name);
            steps.note(name + ", scores", next.isEmpty() ? "no thought is allowed" : scored.shown());
            IntStream.range(0, next.size())
                    .boxed()
                    .filter(i -> scored.scores()[i] > threshold)
                    .sorted(Comparator.comparingDouble((Integer i) -> scored.scores()[i])
                            .thenComparing(Comparator.reverseOrder()))
                    .forEach(i -> open.push(new Node(next.get(i), node.depth + 1))); // the best last, on top
        }
        return steps.outcome(Optional.ofNullable(deepest).map(problem::answer));
    }
}
