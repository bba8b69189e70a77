package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.incontext.Training;
import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.option.LabProgress;
import gradus.lessons.prompt.CompletionOptions;
import gradus.lessons.prompt.Exchange;
import gradus.lessons.prompt.RecordedModel;
import gradus.lessons.prompt.TextModel;
import gradus.lessons.prompt.answer.AnswerExtractor;
import gradus.lessons.prompt.demonstration.Demonstration;
import gradus.lessons.prompt.demonstration.Selection;
import gradus.lessons.prompt.method.FewShotChain;
import gradus.lessons.prompt.method.ZeroShotChain;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.normalize.NoNormalizer;
import gradus.tokenizer.pretokenize.Qwen2PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.HuggingFaceTies;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A model that learns from demonstrations what words mean, in a world that is another one in every lesson. It
/// learns what a teacher writes in the prompts of [FewShotChain], with up to so many demonstrations, and of
/// [ZeroShotChain].
///
/// @param size     of the model
/// @param training of it
/// @param batch    lessons of a step
/// @param most     demonstrations of a lesson
record RuleLearnerRecipe(PupilSize size, Training training, int batch, int most) implements Recipe {
    private static final int VOCABULARY = 330;
    private static final int CORPUS = 40; // lessons that the tokenizer sees
    private static final int TOKENS = 40; // of a chain
    private static final double ZERO_SHOT = 0.3; // of the lessons
    private static final double SHOWN = 0.7; // of questions show what their word does

    /// @throws gradus.error.ConfigException if there is no lesson or no demonstration
    RuleLearnerRecipe {
        require(batch >= 1 && most >= 1, "batch and most must be at least 1; got %d and %d", batch, most);
    }

    /// Two layers of 64 channels, up to 4 demonstrations.
    static RuleLearnerRecipe standard() {
        return new RuleLearnerRecipe(new PupilSize(256, 2, 64), new Training(350, 4e-3), 24, 4);
    }

    @Override
    public String name() {
        return "rule-learner";
    }

    /// A chain of thought without demonstrations, as this model has learned it.
    static ZeroShotChain zeroShot(TextModel model) {
        return new ZeroShotChain(model, AnswerExtractor.number()).withOptions(options());
    }

    /// A chain of thought with demonstrations.
    static FewShotChain fewShot(TextModel model, List<Demonstration> shown) {
        return new FewShotChain(model, Selection.all(shown), AnswerExtractor.number(), options());
    }

    private static CompletionOptions options() {
        return CompletionOptions.defaults().withMaxTokens(TOKENS);
    }

    @Override
    public Map<String, ?> train(Path folder, long seed, Consumer<String> say) {
        Rng rng = Rng.of(seed).at(name());
        Rng lessons = rng.at("lessons");
        Pupil pupil = new Pupil(tokenizer(lessons), size, rng.at("weights"));
        pupil.learn(step -> batch(lessons.at(step)), training, seed, new LabProgress(training.steps(), say));
        pupil.save(folder);
        return Map.of();
    }

    private Tokenizer tokenizer(Rng rng) {
        String corpus = IntStream.range(0, CORPUS)
                .mapToObj(i -> lessons(rng.at("corpus").at(i)))
                .flatMap(List::stream)
                .map(lesson -> lesson.prompt() + lesson.answer())
                .collect(Collectors.joining("\n"));
        return new BpeTrainer(new BpeTrainerOptions(
                        VOCABULARY,
                        0,
                        List.of("<|endoftext|>"),
                        new Qwen2PreTokenizer(),
                        new NoNormalizer(),
                        new HuggingFaceTies()))
                .train(corpus);
    }

    private List<Lesson> batch(Rng rng) {
        List<Lesson> all = new ArrayList<>();
        for (int i = 0; all.size() < batch; i++) {
            all.addAll(lessons(rng.at(i)));
        }
        return all.subList(0, batch);
    }

    /// Of a world of its own.
    List<Lesson> lessons(Rng rng) {
        RuleWorld world = RuleWorld.of(rng.at("world"));
        RecordedModel teacher = new RecordedModel(world);
        if (rng.uniform(0) < ZERO_SHOT) {
            zeroShot(teacher).ask(question(world, rng.at("asked")));
        } else {
            List<Demonstration> shown = new ArrayList<>();
            int count = 1 + rng.index(1, most);
            for (int i = 0; i < count; i++) {
                shown.add(world.demonstration(question(world, rng.at("shown").at(i))));
            }
            String word = RuleWorld.WORDS.get(rng.index(2, RuleWorld.WORDS.size()));
            fewShot(teacher, shown).ask(RuleWorld.plain(word, rng.at("asked")));
        }
        List<Lesson> lessons = new ArrayList<>();
        for (Exchange each : teacher.transcript()) {
            String end = each.prompt().endsWith(ZeroShotChain.CLOSING) ? "\n" : "\n\nQ:";
            lessons.add(new Lesson(each.prompt(), each.answer() + end));
        }
        return lessons;
    }

    private static String question(RuleWorld world, Rng rng) {
        String word = RuleWorld.WORDS.get(rng.index(2, RuleWorld.WORDS.size()));
        return rng.uniform(3) < SHOWN ? world.shown(word, rng) : RuleWorld.plain(word, rng);
    }
}
