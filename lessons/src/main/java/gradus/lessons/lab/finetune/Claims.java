package gradus.lessons.lab.finetune;

import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleBiFunction;

/// What is expected of the methods, and whether it came. Differences are taken seed by seed: with a seed, every
/// method reads the same batches.
///
/// @param text      what the base has read
/// @param base      its losses
/// @param quantized its losses, quantised
/// @param best      findings of each method at its best rate, by its name; claims on methods that are missing
///     are left out
record Claims(BaseText text, LabTable.Losses base, LabTable.Losses quantized, Map<String, List<Finding>> best) {
    /// What may be missing of what training everything gains, for one to say that it is learnt as well.
    static final double NEAR = 0.05;

    static String prediction(BaseText text) {
        String first = switch (text) {
            case ALL ->
                "The base knows the words and the marks of the new text; what is new is its order. So LoRA on all linear"
                        + " layers learns what training everything learns: of that gain over the base it lacks less than"
                        + " 5 %, or exceeds it by less, with all of the interval.";
            case NOUNS ->
                "The base does not know the words of the new text, so its table of tokens has to change. LoRA on all"
                        + " linear layers lacks more than 5 % of what training everything gains over the base; with the"
                        + " table trained too (lora-table) it lacks less.";
        };
        return first + " LoRA on the attention alone is not better than on all linear layers. It is better than a"
                + " prefix, and a prefix is better than a prompt. QLoRA differs from LoRA by less than quantising costs"
                + " the base on the text that it knows. Memory is what the formula says, within 5 %.";
    }

    /// Adds those that can be decided.
    Section to(Section section) {
        if (has("full")) {
            section.claim(
                    "Training everything gains over the base, by",
                    each("full", (seed, full) -> base.changed() - full.get(seed).newLoss()),
                    0);
            near(section);
        }
        if (has("lora", "lora-attention")) {
            Interval worse = difference("lora-attention", "lora");
            section.claim(
                    "LoRA on the attention alone is not better than on all linear layers; its loss is higher by",
                    worse,
                    Verdict.of(worse) != Verdict.LESS);
        }
        worse(section, "prefix", "lora-attention", "A prefix is worse than LoRA on the attention alone, by");
        worse(section, "prompt", "prefix", "A prompt is worse than a prefix, by");
        if (has("qlora", "lora")) {
            Interval lost = difference("qlora", "lora");
            double own = quantized.old() - base.old();
            section.claim(
                    "QLoRA is as good as LoRA, within what quantising costs the base on its own text, "
                            + Verdict.shown(new Interval(own, Double.NaN), 4) + "; its loss is higher by",
                    Verdict.shown(lost, 4),
                    within(lost, own));
        }
        return section;
    }

    private void near(Section section) {
        if (has("lora")) {
            Interval lacks = lacks("lora");
            if (text == BaseText.ALL) {
                section.claim(
                        "LoRA on all linear layers learns what training everything learns, within 5 % of its gain; what it"
                                + " lacks, in %",
                        lacks, within(lacks, 100 * NEAR));
            } else {
                section.claim(
                        "LoRA on all linear layers lacks more than 5 % of what training everything gains; in %",
                        lacks, 100 * NEAR);
            }
        }
        if (has("lora-table")) {
            Interval lacks = lacks("lora-table");
            section.claim(
                    "LoRA with the table of tokens learns what training everything learns, within 5 % of its gain; what it"
                            + " lacks, in %",
                    lacks, within(lacks, 100 * NEAR));
        }
    }

    /// In per cent of what training everything gains.
    private Interval lacks(String method) {
        List<Finding> full = best.get("full");
        return each(
                method,
                (seed, own) -> 100
                        * (own.get(seed).newLoss() - full.get(seed).newLoss())
                        / (base.changed() - full.get(seed).newLoss()));
    }

    private void worse(Section section, String method, String other, String claim) {
        if (has(method, other)) {
            section.claim(claim, difference(method, other), 0);
        }
    }

    private Interval difference(String method, String other) {
        List<Finding> others = best.get(other);
        return each(
                method,
                (seed, own) -> own.get(seed).newLoss() - others.get(seed).newLoss());
    }

    private Interval each(String method, ToDoubleBiFunction<Integer, List<Finding>> value) {
        List<Finding> own = best.get(method);
        return Verdict.over(own.size(), seed -> value.applyAsDouble(seed, own));
    }

    /// One seed, which has no interval, is within nothing.
    private static boolean within(Interval interval, double bound) {
        return Math.abs(interval.mean()) + interval.half() < bound;
    }

    private boolean has(String... methods) {
        return best.keySet().containsAll(List.of(methods));
    }
}
