package gradus.layers.loss.alignment;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// How the losses `l_it` of the tokens t of answers i become the loss of a batch. It decides how much a token
/// of a long answer counts. The names are TRL's (`loss_type`); `|y_i|` is the number of tokens of an answer.
public enum Aggregation {
    /// `1/N·Σ_i 1/|y_i|·Σ_t l_it`: the mean of the means of answers. Shao et al. 2024, arXiv:2402.03300,
    /// equation 3. A token of a long answer counts less, so wrong answers are punished less the longer they
    /// are.
    GRPO {
        @Override
        Tensor reduce(Tensor losses, Tensor counts, Whole whole) {
            return losses.sum(-1).div(counts.clamp(1, Double.POSITIVE_INFINITY)).mean(); // ()
        }
    },
    /// `Σ_it l_it/Σ_i |y_i|`: the mean over all tokens of this batch. All tokens count alike, but a batch of
    /// few tokens counts as much as another.
    BNPO {
        @Override
        Tensor reduce(Tensor losses, Tensor counts, Whole whole) {
            return losses.sum().div(counts.sum().clamp(1, Double.POSITIVE_INFINITY)); // ()
        }
    },
    /// `Σ_it l_it/(N·L)` with a constant L, the largest length allowed: the sum over an answer is never
    /// divided by its own length. Liu et al. 2025, "Understanding R1-Zero-like training", arXiv:2503.20783,
    /// section 3.2.
    DR_GRPO {
        @Override
        Tensor reduce(Tensor losses, Tensor counts, Whole whole) {
            return losses.sum().div((double) losses.dim(0) * whole.maxLength()); // ()
        }
    },
    /// `Σ_it l_it/tokens` with all tokens of the step, of which this batch may be a part: the losses of the
    /// parts add up to the mean over all tokens of the step. Yu et al. 2025, arXiv:2503.14476, equation 8.
    DAPO {
        @Override
        Tensor reduce(Tensor losses, Tensor counts, Whole whole) {
            return losses.sum().div(Math.max(1, whole.tokens())); // ()
        }
    },
    /// `1/N·Σ_i Σ_t l_it`: the mean over answers of the sums over their tokens. With
    /// [ImportanceRatio#SEQUENCE], whose ratio is a mean over tokens, it undoes the division by the length: a
    /// long answer counts for all of its tokens. "Length-unbiased sequence policy optimization",
    /// arXiv:2602.05261.
    LUSPO {
        @Override
        Tensor reduce(Tensor losses, Tensor counts, Whole whole) {
            return losses.sum().div(losses.dim(0)); // ()
        }
    };

    /// What a batch does not know of itself.
    private record Whole(int maxLength, double tokens) {}

    /// @param losses (N, T), 0 where the mask is
    /// @param counts (N), the tokens of each answer
    abstract Tensor reduce(Tensor losses, Tensor counts, Whole whole);

    /// The loss of a batch that is the whole step, with T as the largest length allowed.
    ///
    /// **Shapes** perToken (N, T) or (N, 1), mask (N, T) → ()
    public Tensor of(Tensor perToken, Tensor mask) {
        TokenShapes.requireAlike("aggregation", "mask", mask, "mask", mask);
        return of(perToken, mask, Math.max(1, mask.dim(1)), mask.sum().item());
    }

    /// The loss of a batch. An answer without tokens counts 0, and so does a batch without tokens.
    ///
    /// **Shapes** perToken (N, T), or (N, 1) if the tokens of an answer share one loss; mask (N, T) → ()
    ///
    /// @param perToken   `l_it`; what is not in the mask has no influence
    /// @param mask       1 at the tokens of the answers, 0 elsewhere
    /// @param maxLength  L, the largest number of tokens that an answer may have; only [#DR_GRPO] asks
    /// @param stepTokens the number of tokens in the masks of all parts of the step; only [#DAPO] asks
    /// @throws gradus.error.ConfigException if maxLength is not positive, or stepTokens negative or not finite
    /// @throws gradus.error.ShapeException  if the shapes do not fit
    public Tensor of(Tensor perToken, Tensor mask, int maxLength, double stepTokens) {
        require(maxLength > 0, "aggregation: maxLength must be positive; got %s", maxLength);
        require(
                stepTokens >= 0 && Double.isFinite(stepTokens),
                "aggregation: stepTokens must be at least 0; got %s",
                stepTokens);
        TokenShapes.requireAlike("aggregation", "mask", mask, "mask", mask);
        TokenShapes.requireColumns("aggregation", "perToken", perToken, mask);
        Tensor losses = perToken.expand(mask.dim(0), mask.dim(1)).maskedFill(mask.eq(0), 0); // (N, T)
        return reduce(losses, mask.sum(-1), new Whole(maxLength, stepTokens));
    }
}
