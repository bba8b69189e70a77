package gradus.lessons.learn.grade;

import gradus.lessons.learn.compile.Compiled;
import gradus.lessons.learn.compile.Compiler;
import gradus.lessons.learn.compile.Loaded;
import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Outcome;
import gradus.lessons.learn.exercise.Probe;
import gradus.lessons.learn.exercise.Source;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What the right answer of an exercise gives on every probe, and what each of its known mistakes gives, for the
/// numbers of one seed.
///
/// @param right what the right answer gives, probe by probe
/// @param wrong what each mistake gives, in the order of [Exercise#bugs]
public record Bank(Exercise exercise, long seed, List<Outcome> right, List<List<Outcome>> wrong) {
    /// Compiles the mistakes and runs all of them.
    public static Bank of(Exercise exercise, long seed, Compiler compiler) {
        List<List<Outcome>> wrong = new ArrayList<>();
        for (Class<?> each : mistakes(exercise, compiler)) {
            wrong.add(outcomes(exercise, each, seed));
        }
        return new Bank(exercise, seed, outcomes(exercise, exercise.answer(), seed), wrong);
    }

    /// What mistake number b gives.
    public List<Outcome> wrong(int b) {
        return wrong.get(b);
    }

    /// What one answer gives on every probe.
    public static List<Outcome> outcomes(Exercise exercise, Class<?> answer, long seed) {
        return exercise.probes().stream()
                .map(probe -> outcome(exercise, probe, answer, seed))
                .toList();
    }

    /// What one answer gives on one probe.
    public static Outcome outcome(Exercise exercise, Probe probe, Class<?> answer, long seed) {
        try (var scope = Scope.open()) {
            return Trial.run(exercise, probe, answer, Rng.of(seed).at(exercise.name()));
        }
    }

    /// The classes of the mistakes, in the order of [Exercise#bugs].
    public static List<Class<?>> mistakes(Exercise exercise, Compiler compiler) {
        return compiled(exercise, bodies(exercise), compiler);
    }

    private static List<String> bodies(Exercise exercise) {
        String body = exercise.source().body();
        return exercise.bugs().stream().map((Bug bug) -> bug.in(body)).toList();
    }

    /// Classes of the exercise's name with these bodies, each in a package and loader of its own.
    ///
    /// @throws IllegalStateException if one does not compile
    public static List<Class<?>> compiled(Exercise exercise, List<String> bodies, Compiler compiler) {
        Source source = exercise.source();
        Map<String, String> texts = new LinkedHashMap<>();
        for (int i = 0; i < bodies.size(); i++) {
            texts.put(name(exercise, i), Source.inPackage(source.with(bodies.get(i)), packageOf(exercise, i)));
        }
        Compiled compiled = compiler.compile(texts);
        if (compiled.failed() && !texts.isEmpty()) {
            throw new IllegalStateException(
                    "%s: an answer of the bank does not compile: %s".formatted(exercise, compiled.problems()));
        }
        List<Class<?>> classes = new ArrayList<>();
        for (int i = 0; i < bodies.size(); i++) {
            classes.add(Loaded.of(name(exercise, i), compiled.classes()));
        }
        return classes;
    }

    private static String packageOf(Exercise exercise, int i) {
        return "bank." + exercise.lesson() + i;
    }

    private static String name(Exercise exercise, int i) {
        return packageOf(exercise, i) + "." + exercise.name();
    }
}
