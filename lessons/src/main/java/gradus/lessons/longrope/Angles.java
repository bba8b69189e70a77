package gradus.lessons.longrope;

import gradus.lessons.learn.exercise.Trial;

/// How the probes of this lesson look at angles.
final class Angles {
    private Angles() {}

    /// Sees the logarithms: an angle of 0.0001 that is off by a tenth counts as much as one of 1.
    static Object see(Object result, Trial t) {
        double[] angles = (double[]) result;
        double[] logarithms = new double[angles.length];
        for (int i = 0; i < angles.length; i++) {
            logarithms[i] = Math.log(angles[i]);
        }
        t.see("angles", angles);
        t.see("their logarithms", logarithms);
        return null;
    }
}
