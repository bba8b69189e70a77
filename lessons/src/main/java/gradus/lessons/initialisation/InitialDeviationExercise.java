package gradus.lessons.initialisation;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class InitialDeviationExercise {
    private static final String[] RULES = {"lecun", "he", "xavier", "small", "output"};

    private InitialDeviationExercise() {}

    static Exercise exercise() {
        return Exercise.of(InitialDeviation.class, "The deviation of fresh weights")
                .tolerance(1e-9)
                .probe("LeCun, four inputs", "√(1/4) = 1/2", t -> t.call("lecun", 4, 9, 3))
                .probe("He, eight inputs", "√(2/8) = 1/2", t -> t.call("he", 8, 3, 5))
                .probe("Xavier, six and two", "√(2/8) = 1/2", t -> t.call("xavier", 6, 2, 5))
                .probe("small, ten inputs", "√(2/50) = 1/5", t -> t.call("small", 10, 7, 5))
                .probe(
                        "output, ten inputs, eight layers",
                        "1/5 divided by √16 = 4: 1/20",
                        t -> t.call("output", 10, 7, 8))
                .probe("an unknown rule", "must be refused", t -> {
                    t.refuses("rule \"normal\"", () -> t.call("normal", 2, 2, 2));
                    return null;
                })
                .probe("three inputs, one output", "in whole numbers 1/3 is 0: divide doubles", t -> all(t, 3, 1, 1))
                .probe("wide, twelve layers", "", t -> all(t, 768, 3072, 12))
                .probe("narrow", "", t -> all(t, 3072, 768, 7))
                .bug(
                        "He divides by the outputs, and should divide by the inputs",
                        "case \"he\" -> Math.sqrt(2.0 / in)",
                        "case \"he\" -> Math.sqrt(2.0 / out)")
                .bug(
                        "LeCun divides by the outputs, and should divide by the inputs",
                        "Math.sqrt(1.0 / in)",
                        "Math.sqrt(1.0 / out)")
                .bug(
                        "He has 1 above, as LeCun: the half that ReLU takes away is forgotten",
                        "case \"he\" -> Math.sqrt(2.0",
                        "case \"he\" -> Math.sqrt(1.0")
                .bug(
                        "Xavier has 1 above, and should have 2: it is the mean of the two sizes",
                        "2.0 / (in + out)",
                        "1.0 / (in + out)")
                .bug("Xavier multiplies the sizes, and should add them", "(in + out)", "(in * out)")
                .bug(
                        "Xavier is that of a uniform distribution's end, √6, and not of a deviation",
                        "2.0 / (in + out)",
                        "6.0 / (in + out)")
                .bug(Bug.of("Variances are given: all the roots are missing")
                        .replacing("Math.sqrt(1.0 / in)", "1.0 / in")
                        .replacing("case \"he\" -> Math.sqrt(2.0 / in)", "case \"he\" -> 2.0 / in")
                        .replacing("Math.sqrt(2.0 / (in + out))", "2.0 / (in + out)")
                        .replacing(
                                "case \"small\" -> Math.sqrt(2.0 / (5.0 * in))", "case \"small\" -> 2.0 / (5.0 * in)")
                        .replacing(
                                "Math.sqrt(2.0 / (5.0 * in)) / Math.sqrt(2.0 * layers)",
                                "2.0 / (5.0 * in) / (2.0 * layers)"))
                .bug(
                        "Output divides by √L, and should divide by √(2L): every block has two branches",
                        "Math.sqrt(2.0 * layers)",
                        "Math.sqrt(layers)")
                .bug("Output divides by 2L, and should divide by its root", "Math.sqrt(2.0 * layers)", "(2.0 * layers)")
                .bug("Output does not depend on the layers", " / Math.sqrt(2.0 * layers)", "")
                .bug(
                        "Output starts from LeCun's deviation, and should start from the small one",
                        "Math.sqrt(2.0 / (5.0 * in)) / Math",
                        "Math.sqrt(1.0 / in) / Math")
                .bug(
                        "An unknown rule gets a deviation of 0.02, and should be refused",
                        "throw new IllegalArgumentException(\"no rule \" + rule)",
                        "0.02")
                .variant("one root of a variance", """
                        double variance;
                        if (rule.equals("lecun")) {
                            variance = 1.0 / in;
                        } else if (rule.equals("he")) {
                            variance = 2.0 / in;
                        } else if (rule.equals("xavier")) {
                            variance = 1 / ((in + out) / 2.0);
                        } else if (rule.equals("small")) {
                            variance = 0.4 / in;
                        } else if (rule.equals("output")) {
                            variance = 0.2 / in / layers;
                        } else {
                            throw new IllegalArgumentException(rule);
                        }
                        return Math.sqrt(variance);
                        """)
                .variant("powers", """
                        java.util.Map<String, Double> factors = java.util.Map.of(
                                "lecun", 1.0, "he", 2.0, "xavier", 2.0 * in / (in + out), "small", 0.4,
                                "output", 0.2 / layers);
                        if (!factors.containsKey(rule)) {
                            throw new IllegalArgumentException("unknown");
                        }
                        return Math.pow(in / factors.get(rule), -0.5);
                        """)
                .hints(
                        "What does 1 / in give in Java, if in is an int above 1?",
                        "A switch over the five texts. Divide doubles: 2.0 / in. All five are square roots.",
                        "\"output\" is Math.sqrt(2.0 / (5.0 * in)) / Math.sqrt(2.0 * layers); an unknown rule throws.")
                .reading("The sections \"One layer\" and \"Residual branches\" of this lesson");
    }

    private static Object all(Trial t, int in, int out, int layers) {
        for (String rule : RULES) {
            t.see(rule, t.call(rule, in, out, layers));
        }
        return null;
    }
}
