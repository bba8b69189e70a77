package gradus.layers;

import static gradus.error.ConfigException.require;

import gradus.tensor.Tensor;

/// In training, zeros each element with probability p and divides the others by 1 - p; in evaluation, does
/// nothing. Srivastava et al. 2014, "Dropout", in the inverted form that keeps the expectation.
///
/// Which elements are dropped depends on the generator given by [Layer#random(gradus.tensor.random.Rng)] and on this
/// layer's name. A layer that is used twice in one step drops the same elements both times, so use one layer for
/// each place.
public final class Dropout extends Layer implements Transform {
    private final double p;

    /// @param p the probability of dropping, in [0, 1)
    /// @throws gradus.error.ConfigException if p is outside its range
    public Dropout(double p) {
        require(p >= 0 && p < 1, "Dropout: p must be in [0, 1); got %s", p);
        this.p = p;
    }

    /// Whether anything is dropped now.
    public boolean isActive() {
        return training() && p > 0;
    }

    /// **Shapes** x (...) → (...)
    @Override
    public Tensor forward(Tensor x) {
        if (!isActive()) {
            return hooked(x);
        }
        require(
                random() != null,
                "Dropout: no random numbers; call random(Rng) on the model before each training step");
        return hooked(x.dropout(p, random()));
    }
}
