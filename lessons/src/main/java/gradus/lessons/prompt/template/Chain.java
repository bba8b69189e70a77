package gradus.lessons.prompt.template;

import static gradus.error.ConfigException.require;

import gradus.error.Printable;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Outcome;
import gradus.lessons.prompt.Steps;
import gradus.lessons.prompt.TextModel;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Prompts one after the other: what the model writes for one is filled into those behind it, under the step's
/// name.
/// ```java
/// Outcome outcome = Chain.of(model)
///         .then("facts", PromptTemplate.of("List what is known.\n\n{question}\n\nFacts:"))
///         .then("answer", PromptTemplate.of("{question}\n\nFacts:{facts}\n\nAnswer:"))
///         .run(Map.of("question", "How many legs have three cats?"));
/// ```
/// The last step's text, stripped, is the answer; the others stay visible as thoughts.
public final class Chain {
    private record Step(String name, PromptTemplate template, CompletionOptions options) {}

    private final TextModel model;
    private final List<Step> steps;

    private Chain(TextModel model, List<Step> steps) {
        this.model = model;
        this.steps = List.copyOf(steps);
    }

    /// Without steps yet.
    public static Chain of(TextModel model) {
        return new Chain(model, List.of());
    }

    /// With a further step, completed by [CompletionOptions#defaults].
    ///
    /// @throws gradus.error.ConfigException if another step has the name
    public Chain then(String name, PromptTemplate template) {
        return then(name, template, CompletionOptions.defaults());
    }

    /// With a further step.
    ///
    /// @throws gradus.error.ConfigException if another step has the name
    public Chain then(String name, PromptTemplate template, CompletionOptions options) {
        require(
                steps.stream().noneMatch(each -> each.name.equals(name)),
                "the chain has a step %s already",
                Printable.value(name));
        List<Step> longer = new ArrayList<>(steps);
        longer.add(new Step(name, template, options));
        return new Chain(model, longer);
    }

    /// Asks step by step.
    ///
    /// @param values of the variables that are no steps
    /// @throws gradus.error.ConfigException if there are no steps; if a value is missing, is not used by any
    ///     step, or has the name of a step, before anything is asked; or, with the name of the step, if the
    ///     model refuses a prompt
    public Outcome run(Map<String, String> values) {
        check(values.keySet());
        Map<String, String> known = new HashMap<>(values);
        Steps asked = new Steps(model);
        for (Step step : steps) {
            known.put(step.name, asked.ask(step.name, step.template.fillKnown(known), step.options));
        }
        return asked.outcome(Optional.of(known.get(steps.getLast().name).strip()));
    }

    private void check(Set<String> given) {
        require(!steps.isEmpty(), "the chain has no steps");
        Set<String> known = new LinkedHashSet<>(given);
        Set<String> used = new LinkedHashSet<>();
        for (Step step : steps) {
            used.addAll(step.template.variables());
            for (String variable : step.template.variables()) {
                PromptTemplate.requireValue(variable, known);
            }
            require(
                    known.add(step.name),
                    "%s is given, but it is what a step of the chain finds out",
                    Printable.value(step.name));
        }
        for (String each : given) {
            require(used.contains(each), "%s is given, but no step of the chain uses it", Printable.value(each));
        }
    }
}
