package gradus.tensor;

import static gradus.error.ShapeException.given;
import static gradus.error.ShapeException.require;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Reverse-mode differentiation, also called backpropagation. Every operation on tensors that need a gradient
/// leaves a [Node]: its inputs, and its backward, which computes the gradients of the inputs from the
/// gradient of the result.
///
/// A backward pass visits the nodes from the last to the first, in the order of the numbers that they got
/// when they were recorded. An operation can only use results that already exist, so an operation that uses a
/// result has a larger number than the operation that computed it. When the backward pass reaches an
/// operation, it has visited all the operations that use its result, so the gradient of the result is
/// complete.
public final class Autograd {
    private static final ThreadLocal<int[]> PAUSED = ThreadLocal.withInitial(() -> new int[1]);
    private static final ThreadLocal<int[]> REHEARSALS = ThreadLocal.withInitial(() -> new int[1]);
    private static final AtomicLong COUNT = new AtomicLong();

    /// Replaces a node once a backward pass has gone through it. The values that the operation had saved can
    /// then be freed, while its tensor still counts as a computed tensor and not as a constant.
    private static final Node USED = new Node(-1, null, new Tensor[0], null);

    private Autograd() {}

    /// One recorded operation.
    static final class Node {
        final long number;
        final Tensor result;
        final Tensor[] inputs;
        final Backward backward;
        private boolean reached;

        Node(long number, Tensor result, Tensor[] inputs, Backward backward) {
            this.number = number;
            this.result = result;
            this.inputs = inputs;
            this.backward = backward;
        }
    }

    /// Stops recording operations on this thread until the returned object is closed. Use it where no
    /// gradient will be needed, for example when a model is evaluated: `try (var pause = Autograd.noGrad()) {
    /// … }`. In PyTorch this is `torch.no_grad()`.
    public static NoGrad noGrad() {
        return new NoGrad();
    }

    /// Recording is paused until this is closed.
    public static final class NoGrad implements AutoCloseable {
        private boolean closed;

        private NoGrad() {
            PAUSED.get()[0]++;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                PAUSED.get()[0]--;
            }
        }
    }

    /// Marks what this thread computes, until the returned object is closed, as a trial: operations are
    /// recorded, but a layer that keeps statistics of its training passes, as BatchNorm does, does not update
    /// them. [GradientCheck] computes a layer many times in this way.
    public static Rehearsal rehearsal() {
        return new Rehearsal();
    }

    /// A trial that lasts until this is closed.
    public static final class Rehearsal implements AutoCloseable {
        private boolean closed;

        private Rehearsal() {
            REHEARSALS.get()[0]++;
        }

        @Override
        public void close() {
            if (!closed) {
                closed = true;
                REHEARSALS.get()[0]--;
            }
        }
    }

    /// Whether layers should update the statistics that they keep of training passes: true while operations
    /// are recorded, except in a [#rehearsal]. Where activations are computed twice to save memory, first
    /// without recording and again in the backward pass, only the second time counts.
    public static boolean counts() {
        return PAUSED.get()[0] == 0 && REHEARSALS.get()[0] == 0;
    }

    /// Whether operations are recorded on this thread, where an input needs a gradient: not during [#noGrad].
    public static boolean recording() {
        return PAUSED.get()[0] == 0;
    }

    /// Whether an operation on these inputs will be recorded, and so must save what its backward needs.
    public static boolean records(Tensor... inputs) {
        given(inputs, "records", "inputs");
        if (PAUSED.get()[0] > 0) {
            return false;
        }
        for (Tensor input : inputs) {
            if (input != null && input.requiresGrad()) {
                return true;
            }
        }
        return false;
    }

    /// Records how a result was computed, if a gradient is needed for one of its inputs. The last line of
    /// every operation calls it: `return Autograd.record(y, dy -> { … }, a, b)`.
    ///
    /// @param backward is given the gradient of the result, and adds to the gradients of the inputs
    /// @param inputs   what the result was computed from; null where an optional input was not given
    /// @return the result
    public static Tensor record(Tensor result, Backward backward, Tensor... inputs) {
        given(result, "record", "a result");
        if (records(inputs)) {
            result.node = new Node(COUNT.getAndIncrement(), result, inputs, backward);
        }
        return result;
    }

    /// Whether this tensor is the result of a recorded operation.
    public static boolean isComputed(Tensor tensor) {
        given(tensor, "isComputed", "a tensor");
        return tensor.node != null;
    }

    /// A tensor with the elements of x at which a backward pass stops: the gradient that arrives there is
    /// given to the rule and goes no further.
    public static Tensor gate(Tensor x, Backward rule) {
        given(x, "gate", "a tensor");
        given(rule, "gate", "a rule");
        Tensor gate = x.detach();
        gate.node = new Node(COUNT.getAndIncrement(), gate, new Tensor[0], rule);
        return gate;
    }

    /// How many operations have been recorded so far, for [#requireSince].
    public static long recorded() {
        return COUNT.get();
    }

    /// Throws if a result depends on operations that were recorded before a given moment.
    ///
    /// @param moment the value of [#recorded] at that moment
    /// @throws gradus.error.ShapeException with the message
    public static void requireSince(long moment, Tensor result, String message) {
        given(result, "requireSince", "a result");
        if (result.node == null) {
            return;
        }
        for (Node node : reachedFrom(result.node)) {
            require(node.number >= moment, message);
        }
    }

    /// The gradient that a backward pass from a loss starts with: `∂loss/∂loss = 1`.
    static Tensor one(Tensor loss) {
        require(
                loss.size() == 1,
                "backward: only a scalar can be differentiated without an upstream gradient; got shape %s",
                loss.shape());
        return loss.newFull(loss.shape(), 1);
    }

    /// Carries a gradient from a result to everything it was computed from. Everything is checked before the
    /// first operation's backward runs. If one of them fails, some gradients have been added and others not;
    /// the graph cannot be used again then, since a second try would add the first ones twice.
    static void backward(Tensor root, Tensor upstream, boolean retainGraph) {
        require(
                upstream != null && upstream.shape().equals(root.shape()),
                "backward: the upstream gradient must have shape %s; got %s",
                root.shape(),
                upstream == null ? null : upstream.shape());
        require(
                upstream.dtype() == root.dtype(),
                "backward: the upstream gradient must be %s; got %s",
                root.dtype(),
                upstream.dtype());
        if (root.node == null && root.requiresGrad()) {
            root.addGradient(upstream.buffer()); // ∂x/∂x
            return;
        }
        require(
                root.node != null,
                "backward: this tensor does not depend on anything that requires a gradient, or was computed while"
                        + " recording was paused");
        List<Node> nodes = reachedFrom(root.node);
        nodes.forEach(Autograd::requireUsable);
        nodes.sort(Comparator.comparingLong((Node node) -> node.number).reversed());
        root.addGradient(upstream.buffer());
        boolean through = false;
        try {
            for (Node node : nodes) {
                node.result.passBack(node.backward);
                if (!retainGraph) {
                    node.result.node = USED;
                }
            }
            through = true;
        } finally {
            if (!through) {
                for (Node node : nodes) {
                    node.result.dropArrived();
                    node.result.node = USED;
                }
            }
        }
    }

    private static void requireUsable(Node node) {
        require(
                node != USED,
                "backward: a part of this graph was used by an earlier backward(); add the losses and call backward()"
                        + " once, or keep the graph in the earlier call with backward(true)");
        for (Tensor input : node.inputs) {
            if (input != null) {
                requireUnchangedSince(node.number, input);
            }
        }
    }

    /// Throws if an input of an operation was changed after the operation had used it.
    private static void requireUnchangedSince(long number, Tensor input) {
        require(
                input.convertedAt <= number,
                "backward: a tensor of shape %s was converted to %s after the forward pass had used it; convert it"
                        + " before the forward pass, or after backward()",
                input.shape(),
                input.dtype());
        boolean asked = input.node == null && input.requiresGrad();
        require(
                !asked || input.askedAt <= number,
                "backward: requireGrad() was called on a tensor of shape %s after the forward pass had used it, so"
                        + " parts of its gradient would be missing; call it before the forward pass",
                input.shape());
    }

    /// A node and all nodes it was computed from.
    private static List<Node> reachedFrom(Node start) {
        ArrayList<Node> nodes = new ArrayList<>();
        ArrayDeque<Node> open = new ArrayDeque<>();
        start.reached = true;
        open.push(start);
        while (!open.isEmpty()) {
            Node node = open.pop();
            nodes.add(node);
            for (Tensor input : node.inputs) {
                if (input != null && input.node != null && !input.node.reached) {
                    input.node.reached = true;
                    open.push(input.node);
                }
            }
        }
        nodes.forEach(node -> node.reached = false);
        return nodes;
    }
}
