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
/// A backward pass goes through the nodes from the last one back to the first, by the numbers they got when
/// they were made. An operation only uses results that were there before it, so whoever uses a result has a
/// larger number than the result itself: when its turn comes, its gradient has arrived from everywhere it was
/// used.
public final class Autograd {
    private static final ThreadLocal<int[]> PAUSED = ThreadLocal.withInitial(() -> new int[1]);
    private static final ThreadLocal<int[]> REHEARSALS = ThreadLocal.withInitial(() -> new int[1]);
    private static final AtomicLong COUNT = new AtomicLong();

    /// Takes the place of a node once a backward pass has gone through it. What its operation had saved can
    /// then be given back, while its tensor is still known to be a computed one and not taken for a constant.
    private static final Node USED = new Node(-1, null, new Tensor[0], null);

    private Autograd() {}

    /// One operation that was computed.
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

    /// Stops recording operations on this thread until closed, where no gradient will be needed, as when a
    /// model is evaluated: `try (var pause = Autograd.noGrad()) { … }`. PyTorch's `torch.no_grad()`.
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

    /// Marks what runs on this thread, until closed, as a trial that must leave no trace: operations are
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

    /// Whether layers should update the statistics they keep of training passes: operations are being
    /// recorded, and this is no [#rehearsal]. Where activations are computed twice to save memory, first
    /// without recording and again for the backward, only the second time counts.
    public static boolean counts() {
        return PAUSED.get()[0] == 0 && REHEARSALS.get()[0] == 0;
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

    /// Records how a result was computed, if a gradient is needed for one of its inputs. Whoever writes an
    /// operation calls this last: `return Autograd.record(y, dy -> { … }, a, b)`.
    ///
    /// @param backward adds to the gradients of the inputs, given that of the result
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

    /// The same elements as x, as a place where a backward pass stops: the gradient that arrives here is given to
    /// the rule and goes no further.
    public static Tensor gate(Tensor x, Backward rule) {
        given(x, "gate", "a tensor");
        given(rule, "gate", "a rule");
        Tensor gate = x.detach();
        gate.node = new Node(COUNT.getAndIncrement(), gate, new Tensor[0], rule);
        return gate;
    }

    /// How many operations were recorded so far, for [#requireSince].
    public static long recorded() {
        return COUNT.get();
    }

    /// Refuses a result that depends on operations recorded before a moment.
    ///
    /// @param moment what [#recorded] said then
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

    /// The upstream gradient that a backward without one begins with: `∂loss/∂loss = 1`.
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

    /// Refuses a backward through an operation if one of its inputs was changed after the operation had used it.
    private static void requireUnchangedSince(long number, Tensor input) {
        require(
                input.convertedAt <= number,
                "backward: a tensor of shape %s that it needs was converted to %s after the forward pass used it;"
                        + " convert it before, or after backward()",
                input.shape(),
                input.dtype());
        boolean asked = input.node == null && input.requiresGrad();
        require(
                !asked || input.askedAt <= number,
                "backward: requireGrad() was asked of a tensor of shape %s after the forward pass had used it, so parts"
                        + " of its gradient would be missing; ask before",
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
