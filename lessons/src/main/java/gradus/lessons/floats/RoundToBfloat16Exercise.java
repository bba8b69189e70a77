package gradus.lessons.floats;

import gradus.lessons.learn.exercise.Exercise;
import gradus.lessons.learn.exercise.Trial;

final class RoundToBfloat16Exercise {
    /// What one unit in the last place is at 1.
    private static final float UNIT = 0x1p-7f;

    private RoundToBfloat16Exercise() {}

    static Exercise exercise() {
        return Exercise.of(RoundToBfloat16.class, "Round to bfloat16")
                .tolerance(1e-6)
                .probe("one and a half", "needs one bit behind the point, and stays", t -> t.call(1.5f))
                .probe(
                        "a quarter of the way up",
                        "Behind 1 comes 1 + 2^-7 = 1.0078125. 1 + 2^-9 is nearer to 1",
                        t -> t.call(1 + UNIT / 4))
                .probe(
                        "three quarters of the way up",
                        "1 + 3·2^-9 is nearer to 1.0078125",
                        t -> t.call(1 + 0.75f * UNIT))
                .probe(
                        "the middle behind an even number",
                        "1 + 2^-8 lies between 1, whose last bit is 0, and 1.0078125, whose last bit is 1: 1",
                        t -> t.call(1 + UNIT / 2))
                .probe(
                        "the middle behind an odd number",
                        "1 + 3·2^-8 lies between 1.0078125 (odd) and 1.015625 (even): the latter",
                        t -> t.call(1 + 1.5f * UNIT))
                .probe("a little more than the middle", "one bit at the very end decides: up", t -> {
                    t.see("above", t.call(1 + UNIT / 2 + 0x1p-23f));
                    t.see("below", t.call(1 + 1.5f * UNIT - 0x1p-23f));
                    return null;
                })
                .probe("negative numbers", "as positive ones, mirrored", t -> {
                    t.see("even", t.call(-1 - UNIT / 2));
                    t.see("odd", t.call(-1 - 1.5f * UNIT));
                    t.see("up", t.call(-1 - 0.75f * UNIT));
                    return null;
                })
                .probe("zero", "", t -> t.call(0f))
                .probe(
                        "NaN, with all bits set",
                        "adding to its bits would make a zero of it",
                        t -> t.call(Float.intBitsToFloat(0x7fffffff)))
                .probe("infinity", "", t -> {
                    t.see("positive", t.call(Float.POSITIVE_INFINITY));
                    t.see("negative", t.call(Float.NEGATIVE_INFINITY));
                    return null;
                })
                .probe(
                        "the largest float32",
                        "nearer to 2^128 than to the largest bfloat16: infinity",
                        t -> t.call(Float.MAX_VALUE))
                .probe("the largest bfloat16", "3.3895e38 stays", t -> t.call(Float.intBitsToFloat(0x7f7f0000)))
                .probe("a carry into the exponent", "1.99999 becomes 2", t -> t.call(1.99999f))
                .probe(
                        "a subnormal number",
                        "bits 0x00018001: one above the middle, so up to 0x00020000",
                        t -> t.call(Float.intBitsToFloat(0x00018001)))
                .probe(
                        "a subnormal number in the middle",
                        "bits 0x00008000: between 0 and 0x00010000, and 0 is even",
                        t -> {
                            t.see("even", t.call(Float.intBitsToFloat(0x00008000)));
                            t.see("odd", t.call(Float.intBitsToFloat(0x00018000)));
                            return null;
                        })
                .probe("random numbers", "", RoundToBfloat16Exercise::random)
                .bug("The lower bits are cut off, and should be rounded", "bits + 0x7fff + odd", "bits")
                .bug(
                        "The middle is always rounded up, away from zero, also where bit 16 is 0",
                        "bits + 0x7fff + odd",
                        "bits + 0x8000")
                .bug("The middle is always rounded down, towards zero", "bits + 0x7fff + odd", "bits + 0x7fff")
                .bug(
                        "The middle goes to the odd neighbour, and should go to the even one",
                        "0x7fff + odd",
                        "0x7fff + (odd ^ 1)")
                .bug("Everything is rounded up, away from zero", "0x7fff + odd", "0xffff")
                .bug(
                        "Negative numbers are rounded up, towards zero, in the middle",
                        "0x7fff + odd",
                        "0x7fff + (x < 0 ? 0 : odd)")
                .bug(
                        "NaN is not held back: adding to its bits makes a zero of it",
                        "Float.isNaN(x)",
                        "x != x && x == x")
                .bug(
                        "Ten bits behind the point are left, as float16 has: bfloat16 has seven",
                        "0x7fff + odd) & 0xffff0000",
                        "0xfff + ((bits >>> 13) & 1)) & 0xffffe000")
                .bug(
                        "Too large numbers become the largest bfloat16, and should become infinite",
                        "Float.isNaN(x)",
                        "Float.isFinite(x) && Math.abs(x) > 0x1.fep127f) {\nreturn Math.copySign(0x1.fep127f,"
                                + " x);\n}\nif (Float.isNaN(x)")
                .bug(
                        "Subnormal numbers become zero",
                        "Float.isNaN(x)",
                        "Math.abs(x) < Float.MIN_NORMAL) {\nreturn 0;\n}\nif (Float.isNaN(x)")
                .variant("what is cut off is compared with the middle", """
                        int bits = Float.floatToIntBits(x);
                        int rest = bits & 0xffff;
                        int kept = bits - rest;
                        boolean odd = (kept & 0x10000) != 0;
                        if (Float.isNaN(x) || rest == 0) {
                            return x;
                        }
                        if (rest > 0x8000 || rest == 0x8000 && odd) {
                            kept += 0x10000;
                        }
                        return Float.intBitsToFloat(kept);
                        """)
                .variant("by a division with Math.rint", """
                        if (Float.isNaN(x) || Float.isInfinite(x)) {
                            return x;
                        }
                        int exponent = Math.max(Math.getExponent(x), Float.MIN_EXPONENT);
                        double unit = Math.scalb(1.0, exponent - 7);
                        return (float) (Math.rint(x / unit) * unit);
                        """)
                .hints(
                        "What must be added to the lower 16 bits, so that just those above the middle carry into"
                                + " bit 16?",
                        "Adding 0x7fff carries if the lower bits are above 0x8000; adding one more carries in the"
                                + " middle too."
                                + " In which case is that wanted?",
                        "(bits + 0x7fff + ((bits >>> 16) & 1)) & 0xffff0000, but NaN first.")
                .reading("The section \"Half the bits\" of this lesson");
    }

    private static Object random(Trial t) {
        double[] numbers = t.normals(40);
        for (int i = 0; i < numbers.length; i++) {
            float number = (float) (Math.signum(numbers[i]) * (1 + Math.abs(numbers[i])));
            t.see("number " + i, t.call(number));
        }
        return null;
    }
}
