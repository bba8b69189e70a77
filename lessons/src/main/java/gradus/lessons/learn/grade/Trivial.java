package gradus.lessons.learn.grade;

import gradus.lessons.learn.exercise.Observation;
import gradus.lessons.learn.exercise.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;

/// Answers that need no thought, made of what the right answer gives: zeros, the input, the negative, and so
/// on. A grader that lets one of them pass is none.
public enum Trivial {
    ZEROS("it gives only zeros", x -> 0),
    ONES("it gives only ones", x -> 1),
    CONSTANT("it gives 0.5 everywhere", x -> 0.5),
    NAN("it gives only NaN", x -> Double.NaN),
    NEGATED("every number has the wrong sign", x -> -x),
    DOUBLED("every number is twice what it should be", x -> 2 * x),
    HALVED("every number is half of what it should be", x -> x / 2),
    INPUT("it gives back its first argument", null),
    TRANSPOSED("rows and columns are exchanged", null);

    private final String sentence;
    private final DoubleUnaryOperator map;

    Trivial(String sentence, DoubleUnaryOperator map) {
        this.sentence = sentence;
        this.map = map;
    }

    public String sentence() {
        return sentence;
    }

    /// What this answer gives where the right one gives `right`; nothing where it would give the same, or
    /// cannot be made.
    public Optional<Outcome> of(Outcome right) {
        if (right.failure() != null || right.seen().isEmpty()) {
            return Optional.empty();
        }
        Observation first = right.seen().getFirst();
        if (first.numbers() == null) {
            return Optional.empty();
        }
        return switch (this) {
            case INPUT ->
                Optional.ofNullable(right.argument())
                        .filter(x -> Arrays.equals(x.shape(), first.shape()))
                        .map(x -> replaced(right, first.with(first.shape(), x.numbers())));
            case TRANSPOSED ->
                first.shape().length == 2 ? Optional.of(replaced(right, transposed(first))) : Optional.empty();
            default ->
                Optional.of(right.with(right.seen().stream().map(this::mapped).toList()));
        };
    }

    private Observation mapped(Observation each) {
        return each.numbers() == null
                ? each
                : each.with(each.shape(), Arrays.stream(each.numbers()).map(map).toArray());
    }

    private static Outcome replaced(Outcome right, Observation first) {
        List<Observation> seen = new java.util.ArrayList<>(right.seen());
        seen.set(0, first);
        return right.with(List.copyOf(seen));
    }

    private static Observation transposed(Observation x) {
        int rows = x.shape()[0];
        int columns = x.shape()[1];
        double[] turned = new double[x.numbers().length];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                turned[j * rows + i] = x.numbers()[i * columns + j];
            }
        }
        return x.with(new int[] {columns, rows}, turned);
    }
}
