package gradus.lessons.learn.exercise;

import gradus.tensor.Tensor;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tensor.type.Shape;
import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// One answer being tried out by one [Probe]: makes numbers to try it with, calls it, and keeps what it gave.
///
/// The numbers are drawn anew for every run of the grader, and are the same for the learner's answer, the
/// right one and the wrong ones. Tensors are float32 if not said otherwise.
public final class Trial {
    private final Class<?> right;
    private final Class<?> answer;
    private final Rng rng;
    private final boolean mayChange;
    private final List<Observation> seen = new ArrayList<>();
    private final List<String> calls = new ArrayList<>();
    private Observation argument;
    private int drawn;

    private Trial(Class<?> right, Class<?> answer, Rng rng, boolean mayChange) {
        this.right = right;
        this.answer = answer;
        this.rng = rng;
        this.mayChange = mayChange;
    }

    /// Runs one probe on an answer.
    ///
    /// @param answer the class of the right answer, of a variant, of a bug or of the learner's
    /// @param rng    where the numbers come from
    public static Outcome run(Exercise exercise, Probe probe, Class<?> answer, Rng rng) {
        Trial trial = new Trial(exercise.answer(), answer, rng.at(probe.name()), exercise.mayChangeArguments());
        Outcome.Failure failure = null;
        try {
            Object result = probe.run().on(trial);
            if (result != null) {
                trial.see("result", result);
            }
        } catch (Thrown e) {
            failure = failure(e.getCause(), answer);
        } catch (Exception e) {
            failure = failure(e, answer);
        }
        return new Outcome(List.copyOf(trial.seen), failure, List.copyOf(trial.calls), trial.argument);
    }

    private static Outcome.Failure failure(Throwable thrown, Class<?> answer) {
        int line = Arrays.stream(thrown.getStackTrace())
                .filter(frame -> frame.getClassName().equals(answer.getName())
                        || frame.getClassName().startsWith(answer.getName() + "$"))
                .mapToInt(StackTraceElement::getLineNumber)
                .findFirst()
                .orElse(0);
        String message = thrown.getMessage();
        return new Outcome.Failure(thrown.getClass().getSimpleName(), message == null ? "" : message, line);
    }

    /// What the answer threw, on its way out of the probe.
    private static final class Thrown extends RuntimeException {
        private static final long serialVersionUID = 1;

        Thrown(Throwable cause) {
            super(cause);
        }
    }

    // --- numbers to try it with

    /// A tensor with one axis.
    public Tensor vector(double... values) {
        return floats(values, values.length);
    }

    /// A tensor with two axes.
    public Tensor matrix(double[]... rows) {
        double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
        return floats(all, rows.length, rows[0].length);
    }

    /// A tensor of any shape, from its elements row by row.
    public Tensor tensor(double[] values, int... dims) {
        return floats(values, dims);
    }

    private static Tensor floats(double[] values, int... dims) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < narrow.length; i++) {
            narrow[i] = (float) values[i];
        }
        return Tensor.of(narrow, dims);
    }

    /// A tensor of normally distributed numbers, mean 0 and deviation 1.
    public Tensor normal(int... dims) {
        return Tensor.randn(next(), dims);
    }

    /// A tensor of numbers between 0 and 1.
    public Tensor uniform(int... dims) {
        return Tensor.rand(next(), dims);
    }

    /// Normally distributed numbers.
    public double[] normals(int count) {
        Rng each = next();
        double[] numbers = new double[count];
        Arrays.setAll(numbers, each::gaussian);
        return numbers;
    }

    /// Normally distributed numbers in rows.
    public double[][] normals(int rows, int columns) {
        double[][] numbers = new double[rows][];
        Arrays.setAll(numbers, i -> normals(columns));
        return numbers;
    }

    /// Whole numbers from 0 to bound - 1.
    public Indices indices(int bound, int... dims) {
        Shape shape = Shape.of(dims);
        return Indices.of(shape, ints(bound, shape.size()));
    }

    /// Whole numbers from 0 to bound - 1.
    public int[] ints(int bound, int count) {
        Rng each = next();
        int[] numbers = new int[count];
        Arrays.setAll(numbers, i -> each.index(i, bound));
        return numbers;
    }

    /// A generator for anything else: a further one at every call.
    public Rng next() {
        return rng.at(drawn++);
    }

    // --- calling it

    /// Calls the method of the answer that is the one public static method of the right answer.
    public Object call(Object... arguments) {
        List<Method> methods = Arrays.stream(right.getDeclaredMethods())
                .filter(m ->
                        !m.isSynthetic() && Modifier.isStatic(m.getModifiers()) && Modifier.isPublic(m.getModifiers()))
                .toList();
        if (methods.size() != 1) {
            throw new IllegalStateException(
                    right.getName() + " has " + methods.size() + " public static methods: name one");
        }
        return invoke(method(answer, methods.getFirst().getName(), arguments.length), null, arguments);
    }

    /// Calls a static method of the answer.
    public Object callStatic(String method, Object... arguments) {
        return invoke(method(answer, method, arguments.length), null, arguments);
    }

    /// Calls a method of an object that the answer made.
    public Object callOn(Object target, String method, Object... arguments) {
        return invoke(method(target.getClass(), method, arguments.length), target, arguments);
    }

    /// Makes an object of the answer's class.
    public Object create(Object... arguments) {
        for (Constructor<?> each : answer.getDeclaredConstructors()) {
            if (each.getParameterCount() == arguments.length) {
                return invoke(each, null, arguments);
            }
        }
        throw new IllegalStateException(
                answer.getName() + " has no constructor of " + arguments.length + " parameters");
    }

    /// Calls the answer's one static method, sees its result, and the gradient with respect to each tensor
    /// among the arguments of `Σ result·u` for random numbers u.
    public Object callWithGradients(Object... arguments) {
        for (Object each : arguments) {
            if (each instanceof Tensor tensor) {
                tensor.requireGrad();
            }
        }
        Object result = call(arguments);
        see("result", result);
        if (result instanceof Tensor tensor) {
            gradients(tensor, arguments);
        }
        return null;
    }

    /// Differentiates `Σ result·u` for random numbers u and sees the gradient of each tensor among the arguments.
    public void gradients(Tensor result, Object... arguments) {
        answering(() -> {
            if (result.requiresGrad()) {
                result.backward(Tensor.randn(next(), result.shape().dims()).to(result.dtype()));
            }
            return null;
        });
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Tensor tensor) {
                Tensor gradient = tensor.grad();
                see("gradient of argument " + (i + 1), gradient == null ? Tensor.zerosLike(tensor) : gradient);
            }
        }
    }

    /// The method of that name; a learner may have private ones of the same name beside it.
    private static Method method(Class<?> type, String name, int count) {
        return Arrays.stream(type.getDeclaredMethods())
                .filter(m -> !m.isSynthetic() && m.getName().equals(name) && m.getParameterCount() == count)
                .min(Comparator.comparing(m -> Modifier.isPrivate(m.getModifiers())))
                .orElseThrow(() -> new IllegalStateException(
                        "%s has no method %s of %s parameters".formatted(type.getName(), name, count)));
    }

    private Object invoke(Executable code, Object target, Object[] arguments) {
        code.setAccessible(true);
        String name = code instanceof Constructor<?> ? "new " + answer.getSimpleName() : code.getName();
        StringJoiner call = new StringJoiner(", ", name + "(", ")");
        Parameter[] parameters = code.getParameters();
        for (int i = 0; i < arguments.length; i++) {
            String shown = Shown.argument(arguments[i]);
            call.add(parameters[i].isNamePresent() ? parameters[i].getName() + " = " + shown : shown);
        }
        calls.add(call.toString());
        for (Object each : arguments) {
            if (argument == null
                    && (each instanceof Tensor
                            || each != null && each.getClass().isArray())) {
                List<Observation> one = new ArrayList<>();
                observe("argument", each, one);
                argument = one.size() == 1 && one.getFirst().numbers() != null ? one.getFirst() : null;
            }
        }
        List<Observation> before = mayChange ? List.of() : snapshot(arguments);
        Object result = answering(() -> switch (code) {
            case Method m -> m.invoke(target, arguments);
            case Constructor<?> c -> c.newInstance(arguments);
        });
        if (!mayChange) {
            changed(before, snapshot(arguments));
        }
        return result;
    }

    private static List<Observation> snapshot(Object[] arguments) {
        List<Observation> all = new ArrayList<>();
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i] instanceof Tensor
                    || arguments[i] != null && arguments[i].getClass().isArray()) {
                observe("argument " + (i + 1), arguments[i], all);
            }
        }
        return all;
    }

    private void changed(List<Observation> before, List<Observation> after) {
        for (int i = 0; i < before.size(); i++) {
            Observation was = before.get(i);
            Observation is = after.get(i);
            if (!Arrays.equals(was.numbers(), is.numbers())
                    || was.numbers() == null && !was.text().equals(is.text())) {
                see(was.name(), "was " + was + " and was changed to " + is);
            }
        }
    }

    private interface Step {
        Object run() throws ReflectiveOperationException;
    }

    /// Runs the answer's code, so that what it throws is told from a fault of the probe.
    private static Object answering(Step step) {
        try {
            return step.run();
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof Stopped stopped) {
                throw stopped;
            }
            throw new Thrown(e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        } catch (Stopped e) {
            throw e;
        } catch (RuntimeException | Error e) {
            throw new Thrown(e);
        }
    }

    /// Sees what kind of exception a call of the answer ends with, for probes of what must be refused.
    public void refuses(String name, Runnable call) {
        try {
            call.run();
            see(name, "was not refused");
        } catch (Thrown e) {
            boolean meant = e.getCause() instanceof IllegalArgumentException
                    || e.getCause() instanceof gradus.error.GradusException;
            see(
                    name,
                    meant
                            ? "was refused"
                            : "ended in a " + e.getCause().getClass().getSimpleName());
        }
    }

    // --- seeing

    /// Keeps something for the comparison: a tensor, indices, numbers, text, or arrays, lists or maps of these.
    public void see(String name, Object value) {
        observe(name, value, seen);
    }

    private static void observe(String name, Object value, List<Observation> into) {
        switch (value) {
            case null -> into.add(Observation.of(name, "null", "null"));
            case Tensor t -> into.add(Observation.of(name, "Tensor", t.shape().dims(), t.toArray()));
            case Indices i ->
                into.add(Observation.of(
                        name,
                        "Indices",
                        i.shape().dims(),
                        Arrays.stream(i.values()).asDoubleStream().toArray()));
            case Number n ->
                into.add(
                        Observation.of(name, n.getClass().getSimpleName(), new int[0], new double[] {n.doubleValue()}));
            case CharSequence s -> into.add(Observation.of(name, "String", s.toString()));
            case Boolean b -> into.add(Observation.of(name, "boolean", b.toString()));
            case Character c -> into.add(Observation.of(name, "char", c.toString()));
            case List<?> list -> elements(name, "list", list, into);
            case Map<?, ?> map -> {
                into.add(Observation.of(name + ", entries", "Map", Integer.toString(map.size())));
                map.entrySet().stream()
                        .sorted((a, b) ->
                                a.getKey().toString().compareTo(b.getKey().toString()))
                        .forEach(entry -> observe(name + " of " + entry.getKey(), entry.getValue(), into));
            }
            case Object array when array.getClass().isArray() -> array(name, array, into);
            default -> into.add(Observation.of(name, value.getClass().getSimpleName(), value.toString()));
        }
    }

    private static void array(String name, Object array, List<Observation> into) {
        int length = Array.getLength(array);
        Class<?> type = array.getClass().componentType();
        if (type.isPrimitive() && type != boolean.class && type != char.class) {
            into.add(Observation.of(name, type + "[]", new int[] {length}, Observation.numbers(array)));
            return;
        }
        if (array instanceof double[][] rows
                && length > 0
                && Arrays.stream(rows).allMatch(row -> row != null && row.length == rows[0].length)) {
            double[] all = Arrays.stream(rows).flatMapToDouble(Arrays::stream).toArray();
            into.add(Observation.of(name, "double[][]", new int[] {length, rows[0].length}, all));
            return;
        }
        List<Object> each = new ArrayList<>();
        for (int i = 0; i < length; i++) {
            each.add(Array.get(array, i));
        }
        elements(name, "array", each, into);
    }

    private static void elements(String name, String kind, List<?> elements, List<Observation> into) {
        boolean whole = !elements.isEmpty() && elements.stream().allMatch(e -> e instanceof Number);
        if (whole) {
            double[] numbers = elements.stream()
                    .mapToDouble(e -> ((Number) e).doubleValue())
                    .toArray();
            into.add(Observation.of(name, kind + " of numbers", new int[] {numbers.length}, numbers));
            return;
        }
        if (elements.stream().allMatch(e -> e instanceof CharSequence)) {
            into.add(Observation.of(name, kind + " of texts", Shown.argument(new ArrayList<>(elements))));
            return;
        }
        into.add(Observation.of(name + ", elements", kind, Integer.toString(elements.size())));
        for (int i = 0; i < elements.size(); i++) {
            observe(name + "[" + i + "]", elements.get(i), into);
        }
    }
}
