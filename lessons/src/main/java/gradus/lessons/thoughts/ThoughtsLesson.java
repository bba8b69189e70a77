package gradus.lessons.thoughts;

import gradus.lessons.learn.exercise.Lesson;
import gradus.tensor.random.Rng;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.function.UnaryOperator;

/// A search through thoughts, and thoughts that act.
public final class ThoughtsLesson {
    private static final Map<String, Boolean> REACHABLE = new HashMap<>();

    private ThoughtsLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Trees of thoughts, and tools",
                ThoughtsLesson.class,
                FractionMovesExercise.exercise(),
                BreadthStepExercise.exercise(),
                ReactLoopExercise.exercise());
    }

    public static void main(String[] arguments) {
        System.out.println("8 and 3:    " + FractionMoves.results(new long[] {8, 1}, new long[] {3, 1}));
        System.out.println("8 and 1/3:  " + FractionMoves.results(new long[] {8, 1}, new long[] {1, 3}));
        tree();
        tools();
    }

    /// 100 games that can be won, with judges who see the truth through noise.
    private static void tree() {
        List<String> games = new ArrayList<>();
        for (int i = 0; games.size() < 100; i++) {
            int[] cards = new int[4];
            for (int c = 0; c < cards.length; c++) {
                cards[c] = 1 + Rng.of(24).at(i).index(c, 13);
            }
            Arrays.sort(cards);
            String game = String.join(
                    " ", Arrays.stream(cards).mapToObj(Integer::toString).toList());
            if (isReachable(game) && !games.contains(game)) {
                games.add(game);
            }
        }
        double[] noises = {0, 0.5, 1, 100};
        String[] judges = {"who is always right", "who errs a little", "who errs a lot", "who guesses"};
        for (int j = 0; j < judges.length; j++) {
            StringBuilder line = new StringBuilder();
            for (int b : new int[] {1, 2, 5, 20}) {
                double noise = noises[j];
                int won = 0;
                for (String game : games) {
                    won += isWon(
                                    game,
                                    b,
                                    state -> (isReachable(state) ? 1 : 0)
                                            + noise
                                                    * Rng.of(5)
                                                            .at(game)
                                                            .at(state)
                                                            .gaussian(0))
                            ? 1
                            : 0;
                }
                line.append(String.format(Locale.ROOT, "   b = %d: %3d", b, won));
            }
            System.out.printf("%-30s%s%n", "a judge " + judges[j] + ":", line);
        }
    }

    private static boolean isWon(String game, int b, ToDoubleFunction<String> judge) {
        List<String> kept = List.of(game);
        while (!kept.isEmpty() && kept.getFirst().contains(" ")) {
            Map<String, List<String>> next = new HashMap<>();
            Map<String, Double> scores = new HashMap<>();
            for (String state : kept) {
                next.put(state, next(state));
                next(state).forEach(each -> scores.computeIfAbsent(each, judge::applyAsDouble));
            }
            kept = BreadthStep.step(kept, next, scores, b);
        }
        return kept.contains("24");
    }

    /// The states after one move.
    private static List<String> next(String state) {
        String[] numbers = state.split(" ");
        List<String> states = new ArrayList<>();
        for (int i = 0; i < numbers.length; i++) {
            for (int j = i + 1; j < numbers.length; j++) {
                for (String result : FractionMoves.results(fraction(numbers[i]), fraction(numbers[j]))) {
                    List<String> left = new ArrayList<>(List.of(numbers));
                    left.remove(j);
                    left.remove(i);
                    left.add(result);
                    left.sort(null);
                    states.add(String.join(" ", left));
                }
            }
        }
        return states;
    }

    private static long[] fraction(String text) {
        String[] parts = text.split("/");
        return new long[] {Long.parseLong(parts[0]), parts.length == 1 ? 1 : Long.parseLong(parts[1])};
    }

    private static boolean isReachable(String state) {
        Boolean known = REACHABLE.get(state);
        if (known == null) {
            known = state.contains(" ")
                    ? next(state).stream().anyMatch(ThoughtsLesson::isReachable)
                    : state.equals("24");
            REACHABLE.put(state, known);
        }
        return known;
    }

    /// A model that has learnt its lines, and prints what it reads before the last one.
    private static void tools() {
        Map<String, UnaryOperator<String>> tools = Map.of(
                "look-up", word -> word.equals("tiger") ? "a large cat with 4 legs" : "nothing",
                "multiply",
                        input -> {
                            String[] numbers = input.split(" ");
                            return "" + Integer.parseInt(numbers[0]) * Integer.parseInt(numbers[1]);
                        });
        List<String> lines =
                List.of("look-up[tiger]", "calculate[127 * 4]", "multiply[127 four]", "multiply[127 4]", "finish[508]");
        UnaryOperator<String> model = transcript -> {
            int step = (int) transcript.lines().count() / 2;
            if (step == lines.size() - 1) {
                System.out.print("How many legs have 127 tigers?\n" + transcript);
            }
            return lines.get(step);
        };
        System.out.println("the answer: " + ReactLoop.run(model, tools, 7).orElse("none"));
        System.out.println("with 3 actions: "
                + ReactLoop.run(transcript -> lines.get((int) transcript.lines().count() / 2), tools, 3)
                        .orElse("none"));
    }
}
