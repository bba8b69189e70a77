package gradus.lessons.prompting;

import gradus.lessons.learn.exercise.Lesson;
import gradus.lessons.learn.picture.LinePlot;
import gradus.tensor.random.Rng;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Prompts made of parts: places, examples, and what they do to the answers.
public final class PromptingLesson {
    private static final List<String> QUESTIONS = List.of(
            "What is the capital of France?",
            "What is the plural of mouse?",
            "What is the capital of Peru?",
            "Who wrote the play Hamlet?",
            "What is the plural of goose?",
            "How much is two and three?");
    private static final List<String> ANSWERS = List.of("Paris", "mice", "Lima", "Shakespeare", "geese", "five");

    private PromptingLesson() {}

    public static Lesson lesson() {
        return Lesson.of(
                "Prompts and their examples",
                PromptingLesson.class,
                FillTemplateExercise.exercise(),
                NearestExamplesExercise.exercise(),
                CalibrateLabelsExercise.exercise());
    }

    public static void main(String[] arguments) {
        templates();
        examples(4, 2);
        examples(2, 2);
        calibration();
    }

    private static void templates() {
        String template = "Answer in one word.\nQ: {question}\nA:";
        System.out.println(FillTemplate.fill(template, Map.of("question", "What does {x} mean in a template?")));
        try {
            FillTemplate.fill(template, Map.of("Question", "Who wrote Hamlet?"));
        } catch (IllegalArgumentException e) {
            System.out.println("refused: " + e.getMessage());
        }
    }

    private static void examples(int question, int k) {
        String[] words = QUESTIONS.stream()
                .flatMap(each -> Arrays.stream(words(each)))
                .distinct()
                .toArray(String[]::new);
        double[][] vectors = new double[QUESTIONS.size()][words.length];
        for (int i = 0; i < vectors.length; i++) {
            List<String> own = List.of(words(QUESTIONS.get(i)));
            for (int w = 0; w < words.length; w++) {
                vectors[i][w] = own.contains(words[w]) ? 1 : 0;
            }
        }
        for (int i : NearestExamples.choose(vectors, question, k)) {
            System.out.println("Q: " + QUESTIONS.get(i) + "\nA: " + ANSWERS.get(i));
        }
        System.out.println("Q: " + QUESTIONS.get(question) + "\nA:\n");
    }

    private static String[] words(String question) {
        return question.toLowerCase(Locale.ROOT).replace("?", "").split(" ");
    }

    /// 4,000 questions with two labels, as often right as wrong. What a question says is in ±1.5 and noise;
    /// what the prompt favours is added to it.
    private static void calibration() {
        double[] biases = new double[17];
        double[] plain = new double[17];
        double[] calibrated = new double[17];
        for (int b = 0; b < biases.length; b++) {
            biases[b] = b / 4.0;
            Rng rng = Rng.of(3);
            double[][] free = new double[3][];
            for (int i = 0; i < free.length; i++) {
                free[i] = probabilities(biases[b] + 0.3 * rng.at("free").gaussian(i));
            }
            int questions = 4000;
            for (int i = 0; i < questions; i++) {
                int label = i % 2;
                double[] p = probabilities(
                        (label == 1 ? 1.5 : -1.5) + biases[b] + rng.at("noise").gaussian(i));
                plain[b] += (p[1] > p[0] ? 1 : 0) == label ? 100.0 / questions : 0;
                double[] q = CalibrateLabels.calibrate(p, free);
                calibrated[b] += (q[1] > q[0] ? 1 : 0) == label ? 100.0 / questions : 0;
            }
            if (b % 4 == 0) {
                System.out.printf(
                        Locale.ROOT,
                        "%.0f in favour of yes: N/A gets yes with %.2f; right %.0f %%, calibrated %.0f %%%n",
                        biases[b],
                        free[0][1],
                        plain[b],
                        calibrated[b]);
            }
        }
        LinePlot.of("answers that are right", "what the prompt adds to the logit of yes", "%")
                .line("as they are", biases, plain)
                .line("calibrated", biases, calibrated)
                .save("prompting-bias");
    }

    /// Of no and yes.
    private static double[] probabilities(double logit) {
        double yes = 1 / (1 + Math.exp(-logit));
        return new double[] {1 - yes, yes};
    }
}
