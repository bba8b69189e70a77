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
/// Language Models*, arXiv:2305.10601, algorithm 1. It ends as soon as a kept state is a solution; with b = 1
/// and [Keep#greedy] it is a chain of thoughts of which each is the best of its step.
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

    /// Searches. Where no state is a solution, the answer is that of the kept state in front; where no thought
    /// is allowed at the root, there is none.
    public Outcome solve(TreeProblem problem, TextModel model) {
        Steps steps = new Steps(model);
        List<String> kept = List.of("");
        for (int step = 1; step <= problem.steps(); step++) {
            String name = "level " + step;
            List<String> next = new ArrayList<>();
            for (int i = 0; i < kept.size(); i++) {
                String from = kept.size() == 1 ? name : name + ", state " + (i + 1);
                next.addAll(source.next(problem, kept.get(i), steps, from));
            }
            if (next.isEmpty()) {
                steps.note(name, "no thought is allowed");
                break;
            }
            Scored scored = Scored.of(problem, score, next, steps, name);
            steps.note(name + ", scores", scored.shown());
            kept = keep.of(scored.scores(), breadth, Rng.of(seed).at("keep").at(step)).stream()
                    .map(next::get)
                    .toList();
            Optional<String> solved = kept.stream().filter(problem::isSolved).findFirst();
            if (solved.isPresent()) {
                return steps.outcome(solved.map(problem::answer));
            }
        }
        return steps.outcome(
                Optional.of(kept.getFirst()).filter(state -> !state.isEmpty()).map(problem::answer));
    }
}
