package gradus.lessons.lab.ema;

import gradus.lessons.lab.material.HeldOutText;
import gradus.lessons.lab.material.Material;
import gradus.lessons.lab.measure.LabPlot;
import gradus.lessons.lab.measure.LabPlot.Curve;
import gradus.lessons.lab.measure.LabPlot.Labels;
import gradus.lessons.lab.measure.Section;
import gradus.lessons.lab.measure.SeedTable;
import gradus.lessons.lab.measure.Verdict;
import gradus.train.run.compare.Interval;
import gradus.train.schedule.ScheduleKind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/// Averaged weights of a language model, at constant and at fallen rates.
///
/// @param text     what is learned
/// @param steps    of each training
/// @param count    of seeds
/// @param material where the runs are kept
record TextPart(HeldOutText text, int steps, int count, Material material) {
    /// A gain in nats a token that is called none.
    static final double LITTLE = 0.01;

    private static final List<Double> RATES = List.of(4e-3, 1.2e-2);
    private static final String MIDDLE = EmaRun.name(EmaRun.DECAYS.get(1));
    private static final String LONGEST = EmaRun.name(EmaRun.DECAYS.getLast());
    private static final String EARLY = ", early";
    private static final SequencedMap<ScheduleKind, String> SCHEDULES = new LinkedHashMap<>();

    static {
        SCHEDULES.put(ScheduleKind.CONSTANT, "constant");
        SCHEDULES.put(ScheduleKind.COSINE, "cosine");
        SCHEDULES.put(ScheduleKind.WSD, "cooldown");
    }

    static String row(ScheduleKind schedule, double rate) {
        return SCHEDULES.get(schedule) + ", " + rate;
    }

    private static List<String> columns() {
        List<String> columns = new ArrayList<>(EmaRun.measured());
        EmaRun.measured().forEach(each -> columns.add(each + EARLY));
        return columns;
    }

    /// A table without numbers: the losses at the end, then those at an early step, as [EmaRun#measured] orders them.
    static SeedTable empty() {
        return new SeedTable("rate", 4, columns().toArray(String[]::new));
    }

    Section section(Path folder) {
        List<String> columns = columns();
        SeedTable table = empty();
        SequencedMap<String, List<JsonNode>> courses = new LinkedHashMap<>();
        int early = 0;
        for (long seed = 1; seed <= count; seed++) {
            for (double rate : RATES) {
                for (ScheduleKind schedule : SCHEDULES.keySet()) {
                    EmaRun run = new EmaRun(schedule, rate, steps, text);
                    JsonNode measured = material.measured(run, seed);
                    courses.computeIfAbsent(row(schedule, rate), key -> new ArrayList<>())
                            .add(measured);
                    List<Integer> steps = run.measures();
                    int at = Math.min(3, steps.size() - 1); // a tenth of the steps
                    early = steps.get(at);
                    table.put(
                            row(schedule, rate),
                            IntStream.range(0, columns.size())
                                    .mapToDouble(i -> value(measured, columns.get(i), at))
                                    .toArray());
                }
            }
        }
        plot(folder, courses);
        List<String> ends = new ArrayList<>(List.of(EmaRun.RAW));
        EmaRun.DECAYS.forEach(decay -> ends.add(EmaRun.name(decay)));
        Section section = new Section("A language model", prediction())
                .add(table.markdown(ends))
                .add("At step " + early + ":\n\n"
                        + table.markdown(List.of(
                                EmaRun.RAW + EARLY, EmaRun.PLAIN + EARLY, EmaRun.DEBIASED + EARLY, LONGEST + EARLY)))
                .add("Losses of the same held-out text at the end, in nats a token. "
                        + "At the early step, the copy, the debiased and the warmed average have the decay "
                        + EmaRun.DECAYS.getLast() + ".");
        return claims(section, table);
    }

    private static double value(JsonNode measured, String column, int early) {
        if (column.endsWith(EARLY)) {
            return measured.path(column.substring(0, column.length() - EARLY.length()))
                    .get(early)
                    .asDouble();
        }
        JsonNode all = measured.path(column);
        return all.get(all.size() - 1).asDouble();
    }

    private static double gain(SeedTable table, String row, int seed) {
        return table.at(row, EmaRun.RAW, seed) - table.at(row, MIDDLE, seed);
    }

    private static Interval gain(SeedTable table, String row) {
        return Verdict.over(table.seeds(), seed -> gain(table, row, seed));
    }

    private static Interval between(SeedTable table, String more, String less) {
        return Verdict.over(table.seeds(), seed -> gain(table, more, seed) - gain(table, less, seed));
    }

    static Section claims(Section section, SeedTable table) {
        for (double rate : RATES) {
            String constant = row(ScheduleKind.CONSTANT, rate);
            String cosine = row(ScheduleKind.COSINE, rate);
            String cooldown = row(ScheduleKind.WSD, rate);
            Interval behind = gain(table, cooldown);
            section.claim(
                            "At a constant rate of " + rate + " the average of " + MIDDLE
                                    + " gains (Izmailov et al. 2018)",
                            gain(table, constant),
                            0)
                    .claim(
                            "It gains more than behind a cosine (Morales-Brotons et al. 2024), by",
                            between(table, constant, cosine),
                            0)
                    .claim(
                            "Behind a cooldown it gains less than " + LITTLE,
                            behind,
                            behind.mean() + behind.half() < LITTLE)
                    .claim(
                            "The average at a constant rate stays behind the raw weights after a cooldown (Hägele et al. 2024),"
                                    + " by",
                            Verdict.over(
                                    table.seeds(),
                                    seed -> table.at(constant, MIDDLE, seed) - table.at(cooldown, EmaRun.RAW, seed)),
                            0);
        }
        String low = row(ScheduleKind.CONSTANT, RATES.getFirst());
        String high = row(ScheduleKind.CONSTANT, RATES.getLast());
        return section.claim("At the higher constant rate it gains more, by", between(table, high, low), 0)
                .claim(
                        "Early on, a plain copy is worse than the raw weights, by",
                        Verdict.over(
                                table.seeds(),
                                seed -> table.at(low, EmaRun.PLAIN + EARLY, seed)
                                        - table.at(low, EmaRun.RAW + EARLY, seed)),
                        0)
                .claim("Early on, a plain copy is worse than a warmed average, by", early(table, low, LONGEST), 0)
                .claim(
                        "Early on, a plain copy is worse than a debiased average, by",
                        early(table, low, EmaRun.DEBIASED),
                        0);
    }

    private static Interval early(SeedTable table, String row, String better) {
        return Verdict.over(
                table.seeds(), seed -> table.at(row, EmaRun.PLAIN + EARLY, seed) - table.at(row, better + EARLY, seed));
    }

    /// Before anything is measured.
    static String prediction() {
        return """
                Averaged weights should gain much at a constant rate, since they take the noise away that the rate causes (Izmailov \
                et al. 2018, arXiv:1803.05407), and the more, the higher the rate; little behind a rate that has fallen to 0, by a cosine \
                or by a cooldown in the last fifth of the steps, which takes the same noise away (Morales-Brotons et al. 2024, \
                arXiv:2411.18704; Hägele et al. 2024, arXiv:2405.18392: an average along a constant rate comes near the cooldown but \
                stays behind it). The average that remembers about 50 steps is the one that claims are about; one that remembers \
                too many lags behind. At the start an average that began as a copy should keep the random weights; the library's \
                two, whose decay grows or which are corrected, should not.""";
    }

    private static void plot(Path folder, SequencedMap<String, List<JsonNode>> courses) {
        for (double rate : RATES) {
            SequencedMap<String, Curve> curves = new LinkedHashMap<>();
            for (ScheduleKind schedule : SCHEDULES.keySet()) {
                for (String what : List.of(EmaRun.RAW, MIDDLE)) {
                    curves.put(SCHEDULES.get(schedule) + ", " + what, curve(courses.get(row(schedule, rate)), what));
                }
            }
            LabPlot.curves(
                    folder.resolve("ema-" + rate + ".png"),
                    new Labels("Averaged weights, highest rate " + rate, "step", "held-out loss, nats a token"),
                    curves);
        }
    }

    /// From a fifth of the steps on: before, all are far above.
    private static Curve curve(List<JsonNode> seeds, String what) {
        JsonNode steps = seeds.getFirst().path("step");
        int from = Math.min(4, steps.size() - 1);
        List<Interval> means = IntStream.range(from, steps.size())
                .mapToObj(i -> Verdict.over(
                        seeds.size(), seed -> seeds.get(seed).path(what).get(i).asDouble()))
                .toList();
        return new Curve(
                IntStream.range(from, steps.size())
                        .mapToDouble(i -> steps.get(i).asDouble())
                        .toArray(),
                means.stream().mapToDouble(Interval::mean).toArray(),
                means.stream().mapToDouble(Interval::half).toArray());
    }
}
