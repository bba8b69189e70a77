package gradus.lessons.alibi;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;

final class AlibiSlopesExercise {
    private AlibiSlopesExercise() {}

    static Exercise exercise() {
        return Exercise.of(AlibiSlopes.class, "The slopes of ALiBi")
                .tolerance(1e-9)
                .probe("one head", "2^(-8·1/1) = 1/256", t -> t.call(1))
                .probe("two heads", "2^(-8·1/2) = 1/16 and 2^(-8·2/2) = 1/256", t -> t.call(2))
                .probe(
                        "eight heads",
                        "1/2, 1/4, 1/8, … 1/256: the exponents -8(h+1)/8 are -1, -2, …, -8",
                        t -> t.call(8))
                .probe(
                        "three heads",
                        "p = 2: first 1/16 and 1/256. Four heads would have 1/4, 1/16, 1/64, 1/256; the first of these"
                                + " comes third",
                        t -> t.call(3))
                .probe(
                        "six heads",
                        "p = 4: 1/4, 1/16, 1/64, 1/256; then of the eight slopes 1/2, 1/4, 1/8, … the first and the"
                                + " third: 1/2 and 1/8",
                        t -> t.call(6))
                .probe("twelve, seven and sixteen heads", "", t -> {
                    t.see("12", t.call(12));
                    t.see("7", t.call(7));
                    t.see("16", t.call(16));
                    return null;
                })
                .bug(Bug.of("The exponent is one head behind: head 0 gets 2^0 = 1, and the last one not 2^-8")
                        .replacing("(h + 1) / power", "h / power")
                        .replacing("(place + 1)", "place"))
                .bug(Bug.of("The slopes of a number of heads that is no power of two come from the same"
                                + " equation as others")
                        .replacing("int power = Integer.highestOneBit(heads)", "int power = heads"))
                .bug(
                        "The further heads take the second, fourth, … slope, and should take the first, third, …",
                        "int place = 2 * (h - power)",
                        "int place = 2 * (h - power) + 1")
                .bug(
                        "The further heads take neighbouring slopes, and should take every second one",
                        "int place = 2 * (h - power)",
                        "int place = h - power")
                .bug(
                        "The further heads take their slopes from p heads, and should from 2p: they repeat the"
                                + " first ones",
                        "(place + 1) / (2 * power)",
                        "(place + 1) / power")
                .bug(Bug.of("The exponent does not shrink with the number of heads: it is -8(h+1)")
                        .replacing("(h + 1) / power", "(h + 1)")
                        .replacing("(place + 1) / (2 * power)", "(place + 1)"))
                .bug(Bug.of("Every head has a steeper slope than the one before: the order is the other way round")
                        .replacing(
                                "slopes[h] = Math.pow(2, -8.0 * (h", "slopes[power - 1 - h] = Math.pow(2, -8.0 * (h"))
                .bug(Bug.of("The powers are of e, and should be of 2")
                        .replacing("Math.pow(2, -8.0 * (h", "Math.pow(Math.E, -8.0 * (h")
                        .replacing("Math.pow(2, -8.0 * (place", "Math.pow(Math.E, -8.0 * (place"))
                .bug(Bug.of("The slopes fall in a straight line, and should be powers of two")
                        .replacing("Math.pow(2, -8.0 * (h + 1) / power)", "1 - (h + 1.0) / power + Math.pow(2, -8)"))
                .variant("one factor after the other, as in the authors' code", """
                        int power = 1;
                        while (power * 2 <= heads) {
                            power *= 2;
                        }
                        double[] slopes = new double[heads];
                        double ratio = Math.pow(2, -8.0 / power);
                        double slope = 1;
                        for (int h = 0; h < power; h++) {
                            slope *= ratio;
                            slopes[h] = slope;
                        }
                        double half = Math.sqrt(ratio);
                        for (int h = power; h < heads; h++) {
                            slopes[h] = h == power ? half : slopes[h - 1] * ratio;
                        }
                        return slopes;
                        """)
                .variant("by recursion", """
                        double[] slopes = new double[heads];
                        if (Integer.bitCount(heads) == 1) {
                            for (int h = heads; h >= 1; h--) {
                                slopes[h - 1] = 1 / Math.exp(Math.log(2) * 8 * h / heads);
                            }
                            return slopes;
                        }
                        int power = Integer.highestOneBit(heads);
                        double[] first = slopes(power);
                        double[] twice = slopes(2 * power);
                        for (int h = 0; h < heads; h++) {
                            slopes[h] = h < power ? first[h] : twice[2 * (h - power)];
                        }
                        return slopes;
                        """)
                .hints(
                        "What are the slopes for 2 and for 4 heads? Which of the latter are missing in the former?",
                        "Integer.highestOneBit(H) is the largest power of two that is not above H. Fill the first p"
                                + " slopes, then the rest.",
                        "The further head number h ≥ p has the place 2·(h - p) among the slopes for 2p heads:"
                                + " 2^(-8·(2(h - p) + 1)/(2p)).")
                .reading("The section \"A slope for each head\" of this lesson");
    }
}
