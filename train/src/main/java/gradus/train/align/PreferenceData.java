package gradus.train.align;

import static gradus.error.ConfigException.require;

import gradus.error.DataException;
import gradus.layers.loss.alignment.PreferenceLoss;
import gradus.tensor.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.chat.ChatTemplate;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.TrainConfig;
import gradus.train.finetune.ChatBase;
import gradus.train.finetune.OpenBase;
import gradus.train.finetune.Tuned;
import gradus.train.finetune.TuningData;
import gradus.train.instruct.ChatFormat;
import gradus.train.preference.DirectPreference;
import gradus.train.preference.Preference;
import gradus.train.preference.PreferenceEncoder;
import gradus.train.preference.PreferenceFile;
import gradus.train.preference.PreferencePairs;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.task.Examples;
import gradus.train.task.LanguageModelling.Sizes;
import gradus.train.task.Task;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;

/// Pairs of answers, of which a model learns to give the better one: direct preference optimisation and its
/// relatives.
public final class PreferenceData implements TuningData {
    private final List<Preference> preferences = new ArrayList<>();
    private final ChatFormat format;
    private final Settings settings;
    private final Consumer<String> say;

    /// @param loss           which loss
    /// @param beta           β of the loss
    /// @param labelSmoothing ε of the loss
    /// @param heldOut        the share of pairs that is only measured, in [0, 1)
    public record Settings(PreferenceLoss loss, double beta, double labelSmoothing, double heldOut) {
        /// @throws gradus.error.ConfigException if a number is out of range
        public Settings {
            new DirectPreference.Settings(new Sizes(1, 1), loss, beta, labelSmoothing); // it checks them
            require(heldOut >= 0 && heldOut < 1, "the part to hold out must be in [0, 1); got %s", heldOut);
        }
    }

    /// @param files  JSONL, see [PreferenceFile]
    /// @param format how conversations are written; null for the base's own chat template
    /// @param say    hears what was read
    /// @throws DataException naming file and line of a row that is no pair, or if there is none
    public PreferenceData(List<Path> files, ChatFormat format, Settings settings, Consumer<String> say) {
        this.format = format;
        this.settings = settings;
        this.say = say;
        files.forEach(file -> preferences.addAll(PreferenceFile.read(file)));
        if (preferences.isEmpty()) {
            throw new DataException(files.getFirst() + ": there is no pair of answers to learn from");
        }
    }

    private boolean areChats() {
        return preferences.stream().anyMatch(Preference.Chat.class::isInstance);
    }

    @Override
    public OpenBase base(OpenBase base) {
        return areChats() ? ChatBase.of(base, format) : base;
    }

    @Override
    public Task task(Tuned tuned, OpenBase base, TrainConfig train, Path folder) {
        Tokenizer tokenizer = base.saved().text().tokenizer();
        ChatTokens.Encoder chats = areChats() ? ChatTokens.of(ChatTemplate.of(tokenizer.roles()), tokenizer) : null;
        PreferencePairs all = new PreferenceEncoder(tokenizer, chats).encode(preferences);
        Rng rng = Rng.of(train.loop().seed());
        List<Integer> order = fitting(all, tuned.model().context(), rng.at("held out"));
        int held = settings.heldOut == 0 ? 0 : Math.max(1, (int) Math.round(settings.heldOut * order.size()));
        if (order.size() <= held) {
            throw new DataException("of %s pairs of answers, %s fit in the base's context of %s: too few to learn from"
                    .formatted(all.count(), order.size(), tuned.model().context()));
        }
        PreferencePairs heldOut = some(all, order.subList(0, held));
        PreferencePairs learned = some(all, order.subList(held, order.size()));
        say.accept(String.format(
                Locale.ROOT,
                "%,d pairs of answers are learned and %,d held out; %,d are longer than the context",
                learned.count(),
                held,
                all.count() - order.size()));
        return new DirectPreference(
                tuned.model(),
                learned,
                heldOut,
                new DirectPreference.Settings(train.batches(), settings.loss, settings.beta, settings.labelSmoothing),
                rng.at("batches"));
    }

    /// The numbers of pairs whose answers fit in the context, shuffled.
    private static List<Integer> fitting(PreferencePairs pairs, int context, Rng rng) {
        List<Integer> order = new ArrayList<>();
        for (int pair = 0; pair < pairs.count(); pair++) {
            if (Math.max(pairs.chosen().length(pair), pairs.rejected().length(pair)) <= context) {
                int place = rng.index(pair, order.size() + 1); // Fisher and Yates, inside out
                order.add(pair);
                order.set(order.size() - 1, order.get(place));
                order.set(place, pair);
            }
        }
        return order;
    }

    private static PreferencePairs some(PreferencePairs all, List<Integer> which) {
        PreferencePairs some = new PreferencePairs();
        for (int pair : which) {
            some.add(
                    all.chosen().ids(pair),
                    marks(all.chosen(), pair),
                    all.rejected().ids(pair),
                    marks(all.rejected(), pair),
                    all.margin(pair));
        }
        return some;
    }

    private static boolean[] marks(Examples answers, int pair) {
        boolean[] marks = new boolean[answers.length(pair)];
        for (int i = 0; i < marks.length; i++) {
            marks[i] = answers.learned(pair, i);
        }
        return marks;
    }

    /// Writes the tokenizer with the chat template, which an adapter's files do not hold.
    @Override
    public void save(Path out, OpenBase base) {
        if (areChats()) {
            HuggingFaceFolder.saveTokenizer(
                    out,
                    base.saved().text().tokenizer(),
                    base.saved().generation(),
                    base.model().context());
        }
    }
}
