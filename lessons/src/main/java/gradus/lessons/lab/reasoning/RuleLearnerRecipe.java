package gradus.lessons.lab.reasoning;

import static gradus.error.ConfigException.require;

import gradus.lessons.lab.material.Recipe;
import gradus.lessons.lab.material.Training;
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
/// [ZeroShotChain]. First come, by turns, rules alone, in which each word comes again, so that looking up is
/// learned; and single questions that show what their word adds, so that working it out is.
///
/// @param size  of the model
/// @param first training on rules alone and on single questions
/// @param then  training on prompts
/// @param batch lessons of a step
/// @param most  demonstrations of a lesson
record RuleLearnerRecipe(PupilSize size, Training first, Training then, int batch, int most) implements Recipe {
    private static final int VOCABULARY = 330;
    private static final int CORPUS = 40; // lessons that the tokenizer sees
    private static final int TOKENS = 40; // of a chain
    private static final double ZERO_SHOT = 0.4; // of the lessons
    private static final int RULES = 24; // of a first lesson
    private static final double SHOWN = 0.7; // of questions show what their word does

    /// @throws gradus.error.ConfigException if there is no lesson or no demonstration
    RuleLearnerRecipe {
        require(batch >= 1 && most >= 1, "batch and most must be at least 1; got %d and %d", batch, most);
    }

    /// Two layers of 64 channels, up to 4 demonstrations.
    static RuleLearnerRecipe standard() {
        return new RuleLearnerRecipe(
                new PupilSize(256, 2, 64), new Training(600, 4e-3), new Training(200, 4e-3), 32, 4);
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
        pupil.learn(
                step -> first(lessons.at("first").at(step), step), first, seed, new LabProgress(first.steps(), say));
        pupil.learn(step -> batch(lessons.at(step)), then, seed, new LabProgress(then.steps(), say));
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

    private List<Lesson> first(Rng rng, int step) {
        if (step % 2 == 0) {
            return rules(rng);
        }
        List<Lesson> all = new ArrayList<>();
        for (int i = 0; all.size() < batch; i++) {
            Rng own = rng.at(i);
            RuleWorld world = RuleWorld.of(own.at("world"));
            String word = RuleWorld.WORDS.get(own.index(2, RuleWorld.WORDS.size()));
            RecordedModel teacher = new RecordedModel(world);
            zeroShot(teacher).ask(world.shown(word, own));
            all.addAll(written(teacher));
        }
        return all.subList(0, batch);
    }

    private List<Lesson> rules(Rng rng) {
        List<Lesson> all = new ArrayList<>();
        for (int i = 0; i < batch; i++) {
            RuleWorld world = RuleWorld.of(rng.at(i).at("world"));
            StringBuilder lines = new StringBuilder();
            for (int j = 0; j < RULES; j++) {
                String word = RuleWorld.WORDS.get(rng.at(i).index(j, RuleWorld.WORDS.size()));
                lines.append(" ").append(world.rule(word)).append(".");
            }
            all.add(new Lesson("\n", lines.toString()));
        }
        return all;
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
        return written(teacher);
    }

    /// What a teacher has written, and what ends it.
    private static List<Lesson> written(RecordedModel teacher) {
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
