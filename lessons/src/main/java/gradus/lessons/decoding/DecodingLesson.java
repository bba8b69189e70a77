package gradus.lessons.decoding;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/// Tokens drawn under a rule, ahead, and against another model.
public final class DecodingLesson {
    /// -?(0|[1-9][0-9]*) with the digits 0, 1 and 2.
    private static final List<Map<Character, Integer>> NUMBER = List.of(
            Map.of('-', 1, '0', 3, '1', 2, '2', 2),
            Map.of('0', 3, '1', 2, '2', 2),
            Map.of('0', 2, '1', 2, '2', 2),
            Map.of());
    private static final Set<Integer> WHOLE = Set.of(2, 3);
    private static final List<String> TOKENS = List.of("-", "0", "1", "12", "007", "-2", "1-", "");

    private static final double[] LARGE = {0.5, 0.3, 0.15, 0.05};
    private static final double[] SMALL = {0.3, 0.3, 0.2, 0.2};

    private DecodingLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Decoding with rules and with two models",
                DecodingLesson.class,
                AllowedTokensExercise.exercise(),
                SpeculativeRoundExercise.exercise(),
                ContrastiveDistributionExercise.exercise());
    }

    public static void main(String[] arguments) {
        for (String text : List.of("", "-", "-1", "0")) {
            System.out.printf("behind %-5s %s%n", "\"" + text + "\"", String.join(" ", allowed(text)));
        }
        System.out.println("1000 texts of tokens drawn freely: " + numbers(false) + " are whole numbers");
        System.out.println("1000 texts of allowed tokens:      " + numbers(true) + " are whole numbers");
        speculative();
        contrastive();
    }

    private static int state(String text) {
        int state = 0;
        for (char c : text.toCharArray()) {
            state = NUMBER.get(state).get(c);
        }
        return state;
    }

    private static List<String> allowed(String text) {
        boolean[] allowed = AllowedTokens.allowed(NUMBER, WHOLE, state(text), TOKENS);
        List<String> shown = new ArrayList<>();
        for (int i = 0; i < allowed.length; i++) {
            if (allowed[i]) {
                shown.add(TOKENS.get(i).isEmpty() ? "END" : TOKENS.get(i));
            }
        }
        return shown;
    }

    /// Of texts that end by themselves or after 200 tokens; each token is as probable as any other.
    private static int numbers(boolean masked) {
        int count = 0;
        for (int i = 0; i < 1000; i++) {
            StringBuilder text = new StringBuilder();
            boolean ended = false;
            for (int k = 0; k < 200 && !ended; k++) {
                List<String> choice = masked ? allowed(text.toString()) : TOKENS;
                String token = choice.get(Rng.of(4).at(i).index(k, choice.size()));
                ended = token.isEmpty() || token.equals("END");
                text.append(ended ? "" : token);
            }
            count += ended && text.toString().matches("-?(0|[1-9][0-9]*)") ? 1 : 0;
        }
        return count;
    }

    private static void speculative() {
        int rounds = 200_000;
        int length = 4;
        int[] counts = new int[4];
        int[] wrong = new int[4];
        long tokens = 0;
        double[][] p = new double[length + 1][];
        double[][] q = new double[length][];
        Arrays.fill(p, LARGE);
        Arrays.fill(q, SMALL);
        for (int i = 0; i < rounds; i++) {
            Rng rng = Rng.of(11).at(i);
            int[] drafted = new int[length];
            double[] u = new double[length];
            for (int k = 0; k < length; k++) {
                drafted[k] = pick(SMALL, rng.at("draft").uniform(k));
                u[k] = rng.at("test").uniform(k);
            }
            double v = rng.at("draw").uniform(0);
            int[] round = SpeculativeRound.tokens(p, q, drafted, u, v);
            tokens += round.length;
            counts[round[0]]++;
            boolean accepted = u[0] * SMALL[drafted[0]] < LARGE[drafted[0]];
            wrong[accepted ? drafted[0] : pick(LARGE, v)]++;
        }
        System.out.println("draft:                  " + shown(SMALL));
        System.out.println("large model:            " + shown(LARGE));
        System.out.println("first tokens of rounds: " + shown(shares(counts, rounds)));
        System.out.println("drawn anew from p:      " + shown(shares(wrong, rounds)));
        double alpha = 0;
        for (int x = 0; x < 4; x++) {
            alpha += Math.min(LARGE[x], SMALL[x]);
        }
        System.out.printf(
                Locale.ROOT,
                "accepted: %.2f; tokens of a round %.3f, by formula %.3f%n",
                alpha,
                tokens / (double) rounds,
                (1 - Math.pow(alpha, length + 1)) / (1 - alpha));
        LinePlot plot = LinePlot.of("tokens for one pass of the large model", "tokens that the draft writes", "tokens");
        for (double each : new double[] {0.95, 0.9, 0.8, 0.6, 0.3}) {
            double[] lengths = new double[13];
            Arrays.setAll(lengths, g -> (1 - Math.pow(each, g + 1)) / (1 - each));
            plot.line("accepted " + each, lengths);
        }
        plot.save("decoding-tokens");
    }

    private static int pick(double[] p, double v) {
        double sum = 0;
        int x = 0;
        while (x < p.length - 1 && v >= (sum += p[x])) {
            x++;
        }
        return x;
    }

    private static double[] shares(int[] counts, int all) {
        return Arrays.stream(counts).mapToDouble(each -> each / (double) all).toArray();
    }

    private static String shown(double... p) {
        return Arrays.stream(p)
                .mapToObj(each -> String.format(Locale.ROOT, "%.3f", each))
                .collect(Collectors.joining("  "));
    }

    private static String wide(double... p) {
        return shown(p).replace("  ", "     ");
    }

    /// What comes behind "Barack Obama was born in".
    private static void contrastive() {
        String[] words = {"Hawaii", "the", "Honolulu", "1961", "purple"};
        double[] expert = {0.27, 0.38, 0.18, 0.16, 0.01};
        double[] amateur = {0.06, 0.75, 0.03, 0.159, 0.001};
        double[] good = Arrays.stream(expert).map(Math::log).toArray();
        double[] poor = Arrays.stream(amateur).map(Math::log).toArray();
        System.out.println("              "
                + Arrays.stream(words)
                        .map(each -> String.format(Locale.ROOT, "%-10s", each))
                        .collect(Collectors.joining())
                        .strip());
        System.out.println("expert:       " + wide(expert));
        System.out.println("amateur:      " + wide(amateur));
        System.out.println("alpha 0.1:    " + wide(ContrastiveDistribution.distribution(good, poor, 0.1)));
        System.out.println("alpha 0.0001: " + wide(ContrastiveDistribution.distribution(good, poor, 0.0001)));
    }
}
