package gradus.lessons.learn.grade;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Observation;
import gradus.lessons.learn.exercise.Outcome;
import gradus.lessons.learn.exercise.Probe;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Says of an answer whether it is right and, if not, which mistake it is: by comparing what it gave on every
/// probe with what the right answer and every wrong one of the bank gave on the same numbers.
public final class Grader {
    private static final String UNWRITTEN = "UnsupportedOperationException";

    private final Exercise exercise;
    private final Bank bank;
    private final Closeness closeness;

    public Grader(Bank bank) {
        this.exercise = bank.exercise();
        this.bank = bank;
        this.closeness = new Closeness(exercise.tolerance());
    }

    /// What can be said of an answer without knowing any mistake: that it is right, or not written; nothing otherwise.
    ///
    /// @param right    what the right answer gives, probe by probe
    /// @param outcomes what the answer gave, probe by probe; fewer than there are probes if it had to be stopped
    public static Optional<Verdict> early(Exercise exercise, List<Outcome> right, List<Outcome> outcomes) {
        int failing = failing(new Closeness(exercise.tolerance()), right, outcomes);
        if (failing < 0) {
            return Optional.of(
                    outcomes.size() == right.size()
                            ? Verdict.of(Verdict.Kind.PASSED, "all " + right.size() + " probes agree")
                            : Verdict.of(Verdict.Kind.LIMIT, "it was stopped before all probes were done"));
        }
        Outcome.Failure failure = outcomes.get(failing).failure();
        return failure != null && failure.type().equals(UNWRITTEN)
                ? Optional.of(Verdict.of(Verdict.Kind.UNWRITTEN, failure.message()))
                : Optional.empty();
    }

    /// The first probe on which an answer is not right; -1 if there is none.
    private static int failing(Closeness closeness, List<Outcome> right, List<Outcome> outcomes) {
        return IntStream.range(0, outcomes.size())
                .filter(i -> !closeness.agree(right.get(i), outcomes.get(i)))
                .findFirst()
                .orElse(-1);
    }

    /// @param outcomes what the answer gave, probe by probe; fewer than there are probes if it had to be stopped
    public Verdict verdict(List<Outcome> outcomes) {
        List<Outcome> right = bank.right();
        Optional<Verdict> early = early(exercise, right, outcomes);
        if (early.isPresent()) {
            return early.get();
        }
        int failing = failing(closeness, right, outcomes);
        Outcome actual = outcomes.get(failing);
        Optional<String> name = outcomes.size() == right.size() ? named(outcomes) : Optional.empty();
        List<String> details = details(exercise.probes().get(failing), right.get(failing), actual);
        if (name.isPresent()) {
            return new Verdict(Verdict.Kind.NAMED, name.get(), details);
        }
        likeness(failing, actual).ifPresent(details::add);
        return new Verdict(Verdict.Kind.WRONG, wrong(right.get(failing), actual), details);
    }

    /// The sentence of the mistake that gives the same everywhere.
    private Optional<String> named(List<Outcome> outcomes) {
        List<Bug> bugs = exercise.bugs();
        for (int b = 0; b < bugs.size(); b++) {
            if (closeness.agree(bank.wrong(b), outcomes)) {
                return Optional.of(bugs.get(b).sentence());
            }
        }
        for (Trivial trivial : Trivial.values()) {
            if (matches(trivial, outcomes)) {
                return Optional.of(trivial.sentence());
            }
        }
        return Optional.empty();
    }

    private boolean matches(Trivial trivial, List<Outcome> outcomes) {
        int compared = 0;
        for (int i = 0; i < outcomes.size(); i++) {
            Optional<Outcome> expected = trivial.of(bank.right().get(i));
            if (expected.isPresent()) {
                if (!closeness.agree(expected.get(), outcomes.get(i))) {
                    return false;
                }
                compared++;
            }
        }
        return compared > 0;
    }

    /// The mistake that gives the same on this one probe, if only one does.
    private Optional<String> likeness(int probe, Outcome actual) {
        if (actual.failure() != null) {
            return Optional.empty();
        }
        List<Integer> alike = IntStream.range(0, exercise.bugs().size())
                .filter(b -> closeness.agree(bank.wrong(b).get(probe), actual))
                .boxed()
                .toList();
        return alike.size() == 1
                ? Optional.of("on this probe the same comes out when "
                        + lower(exercise.bugs().get(alike.getFirst()).sentence()))
                : Optional.empty();
    }

    private static String lower(String sentence) {
        return sentence.length() > 1 && Character.isLowerCase(sentence.charAt(1))
                ? Character.toLowerCase(sentence.charAt(0)) + sentence.substring(1)
                : sentence;
    }

    private static String wrong(Outcome right, Outcome actual) {
        Outcome.Failure failure = actual.failure();
        if (failure == null) {
            return "what it gives is not right";
        }
        String line = failure.line() > 0 ? " in line " + failure.line() : "";
        return right.failure() == null
                ? "it ends in a " + failure.type() + line
                        + (failure.message().isEmpty() ? "" : ": " + failure.message())
                : "it ends in a " + failure.type() + line + ", and should in a "
                        + right.failure().type();
    }

    private List<String> details(Probe probe, Outcome right, Outcome actual) {
        List<String> lines = new ArrayList<>();
        lines.add("probe: " + probe.name());
        actual.calls().stream().limit(6).forEach(call -> lines.add("  " + call));
        if (actual.calls().size() > 6) {
            lines.add("  … and " + (actual.calls().size() - 6) + " calls more");
        }
        if (right.failure() != null) {
            lines.add("expected: a " + right.failure().type());
        } else if (actual.failure() == null) {
            lines.addAll(difference(right, actual));
        }
        if (!probe.byHand().isBlank()) {
            lines.add("by hand: " + probe.byHand());
        }
        return lines;
    }

    private List<String> difference(Outcome right, Outcome actual) {
        double floor = closeness.floor(right);
        for (int i = 0; i < Math.max(right.seen().size(), actual.seen().size()); i++) {
            if (i >= right.seen().size()) {
                Observation more = actual.seen().get(i);
                return List.of(more.name() + " " + more);
            }
            Observation expected = right.seen().get(i);
            if (i >= actual.seen().size()) {
                return List.of("expected: " + expected.name() + " " + expected, "got:      nothing");
            }
            Observation got = actual.seen().get(i);
            if (closeness.distance(expected, got, floor) > 1) {
                return compared(expected, got, floor);
            }
        }
        return List.of();
    }

    private List<String> compared(Observation expected, Observation got, double floor) {
        List<String> lines = new ArrayList<>();
        if (!expected.name().equals(got.name())) {
            lines.add("expected: " + expected.name());
            lines.add("got:      " + got.name() + " " + got);
            return lines;
        }
        lines.add("expected: " + expected.name() + " " + form(expected, got) + expected);
        lines.add("got:      " + got.name() + " " + form(got, expected) + got);
        if (expected.numbers() != null && expected.numbers().length > 1 && Closeness.sameForm(expected, got)) {
            lines.add(firstDifference(expected, got, floor));
        }
        return lines;
    }

    /// Kind and shape, where these are what differs.
    private static String form(Observation one, Observation other) {
        if (Closeness.sameForm(one, other)) {
            return "";
        }
        return one.numbers() == null ? one.kind() + " " : one.kind() + java.util.Arrays.toString(one.shape()) + " ";
    }

    private String firstDifference(Observation expected, Observation got, double floor) {
        double allowed = closeness.tolerance() * Math.max(Math.max(expected.scale(), floor), Double.MIN_NORMAL);
        int at = 0;
        int wrong = 0;
        for (int i = expected.numbers().length - 1; i >= 0; i--) {
            if (Closeness.distance(expected.numbers()[i], got.numbers()[i], allowed) > 1) {
                at = i;
                wrong++;
            }
        }
        return "%s of %s numbers differ, the first at %s: %s expected, got %s"
                .formatted(
                        wrong, expected.numbers().length, place(at, expected.shape()), one(expected, at), one(got, at));
    }

    private static String one(Observation numbers, int at) {
        return numbers.with(new int[0], new double[] {numbers.numbers()[at]}).toString();
    }

    private static String place(int at, int[] shape) {
        int[] index = new int[shape.length];
        int rest = at;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return java.util.Arrays.toString(index);
    }
}
