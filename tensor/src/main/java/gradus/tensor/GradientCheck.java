package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Checks gradients by changing the inputs a little and looking at what happens. For a function `y = f(x)`
/// and random numbers u, it takes the loss `L = Σ u·y` and compares the derivatives that [Tensor#backward]
/// computes with the quotients of small differences:
///
/// `∂L/∂xᵢ ≈ (L(xᵢ + h) - L(xᵢ - h))/2h`
///
/// ```java
/// var linear = new Linear(4, 3).to(FLOAT64);
/// GradientCheck.of(() -> linear.forward(x), Map.of("x", x, "weight", linear.weight())).requirePass();
/// ```
/// With a the derivative by backward and n that by differences, a derivative is right if `|a - n| ≤
/// 1e-6·max(|a|, |n|)`, or `|a - n| ≤ 1e-9` where both are so small that rounding hides their digits.
/// Everything is float64: in float32 the difference of two nearly equal values has no digits left to compare.
/// If the inputs have at most [#ELEMENTS] elements, all are checked; otherwise [#SAMPLES] of them, and
/// [#DIRECTIONS] random directions in which all inputs move at once.
///
/// The function must be the same at every call: random masks are drawn from a fixed [Rng]. It must be smooth
/// within 10h of where it is checked: a ReLU at 1e-7 has no derivative that differences could find.
public final class GradientCheck {
    /// The largest relative error that passes. The differences themselves are good to about 1e-9, and a
    /// mistake in a backward usually shows as 1e-2 or more.
    public static final double TOLERANCE = 1e-6;
    /// An error so small that it passes in any case: rounding y, by 1e-16, and dividing by 2h leaves as much,
    /// times what a sum of many terms adds up.
    public static final double NEAR_ZERO = 1e-9;
    /// Up to so many elements all are checked.
    public static final int ELEMENTS = 2000;
    /// How many elements are checked if there are more.
    public static final int SAMPLES = 200;
    /// How many random directions are checked then, too.
    public static final int DIRECTIONS = 10;

    private final Supplier<Tensor> function;
    private final Map<String, Tensor> inputs;
    private final boolean smooth;
    private final int elements;
    private final int samples;
    private final Rng rng = Rng.of(20250925).at("GradientCheck");
    private final List<Derivative> derivatives = new ArrayList<>();
    private double[] upstream;

    private GradientCheck(Supplier<Tensor> function, Map<String, Tensor> inputs, boolean smooth) {
        this(function, inputs, smooth, ELEMENTS, SAMPLES);
    }

    private GradientCheck(
            Supplier<Tensor> function, Map<String, Tensor> inputs, boolean smooth, int elements, int samples) {
        this.function = function;
        this.inputs = inputs;
        this.smooth = smooth;
        this.elements = elements;
        this.samples = samples;
    }

    /// Checks the gradients with respect to the named tensors, which the function uses: inputs, or the
    /// parameters of a layer. Elements move by `h = 6e-6·max(1, |x|)`, so kinks of the function must be
    /// farther away than 6e-5.
    ///
    /// @throws gradus.error.ShapeException if a tensor is not float64 or was made by an operation, or if two
    ///     calls differ
    public static GradientReport of(Supplier<Tensor> function, Map<String, Tensor> inputs) {
        return new GradientCheck(function, inputs, false).run();
    }

    /// The same for only a few elements, and random directions in which all inputs move at once: for a whole
    /// model, whose parts have been checked one by one.
    ///
    /// @param samples how many elements
    public static GradientReport sampled(Supplier<Tensor> function, Map<String, Tensor> inputs, int samples) {
        return new GradientCheck(function, inputs, false, 0, samples).run();
    }

    /// The same for a function of the given inputs, which are called `x0`, `x1`, … in the report.
    public static GradientReport of(Function<Tensor[], Tensor> function, Tensor... inputs) {
        given(function, "gradient check", "a function");
        return of(() -> function.apply(inputs), numbered(inputs));
    }

    /// The same with steps of `h = 7e-4` and h/2, from whose differences D Richardson's formula `(4·D(h/2) -
    /// D(h))/3` guesses that at 0. It is a hundred times finer, if the function has no kink within 0.007 of
    /// the inputs.
    public static GradientReport ofSmooth(Supplier<Tensor> function, Map<String, Tensor> inputs) {
        return new GradientCheck(function, inputs, true).run();
    }

    /// The same for a function of the given inputs, which are called `x0`, `x1`, … in the report.
    public static GradientReport ofSmooth(Function<Tensor[], Tensor> function, Tensor... inputs) {
        given(function, "gradient check", "a function");
        return ofSmooth(() -> function.apply(inputs), numbered(inputs));
    }

    /// One derivative by both ways.
    ///
    /// @param input    the name of the tensor, or `direction`
    /// @param place    the index of the element within it, as in `[1, 2]`
    /// @param analytic what backward says
    /// @param numeric  what differences say
    public record Derivative(String input, String place, double analytic, double numeric) {
        /// `|a - n|/max(|a|, |n|)`, and 0 where both are 0.
        public double relativeError() {
            double difference = Math.abs(analytic - numeric);
            return difference == 0 ? 0 : difference / Math.max(Math.abs(analytic), Math.abs(numeric));
        }

        /// Whether both agree; NaN agrees with nothing.
        public boolean passes() {
            return relativeError() <= TOLERANCE || excused();
        }

        /// Whether it passes only because both are so near zero that rounding hides their digits.
        public boolean excused() {
            return relativeError() > TOLERANCE && Math.abs(analytic - numeric) <= NEAR_ZERO;
        }
    }

    private static Map<String, Tensor> numbered(Tensor... inputs) {
        given(inputs, "gradient check", "tensors");
        Map<String, Tensor> named = new LinkedHashMap<>();
        for (int i = 0; i < inputs.length; i++) {
            named.put("x" + i, inputs[i]);
        }
        return named;
    }

    private GradientReport run() {
        given(function, "gradient check", "a function");
        given(inputs, "gradient check", "named tensors");
        require(!inputs.isEmpty(), "gradient check: at least one tensor must be named");
        inputs.forEach((name, input) -> require(
                input != null && input.dtype() == DType.FLOAT64,
                "gradient check: %s must be float64; got %s; convert it with to(DType.FLOAT64)",
                name,
                input == null ? null : input.dtype()));
        double[] first = evaluate();
        require(
                java.util.Arrays.equals(first, evaluate()),
                "gradient check: two calls of the function gave different results; fix its random numbers");
        upstream = new double[first.length];
        for (int i = 0; i < upstream.length; i++) {
            upstream[i] = rng.at("upstream").gaussian(i);
        }
        Map<String, double[]> analytic = analytic();
        long count = inputs.values().stream().mapToLong(Tensor::size).sum();
        if (count <= elements) {
            inputs.forEach((name, input) -> {
                for (int i = 0; i < input.size(); i++) {
                    checkElement(name, i, analytic.get(name)[i]);
                }
            });
        } else {
            for (int sample = 0; sample < samples; sample++) {
                checkSample((long) (rng.at("sample").uniform(sample) * count), analytic);
            }
            for (int direction = 0; direction < DIRECTIONS; direction++) {
                checkDirection(direction, analytic);
            }
        }
        return new GradientReport(Collections.unmodifiableList(derivatives));
    }

    /// The gradients by backward, zeros where none arrives. Tensors that require none do so meanwhile.
    private Map<String, double[]> analytic() {
        List<Tensor> asked = new ArrayList<>();
        for (Tensor input : inputs.values()) {
            if (!input.requiresGrad()) {
                asked.add(input);
            }
            input.requireGrad().zeroGrad();
        }
        Map<String, double[]> gradients = new LinkedHashMap<>();
        try (var scope = Scope.open();
                var rehearsal = Autograd.rehearsal()) {
            Tensor y = function.get();
            if (y.requiresGrad()) {
                y.backward(Tensor.of(upstream, y.shape().dims()));
            }
            inputs.forEach((name, input) -> gradients.put(
                    name,
                    input.grad() == null
                            ? new double[input.size()]
                            : input.grad().toArray()));
        } finally {
            inputs.values().forEach(Tensor::zeroGrad);
            asked.forEach(Tensor::freeze);
        }
        return gradients;
    }

    private double[] evaluate() {
        try (var scope = Scope.open();
                var pause = Autograd.noGrad()) {
            Tensor y = function.get();
            require(y.dtype() == DType.FLOAT64, "gradient check: the result must be float64; got %s", y.dtype());
            return y.toArray();
        }
    }

    private void checkSample(long element, Map<String, double[]> analytic) {
        for (var input : inputs.entrySet()) {
            if (element < input.getValue().size()) {
                checkElement(input.getKey(), (int) element, analytic.get(input.getKey())[(int) element]);
                return;
            }
            element -= input.getValue().size();
        }
    }

    private void checkElement(String name, int i, double analytic) {
        double[] direction = new double[inputs.get(name).size()];
        direction[i] = 1;
        double size = Math.abs(inputs.get(name).toArray()[i]);
        double numeric = derivative(Map.of(name, direction), size);
        String place = GradientReport.place(inputs.get(name).shape(), i);
        derivatives.add(new Derivative(name, place, analytic, numeric));
    }

    /// Along a direction of length 1: a longer one would move every element as far as it moves one alone, and
    /// the third derivative, which spoils the difference, would grow with the number of elements to the power
    /// of 3/2.
    private void checkDirection(int number, Map<String, double[]> analytic) {
        Map<String, double[]> directions = new LinkedHashMap<>();
        double squares = 0;
        for (var input : inputs.entrySet()) {
            double[] direction = new double[input.getValue().size()];
            Rng random = rng.at("direction").at(number).at(input.getKey());
            for (int i = 0; i < direction.length; i++) {
                direction[i] = random.gaussian(i);
                squares += direction[i] * direction[i];
            }
            directions.put(input.getKey(), direction);
        }
        double expected = 0;
        for (var input : directions.entrySet()) {
            double[] direction = input.getValue();
            double[] gradient = analytic.get(input.getKey());
            for (int i = 0; i < direction.length; i++) {
                direction[i] /= Math.sqrt(squares);
                expected += direction[i] * gradient[i];
            }
        }
        derivatives.add(new Derivative("direction", "[" + number + "]", expected, derivative(directions, 1)));
    }

    /// The derivative of L along a direction, at elements of the given size.
    private double derivative(Map<String, double[]> direction, double size) {
        if (smooth) {
            double h = 7e-4;
            return (4 * difference(direction, h / 2) - difference(direction, h)) / 3;
        }
        return difference(direction, 6e-6 * Math.max(1, size));
    }

    /// `Σ u·(y(x + h·d) - y(x - h·d))/2h`: the difference is taken of each y before the sum, so that large
    /// sums cost no digits.
    private double difference(Map<String, double[]> direction, double h) {
        double[] above = evaluate(direction, h);
        double[] below = evaluate(direction, -h);
        double sum = 0;
        for (int i = 0; i < above.length; i++) {
            sum += upstream[i] * (above[i] - below[i]);
        }
        return sum / (2 * h);
    }

    private double[] evaluate(Map<String, double[]> direction, double h) {
        Map<String, double[]> originals = new LinkedHashMap<>();
        direction.forEach((name, d) -> {
            double[] original = inputs.get(name).toArray();
            double[] moved = original.clone();
            for (int i = 0; i < moved.length; i++) {
                moved[i] += h * d[i];
            }
            originals.put(name, original);
            inputs.get(name).set(moved);
        });
        try {
            return evaluate();
        } finally {
            originals.forEach((name, original) -> inputs.get(name).set(original));
        }
    }
}
