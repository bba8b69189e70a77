package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import gradus.tensor.random.Rng;
import gradus.tensor.type.DType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;

/// Checks gradients by changing the inputs a little and measuring how much the result changes. For a function
/// `y = f(x)` and random numbers u, it takes the loss `L = Σ u·y` and compares the derivatives that
/// [Tensor#backward] computes with central differences:
///
/// `∂L/∂xᵢ ≈ (L(xᵢ + h) - L(xᵢ - h))/2h`
///
/// ```java
/// var linear = new Linear(4, 3).to(FLOAT64);
/// GradientCheck.of(() -> linear.forward(x), Map.of("x", x, "weight", linear.weight())).requirePass();
/// ```
/// With a the derivative from backward and n the derivative from differences, a derivative is right if `|a -
/// n| ≤ 1e-6·max(|a|, |n|)`, or `|a - n| ≤ 1e-9` where both are so small that rounding hides their digits.
/// Everything is float64: in float32 the difference of two nearly equal values has no digits left to compare.
/// If the inputs have at most [#ELEMENTS] elements, all are checked; otherwise [#SAMPLES] of them, and
/// [#DIRECTIONS] random directions in which all inputs move at once.
///
/// The function must give the same result at every call, so random masks must be drawn from a fixed [Rng]. It
/// must be smooth within 10h of the inputs: for a ReLU at 1e-7, a difference reaches across the kink at 0 and
/// gives a wrong derivative.
public final class GradientCheck {
    /// The largest relative error that passes. The differences themselves are good to about 1e-9, and a
    /// mistake in a backward usually shows as 1e-2 or more.
    public static final double TOLERANCE = 1e-6;
    /// An absolute error that always passes. Rounding changes y by about 1e-16; dividing by 2h makes this
    /// about 1e-11, and in a sum of many terms such errors add up.
    public static final double NEAR_ZERO = 1e-9;
    /// If the inputs have at most this many elements together, every element is checked.
    public static final int ELEMENTS = 2000;
    /// How many elements are checked if the inputs have more than that.
    public static final int SAMPLES = 200;
    /// How many random directions are checked in addition in that case.
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
    ///     calls give different results
    public static GradientReport of(Supplier<Tensor> function, Map<String, Tensor> inputs) {
        return new GradientCheck(function, inputs, false).run();
    }

    /// As [#of(Supplier, Map)], but checks only a few elements, and random directions in which all inputs
    /// change at once. Use it for a whole model whose parts have already been checked one by one.
    ///
    /// @param samples how many elements are checked
    public static GradientReport sampled(Supplier<Tensor> function, Map<String, Tensor> inputs, int samples) {
        return new GradientCheck(function, inputs, false, 0, samples).run();
    }

    /// The same check for a function of the given inputs, which are called `x0`, `x1`, … in the report.
    public static GradientReport of(Function<Tensor[], Tensor> function, Tensor... inputs) {
        given(function, "gradient check", "a function");
        return of(() -> function.apply(inputs), numbered(inputs));
    }

    /// As [#of(Supplier, Map)], but computes the differences D with two steps, `h = 7e-4` and h/2, and
    /// extrapolates to a step of 0 by Richardson's formula `(4·D(h/2) - D(h))/3`. This is about a hundred
    /// times more accurate, provided that the function has no kink within 0.007 of the inputs.
    public static GradientReport ofSmooth(Supplier<Tensor> function, Map<String, Tensor> inputs) {
        return new GradientCheck(function, inputs, true).run();
    }

    /// The same check for a function of the given inputs, which are called `x0`, `x1`, … in the report.
    public static GradientReport ofSmooth(Function<Tensor[], Tensor> function, Tensor... inputs) {
        given(function, "gradient check", "a function");
        return ofSmooth(() -> function.apply(inputs), numbered(inputs));
    }

    /// One derivative, computed in both ways.
    ///
    /// @param input    the name of the tensor, or `direction`
    /// @param place    the index of the element within it, as in `[1, 2]`
    /// @param analytic the value from backward
    /// @param numeric  the value from differences
    public record Derivative(String input, String place, double analytic, double numeric) {
        /// `|a - n|/max(|a|, |n|)`, and 0 where both are 0.
        public double relativeError() {
            double difference = Math.abs(analytic - numeric);
            return difference == 0 ? 0 : difference / Math.max(Math.abs(analytic), Math.abs(numeric));
        }

        /// Whether the two values agree. NaN agrees with nothing.
        public boolean passes() {
            return relativeError() <= TOLERANCE || excused();
        }

        /// Whether this derivative passes only because both values are so near zero that rounding hides their
        /// digits.
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
                "gradient check: two calls of the function gave different results; draw its random numbers"
                        + " from a fixed Rng");
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

    /// The gradients from backward, with zeros where no gradient arrives. Tensors that do not require a
    /// gradient are made to require one while this method runs.
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

    /// Checks the derivative along a random direction of length 1. If every element moved as far as a single
    /// checked element moves, the direction would be longer by the root of the number of elements, and the
    /// error of the difference, which grows with the cube of the length, would be too large.
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

    /// The derivative of L along a direction. The step h depends on the size of the elements.
    private double derivative(Map<String, double[]> direction, double size) {
        if (smooth) {
            double h = 7e-4;
            return (4 * difference(direction, h / 2) - difference(direction, h)) / 3;
        }
        return difference(direction, 6e-6 * Math.max(1, size));
    }

    /// `Σ u·(y(x + h·d) - y(x - h·d))/2h`: each difference is computed before they are summed, so that no
    /// digits are lost in a large sum.
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
