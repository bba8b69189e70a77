package gradus.lessons.swiglu;

import gradus.lessons.learn.exercise.Bug;
import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class HiddenUnitsExercise {
    private HiddenUnitsExercise() {}

    static Exercise exercise() {
        return Exercise.of(HiddenUnits.class, "How many hidden units")
                .tolerance(1e-9)
                .forbid("hiddenFor")
                .probe("twelve channels", "4·12 = 48, two thirds are 32; a multiple of 8", t -> t.call(12, 1.0, 8))
                .probe("rounded up", "32 to the next multiple of 10: 40", t -> t.call(12, 1.0, 10))
                .probe(
                        "two thirds that are no whole number",
                        "4·5 = 20, two thirds are 13.3: 13. Times 1.5 = 19.5: 19; a multiple of 1",
                        t -> t.call(5, 1.5, 1))
                .probe(
                        "Llama 2 7B",
                        "4·4096 = 16,384, two thirds 10,922; the next multiple of 256 is 43·256 = 11,008",
                        t -> t.call(4096, 1.0, 256))
                .probe(
                        "Llama 3 8B",
                        "10,922·1.3 = 14,198.6: 14,198; the next multiple of 1,024 is 14·1,024 = 14,336",
                        t -> t.call(4096, 1.3, 1024))
                .probe("one channel", "4 units, two thirds are 2", t -> each(t, new int[] {1}, 1, 1))
                .probe("many sizes", "", t -> each(t, new int[] {2, 3, 7, 50, 64, 100, 511, 768, 1000, 8192}, 1, 1))
                .probe(
                        "many sizes, narrower",
                        "",
                        t -> each(t, new int[] {2, 3, 7, 50, 64, 100, 511, 768, 1000}, 0.8, 1))
                .probe(
                        "many sizes, wider, by 7",
                        "",
                        t -> each(t, new int[] {2, 3, 7, 8, 50, 64, 100, 511, 768}, 1.3, 7))
                .probe("a half more, by 3", "", t -> each(t, new int[] {4, 5, 6, 7, 8, 9, 10, 11, 12, 13}, 1.5, 3))
                .bug(
                        "It rounds down to a multiple, and should round up",
                        "(scaled + multipleOf - 1) / multipleOf",
                        "scaled / multipleOf")
                .bug(
                        "It rounds to the nearest multiple, and should round up",
                        "(scaled + multipleOf - 1) / multipleOf",
                        "(scaled + multipleOf / 2) / multipleOf")
                .bug(
                        "A number that is a multiple already goes up to the next one",
                        "(scaled + multipleOf - 1) / multipleOf",
                        "(scaled / multipleOf + 1)")
                .bug("Two thirds are taken of C, not of 4·C", "2 * 4 * dim / 3", "2 * dim / 3")
                .bug(
                        "The two thirds are missing: a gated network then costs half as much again",
                        "2 * 4 * dim / 3",
                        "4 * dim")
                .bug(
                        "Two thirds are rounded to the nearest, and should be rounded down",
                        "2 * 4 * dim / 3",
                        "(int) Math.round(8 * dim / 3.0)")
                .bug(
                        "The division comes first, so that thirds are cut off before they are doubled",
                        "2 * 4 * dim / 3",
                        "2 * (4 * dim / 3)")
                .bug(
                        "It rounds only once, after the multiplier: two thirds keep what is behind the point",
                        "(multiplier * twoThirds)",
                        "(multiplier * 8 * dim / 3)")
                .bug(
                        "The multiplied number is rounded up, and should be rounded down",
                        "(int) (multiplier * twoThirds)",
                        "(int) Math.ceil(multiplier * twoThirds)")
                .bug(Bug.of("The multiplier is applied after rounding up to a multiple")
                        .replacing("(int) (multiplier * twoThirds)", "twoThirds")
                        .replacing(
                                "(scaled + multipleOf - 1) / multipleOf * multipleOf",
                                "(int) ((scaled + multipleOf - 1) / multipleOf * multipleOf * multiplier)"))
                .variant("by floor and ceiling", """
                        double twoThirds = Math.floor(8.0 * dim / 3.0);
                        double scaled = Math.floor(twoThirds * multiplier);
                        return (int) (Math.ceil(scaled / multipleOf) * multipleOf);
                        """)
                .variant("counting up to the multiple", """
                        int units = (int) (multiplier * (int) (8L * dim / 3));
                        while (units % multipleOf != 0) {
                            units++;
                        }
                        return units;
                        """)
                .hints(
                        "In Java, what does the division of two whole numbers do with what is behind the point?",
                        "(n + m - 1) / m * m rounds n up to a multiple of m.",
                        "8 * dim / 3, then (int) (multiplier * that), then round up.")
                .reading("The section \"As many parameters\" of this lesson");
    }

    private static Object each(Trial t, int[] dims, double multiplier, int multipleOf) {
        for (int dim : dims) {
            t.see(dim + " channels", t.call(dim, multiplier, multipleOf));
        }
        return null;
    }
}
