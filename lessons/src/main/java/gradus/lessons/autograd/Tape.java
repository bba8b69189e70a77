package gradus.lessons.autograd;

/// The backward pass over a recorded computation.
public final class Tape {
    private Tape() {}

    /// The derivative of the last step's value with respect to every step's value. The computation was
    /// recorded step by step; step i computed `values[i]` from earlier steps, by the operation `ops[i]`:
    ///
    /// | `ops[i]` | `values[i]` is |
    /// |---|---|
    /// | `x` | an input: it depends on nothing |
    /// | `+` | `values[left[i]] + values[right[i]]` |
    /// | `-` | `values[left[i]] − values[right[i]]` |
    /// | `*` | `values[left[i]] · values[right[i]]` |
    /// | `t` | `tanh(values[left[i]])`; `right[i]` means nothing |
    ///
    /// `left[i]` and `right[i]` are less than i, or -1 where they mean nothing. They may be the same step, and a
    /// step may be used many times or never. There is at least one step.
    ///
    /// @return as many numbers as steps; the last is 1, and steps that the last one does not depend on have 0
    public static double[] gradients(char[] ops, int[] left, int[] right, double[] values) {
        // --- your answer
        double[] gradients = new double[ops.length];
        gradients[ops.length - 1] = 1;
        for (int i = ops.length - 1; i >= 0; i--) {
            double g = gradients[i];
            switch (ops[i]) {
                case '+' -> {
                    gradients[left[i]] += g;
                    gradients[right[i]] += g;
                }
                case '-' -> {
                    gradients[left[i]] += g;
                    gradients[right[i]] -= g;
                }
                case '*' -> {
                    gradients[left[i]] += g * values[right[i]];
                    gradients[right[i]] += g * values[left[i]];
                }
                case 't' -> gradients[left[i]] += g * (1 - values[i] * values[i]);
                default -> {}
            }
        }
        return gradients;
        // ---
    }
}
