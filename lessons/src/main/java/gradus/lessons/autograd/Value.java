package gradus.lessons.autograd;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A number that remembers what it was computed from.
///
/// Every operation makes a new value, and keeps beside it the values it was computed from (its `parents`) and the
/// derivative of the result with respect to each of them (`local`). All of that is given; what is missing is
/// [#backward].
public final class Value {
    private final double data;
    private final List<Value> parents;
    private final double[] local; // ∂this/∂parent, in the order of the parents
    private double grad;

    private Value(double data, List<Value> parents, double... local) {
        this.data = data;
        this.parents = parents;
        this.local = local;
    }

    /// A value that was not computed.
    public static Value of(double data) {
        return new Value(data, List.of());
    }

    public Value add(Value other) {
        return new Value(data + other.data, List.of(this, other), 1, 1);
    }

    public Value mul(Value other) {
        return new Value(data * other.data, List.of(this, other), other.data, data);
    }

    public Value tanh() {
        double t = Math.tanh(data);
        return new Value(t, List.of(this), 1 - t * t);
    }

    public double data() {
        return data;
    }

    /// The derivative of the value that [#backward] was called on with respect to this one.
    public double grad() {
        return grad;
    }

    /// Sets `grad` of this value to 1, and `grad` of every value it was computed from, directly or not, to the
    /// derivative of this value with respect to it. Whatever `grad` those values had before is forgotten, so that
    /// calling it twice gives the same as calling it once.
    ///
    /// A value hands on its gradient only when it has its share from everything that was computed from it:
    /// this value first, every other one after all that use it. Such an order is found by walking
    /// depth-first: put down a value after all of its parents, each value once; then take the list from its
    /// end.
    ///
    /// A value may be used any number of times, and may be both parents of one result. Graphs are at most a
    /// thousand steps deep, so that recursion is fine; but the number of paths through them is far too large
    /// to walk each one.
    public void backward() {
        // --- your answer
        List<Value> order = new ArrayList<>();
        visit(this, new HashSet<>(), order);
        for (Value each : order) {
            each.grad = 0;
        }
        grad = 1;
        for (Value each : order.reversed()) {
            for (int i = 0; i < each.local.length; i++) {
                each.parents.get(i).grad += each.local[i] * each.grad;
            }
        }
        // ---
    }

    /// Puts a value down after all of its parents, unless it was visited before; `backward` may use it.
    private static void visit(Value value, Set<Value> visited, List<Value> order) {
        if (visited.add(value)) {
            for (Value parent : value.parents) {
                visit(parent, visited, order);
            }
            order.add(value);
        }
    }

    @Override
    public String toString() {
        return "Value(" + data + ")";
    }
}
