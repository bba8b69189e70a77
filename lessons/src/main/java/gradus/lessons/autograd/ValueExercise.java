package gradus.lessons.autograd;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.List;

final class ValueExercise {
    private ValueExercise() {}

    static Exercise exercise() {
        return Exercise.of(Value.class, "Backward through a graph of values")
                .tolerance(1e-9)
                .probe("a value by itself", "its derivative with respect to itself is 1", t -> {
                    Object x = value(t, 3);
                    return see(t, x, x);
                })
                .probe("a product", "3 · 4: the gradients are 4 and 3", t -> {
                    Object x = value(t, 3);
                    Object y = value(t, 4);
                    return see(t, t.callOn(x, "mul", y), x, y);
                })
                .probe("a value added to itself", "x + x: 1 + 1 = 2", t -> {
                    Object x = value(t, 5);
                    return see(t, t.callOn(x, "add", x), x);
                })
                .probe("a sum of a product and its factor", "z = x·y + x: x gets 4 + 1 = 5, y gets 3", t -> {
                    Object x = value(t, 3);
                    Object y = value(t, 4);
                    Object product = t.callOn(x, "mul", y);
                    return see(t, t.callOn(product, "add", x), x, y, product);
                })
                .probe(
                        "a shared result",
                        "y = x·x = 4, z = y·y + y: y gets 4 + 4 + 1 = 9, and x gets 9 · (2 + 2) = 36",
                        t -> {
                            Object x = value(t, 2);
                            Object y = t.callOn(x, "mul", x);
                            Object z = t.callOn(t.callOn(y, "mul", y), "add", y);
                            return see(t, z, x, y);
                        })
                .probe(
                        "near and far",
                        "z = x + tanh(x): x is a parent of z and of tanh; tanh must be done before x",
                        t -> {
                            Object x = value(t, 0.5);
                            Object h = t.callOn(x, "mul", value(t, 3));
                            Object z = t.callOn(h, "add", t.callOn(t.callOn(h, "tanh"), "mul", x));
                            return see(t, z, x, h);
                        })
                .probe("backward twice", "the second time gives the same as the first", t -> {
                    Object x = value(t, 2);
                    Object y = t.callOn(x, "mul", x);
                    Object z = t.callOn(y, "mul", x);
                    t.callOn(z, "backward");
                    return see(t, z, x, y);
                })
                .probe("backward of another result first", "what the first one left is forgotten: 4 and 3", t -> {
                    Object x = value(t, 3);
                    Object y = value(t, 4);
                    Object z = t.callOn(x, "mul", y);
                    t.callOn(t.callOn(t.callOn(z, "tanh"), "add", x), "backward");
                    return see(t, z, x, y, z);
                })
                .probe("values that are not part of it", "the other result's gradient stays 0", t -> {
                    Object x = value(t, 3);
                    Object other = t.callOn(x, "mul", value(t, 7));
                    return see(t, t.callOn(x, "tanh"), x, other);
                })
                .probe("sixty doublings", "x + x, sixty times: 2⁶⁰, in 60 steps and not in 2⁶⁰", t -> {
                    Object x = value(t, 1e-9);
                    Object y = x;
                    for (int i = 0; i < 60; i++) {
                        y = t.callOn(y, "add", y);
                    }
                    return see(t, y, x);
                })
                .probe("random graphs", "", ValueExercise::random)
                .bug(
                        "A gradient is overwritten, not added to: of a value used twice only one use counts",
                        "each.parents.get(i).grad += each.local[i] * each.grad",
                        "each.parents.get(i).grad = each.local[i] * each.grad")
                .bug(
                        "The values are taken from the first to the last: they hand on gradients that they"
                                + " do not have yet, and"
                                + " only the last one's parents get any",
                        "order.reversed()",
                        "order")
                .bug("The gradients of an earlier call are not set to 0", "each.grad = 0;", "")
                .bug("The local derivative is handed on without the value's own gradient", " * each.grad", "")
                .bug("The gradient is handed on without the local derivative", "each.local[i] * each.grad", "each.grad")
                .bug("The first value's gradient must be 1; all others follow from it", "grad = 1;", "")
                .bug(
                        "The values are taken level by level as found; one that is near by one way and far"
                                + " by another hands"
                                + " on too early",
                        "visit(this, new HashSet<>(), order);",
                        """
                        order.add(this);
                        for (int n = 0; n < order.size(); n++) {
                            for (Value parent : order.get(n).parents) {
                                if (!order.contains(parent)) {
                                    order.add(parent);
                                }
                            }
                        }
                        java.util.Collections.reverse(order);
                        """)
                .variant("by counting how many uses are still to come", """
                        java.util.Map<Value, Integer> uses = new java.util.IdentityHashMap<>();
                        java.util.ArrayDeque<Value> open = new java.util.ArrayDeque<>(List.of(this));
                        uses.put(this, 0);
                        while (!open.isEmpty()) {
                            Value value = open.pop();
                            value.grad = 0;
                            for (Value parent : value.parents) {
                                if (uses.merge(parent, 1, Integer::sum) == 1) {
                                    open.push(parent);
                                }
                            }
                        }
                        grad = 1;
                        open.push(this);
                        while (!open.isEmpty()) {
                            Value value = open.pop();
                            for (int i = 0; i < value.parents.size(); i++) {
                                Value parent = value.parents.get(i);
                                parent.grad += value.grad * value.local[i];
                                if (uses.merge(parent, -1, Integer::sum) == 0) {
                                    open.push(parent);
                                }
                            }
                        }
                        """)
                .variant("from the end by index", """
                        ArrayList<Value> sorted = new ArrayList<>();
                        Set<Value> seen = new java.util.LinkedHashSet<>();
                        visit(this, seen, sorted);
                        sorted.forEach(v -> v.grad = v == this ? 1 : 0);
                        for (int n = sorted.size() - 1; n >= 0; n--) {
                            Value v = sorted.get(n);
                            int i = 0;
                            for (Value parent : v.parents) {
                                parent.grad = parent.grad + v.grad * v.local[i++];
                            }
                        }
                        """)
                .hints(
                        "In which order must the values be done, so that each has its whole gradient before"
                                + " it hands it on?",
                        "visit(this, new HashSet<>(), order) puts parents before children; walk the list from its end.",
                        "First set every grad in order to 0, then this one's to 1; then for each value, from the last:"
                                + " parent.grad += local[i] * grad.")
                .reading("The section \"A graph of values\" of this lesson; Karpathy's micrograd");
    }

    private static Object value(Trial t, double data) {
        return t.callStatic("of", data);
    }

    /// Calls backward on the result, and sees the gradients of it and of others.
    private static Object see(Trial t, Object result, Object... others) {
        t.callOn(result, "backward");
        t.see("gradient of the result", t.callOn(result, "grad"));
        List<Object> gradients = new ArrayList<>();
        for (Object each : others) {
            gradients.add(t.callOn(each, "grad"));
        }
        t.see("gradients of what it was computed from", gradients);
        return null;
    }

    private static Object random(Trial t) {
        Rng rng = t.next();
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            values.add(value(t, rng.gaussian(i)));
        }
        for (int i = 4; i < 30; i++) {
            Object a = values.get(i - 1 - rng.index(10L * i, 4));
            Object b = values.get(i - 1 - rng.index(10L * i + 1, 4));
            Object c = t.callOn(a, rng.index(10L * i + 2, 2) == 0 ? "add" : "mul", b);
            values.add(i % 2 == 0 ? t.callOn(c, "tanh") : c);
        }
        return see(t, values.getLast(), values.toArray());
    }
}
