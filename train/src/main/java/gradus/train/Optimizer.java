package gradus.train;

/// Changes parameters by their gradients.
public interface Optimizer {
    /// One step at a learning rate. Parameters without a gradient stay as they are.
    void step(double learningRate);

    /// Forgets every gradient.
    void zeroGrad();
}
