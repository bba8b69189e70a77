package gradus.lessons.lab.align;

import gradus.lessons.lab.option.LabFolder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.SequencedMap;
import java.util.function.Consumer;

/// Part (a): each algorithm on the bandit and on the 27 sequences, beside the policy that its formula gives.
public final class FixedPointsPart implements AlignPart {
    private static final int MOST = 50_000;

    @Override
    public String name() {
        return "a";
    }

    private static List<ExactMethod> methods() {
        List<ExactMethod> methods = new ArrayList<>(Arrays.asList(KlPlacement.values()));
        methods.add(new AllPairs());
        return methods;
    }

    @Override
    public String run(LabFolder folder, Consumer<String> say) {
        StringBuilder tables = new StringBuilder("## (a) Where the algorithms come to rest\n\n");
        StringBuilder csv = new StringBuilder("problem,decision,method,answer,reward,reference,found,formula\n");
        SequencedMap<String, double[]> curves = new LinkedHashMap<>();
        bandit(tables, csv, curves);
        sequences(tables, csv, say);
        folder.write("fixed-points.csv", csv.toString());
        AlignPlot.distances(folder.path().resolve("fixed-points.png"), curves);
        return tables.toString();
    }

    private static void bandit(StringBuilder tables, StringBuilder csv, SequencedMap<String, double[]> curves) {
        EnumerableProblem bandit = EnumerableProblem.bandit();
        tables.append("The bandit: five arms, β = 0.25.\n\n");
        row(tables, "reward", bandit.rewards(), "distance", "steps");
        tables.append("|---|")
                .append("---|".repeat(bandit.rewards().length + 2))
                .append('\n');
        row(tables, "reference", bandit.referenceProbs(), "", "");
        for (ExactMethod method : methods()) {
            FixedPoint found = FixedPoint.of(method, bandit, false, MOST);
            row(tables, method.title(), found.probs(), distance(found), String.valueOf(found.steps()));
            record(csv, bandit, "answer", method, found);
            curves.put(
                    method.title(),
                    found.distances().stream().mapToDouble(Double::doubleValue).toArray());
        }
        tables.append('\n');
    }

    private static void sequences(StringBuilder tables, StringBuilder csv, Consumer<String> say) {
        EnumerableProblem sequences = EnumerableProblem.sequences();
        tables.append(
                        "27 sequences of three tokens, β = 0.25: the estimates are of whole answers, or of each token.\n\n")
                .append("| | decision | expected reward | KL(π‖ref) | best answer | distance | steps |\n")
                .append("|---|---|---|---|---|---|---|\n");
        for (ExactMethod method : methods()) {
            for (boolean tokens : new boolean[] {false, true}) {
                FixedPoint found = FixedPoint.of(method, sequences, tokens, MOST);
                String decision = tokens ? "token" : "answer";
                say.accept(method.title() + ", by " + decision + ": " + found.steps() + " steps");
                double reward = 0;
                double divergence = 0;
                double best = 0;
                for (int n = 0; n < found.probs().length; n++) {
                    double p = found.probs()[n];
                    reward += p * sequences.rewards()[n];
                    divergence += p == 0 ? 0 : p * Math.log(p / sequences.referenceProbs()[n]);
                    best = Math.max(best, p);
                }
                tables.append(String.format(
                        Locale.ROOT,
                        "| %s | %s | %.6f | %.6f | %.6f | %s | %d |%n",
                        method.title(),
                        decision,
                        reward,
                        divergence,
                        best,
                        distance(found),
                        found.steps()));
                record(csv, sequences, decision, method, found);
            }
        }
        tables.append('\n');
    }

    private static String distance(FixedPoint found) {
        return String.format(Locale.ROOT, "%.0e", found.distance());
    }

    private static void row(StringBuilder table, String name, double[] numbers, String... more) {
        table.append("| ").append(name).append(" |");
        for (double number : numbers) {
            table.append(String.format(Locale.ROOT, " %.6f |", number));
        }
        for (String cell : more) {
            table.append(' ').append(cell).append(" |");
        }
        table.append('\n');
    }

    private static void record(
            StringBuilder csv, EnumerableProblem problem, String decision, ExactMethod method, FixedPoint found) {
        double[] formula = method.closedForm(problem, decision.equals("token"));
        double[] reference = problem.referenceProbs();
        for (int n = 0; n < formula.length; n++) {
            csv.append(String.join(
                            ",",
                            problem.name(),
                            decision,
                            method.title(),
                            String.valueOf(n),
                            String.valueOf(problem.rewards()[n]),
                            String.valueOf(reference[n]),
                            String.valueOf(found.probs()[n]),
                            String.valueOf(formula[n])))
                    .append('\n');
        }
    }
}
