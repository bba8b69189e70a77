package org.example;

import gradus.tensor.Tensor;
import gradus.train.optimizer.EachParameter;
import gradus.train.optimizer.ParameterGroups;
import java.util.List;

/// `v ← 0.9·v + g`, `θ ← θ - lr·v`
final class Momentum extends EachParameter {
    private final List<Tensor> velocities = remember("velocity");

    Momentum(ParameterGroups parameters) {
        super(parameters);
    }

    @Override
    protected void update(int i, Tensor parameter, Tensor gradient, double learningRate) {
        Tensor velocity = velocities.get(i);
        velocity.copyFrom(velocity.mul(0.9).add(gradient));
        parameter.copyFrom(parameter.sub(velocity.mul(learningRate)));
    }
}
