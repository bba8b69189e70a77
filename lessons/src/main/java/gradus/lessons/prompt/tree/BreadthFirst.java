package gradus.lessons.prompt.tree;

import static gradus.error.ConfigException.require;

import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tree of thoughts, breadth first: at each step all kept states get their next thoughts, all of these are
/// scored, and the best b are kept. Yao et al. 2023, *Tree of Thoughts: Deliberate Problem Solving with Large
/// Language Models*, arXiv:2305.10601, algorithm 1. With b = 1 and [Keep#greedy] it is a chain of thoughts of
/// which each is the best of its step.
///
/// It ends as soon as the kept state in front is a solution. A solution behind it is not what the scores
/// prefer: it stays as it is, with its score, and competes with the states of the next steps.
///
/// **Cost** with k thoughts for a state: up to b calls for thoughts and b·k for values at each step, or one for
/// each vote.
///
/// @param source  of next thoughts
/// @param score   of states
/// @param breadth b, how many states are kept
/// @param keep    chooses them
/// @param seed    of what is drawn in choosing
public record BreadthFirst(ThoughtSource source, StateScore score, int breadth, Keep keep, long seed) {
    /// @throws gradus.error.ConfigException unless breadth ≥ 1
    public BreadthFirst {
        require(breadth >= 1, "breadth must be at least 1; got %d", breadth);
    }

    /// Searches. After the last step the first kept solution is the answer. Where no state is a solution, the
    /// answer is that of the kept state in front; where no thought is allowed at the root, there is none.
    public Outcome solve(TreeProblem problem, TextModel model) {
        Steps steps = new Steps(model);
        Scored kept = new Scored(List.of(""), 0);
        for (int step = 1; step <= problem.steps(); step++) {
            String name = "level " + step;
            List<String> next = next(problem, kept.states(), steps, name);
            if (next.isEmpty()) {
                steps.note(name, "no thought is allowed");
                break;
            }
            Scored scored = kept.only(problem::isSolved).and(Scored.of(problem, score, next, steps, name));
            steps.note(name + ", scores", scored.shown());
            Rng rng = Rng.of(seed).at("keep").at(step);
            kept = scored.different().chosen(scores -> keep.of(scores, breadth, rng));
            if (problem.isSolved(kept.states().getFirst())) {
                break;
            }
        }
        List<String> states = kept.states();
        String end = states.stream().filter(problem::isSolved).findFirst().orElse(states.getFirst());
        return steps.outcome(Optional.of(end).filter(state -> !state.isEmpty()).map(problem::answer));
    }

    private List<String> next(TreeProblem problem, List<String> kept, Steps steps, String name) {
        List<String> next = new ArrayList<>();
        for (int i = 0; i < kept.size(); i++) {
            if (kept.get(i).isEmpty() || !problem.isSolved(kept.get(i))) {
                String from = kept.size() == 1 ? name : name + ", state " + (i + 1);
                next.addAll(source.next(problem, kept.get(i), steps, from));
            }
        }
        return next;
    }
}
