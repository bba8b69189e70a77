package gradus.lessons.lab.finetune;

import gradus.train.run.compare.Interval;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// The table: a line for each method at its best learning rate.
final class LabTable {
    private static final List<String> HEAD = List.of(
            "method",
            "lr",
            "trained",
            "weights",
            "gradients",
            "optimiser",
            "resident",
            "tokens/s",
            "new loss",
            "old loss",
            "forgotten",
            "saved");

    /// Of a model on both texts.
    record Losses(double changed, double old) {}

    private final Losses base;
    private final Losses quantized;
    private final List<List<String>> lines = new ArrayList<>(List.of(HEAD));

    /// @param base      before any fine-tuning
    /// @param quantized the same base quantised as QLoRA does
    LabTable(Losses base, Losses quantized) {
        this.base = base;
        this.quantized = quantized;
    }

    void add(List<Finding> all) {
        List<Finding> best = Finding.best(all);
        Finding first = best.getFirst();
        Interval old = Interval.of(best.stream().map(Finding::oldLoss).toList());
        lines.add(List.of(
                first.method(),
                String.format(Locale.ROOT, "%.0e", first.rate()),
                String.format(Locale.ROOT, "%,d", first.trained()),
                bytes(first.weights()),
                bytes(first.gradients()),
                bytes(first.optimizer()),
                first.resident() == 0 ? "unknown" : bytes(first.resident()),
                String.format(
                        Locale.ROOT,
                        "%,.0f",
                        best.stream().mapToDouble(Finding::tokens).max().orElseThrow()),
                Interval.of(best.stream().map(Finding::newLoss).toList()).toString(),
                old.toString(),
                String.format(Locale.ROOT, "%+.3f", old.mean() - base.old),
                bytes(first.saved())));
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KiB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.2f MiB", bytes / 1048576.0);
    }

    /// As Markdown.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        text.append(String.format(
                Locale.ROOT,
                "The base: %.4f on the new text, %.4f on the old one; quantised to nf4-double %.4f and %.4f.%n%n",
                base.changed,
                base.old,
                quantized.changed,
                quantized.old));
        for (int i = 0; i < lines.size(); i++) {
            text.append("| ").append(String.join(" | ", padded(lines.get(i)))).append(" |\n");
            if (i == 0) {
                text.append("|").append("---|".repeat(HEAD.size())).append("\n");
            }
        }
        return text.toString();
    }

    private List<String> padded(List<String> line) {
        List<String> padded = new ArrayList<>();
        for (int column = 0; column < line.size(); column++) {
            int at = column;
            int width =
                    lines.stream().mapToInt(each -> each.get(at).length()).max().orElse(0);
            padded.add(String.format(Locale.ROOT, "%" + (column == 0 ? "-" : "") + width + "s", line.get(column)));
        }
        return padded;
    }
}
