package gradus.train.finetune;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import gradus.error.DataException;
import gradus.error.UsageException;
import gradus.layers.adapter.LoraConfig;
import gradus.layers.adapter.Targets;
import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.TrainConfig;
import gradus.train.corpus.Corpus;
import gradus.train.instruct.ChatFormat;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.peft.PeftFolder;
import gradus.train.pretrained.peft.SoftPromptFolder;
import gradus.train.run.text.BitsPerByte;
import gradus.train.task.InstructionTuning;
import gradus.train.task.LanguageModelling;
import gradus.train.task.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a base is tuned on, and what of it is saved.
class TuningDataTest {
    private static final Tokenizer TOKENIZER = new BpeTrainer(BpeTrainerOptions.of(260)).train("the cat sees the dog");
    private static final LoraConfig LORA =
            LoraConfig.of(Targets.named(List.of("q_proj"))).withR(2);
    private static final int CONTEXT = 8;

    @TempDir
    Path folder;

    private OpenBase base;

    @BeforeEach
    void save() {
        base = base(CONTEXT);
    }

    private OpenBase base(int context) {
        LlamaConfig sizes = LlamaConfig.of(16, 2, 1)
                .withHidden(24)
                .withVocabSize(TOKENIZER.vocabularySize())
                .withContext(context);
        Path path = folder.resolve("base-" + context);
        HuggingFaceFolder.save(path, new Llama(sizes, Rng.of(1)).eval(), TOKENIZER);
        return OpenBase.of(path);
    }

    private TextData text(String training, String validation) {
        return new TextData(Corpus.ofLines(List.of(), List.of(training), List.of(validation)));
    }

    private Task task(TuningData data) {
        return data.task(new FullTuning().on(base, Rng.of(2)), base, TrainConfig.defaults(), folder);
    }

    /// Letters are a token each, and so is a line's end.
    @Test
    void bothPartsOfATextFillAContext() {
        String enough = "x".repeat(CONTEXT); // and the end of the line
        assertThat(task(text(enough, enough))).isInstanceOf(LanguageModelling.class);
        assertThatThrownBy(() -> task(text(enough.substring(1), enough)))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the training part has 8 tokens");
        assertThatThrownBy(() -> task(text(enough, enough.substring(1))))
                .isInstanceOf(DataException.class)
                .hasMessageContaining("the validation part has 8 tokens");
    }

    /// Bits per byte are known once the text is cut into tokens.
    @Test
    void bitsAreThoseOfTheText() {
        TextData data = text("x".repeat(20), "x".repeat(20));
        assertThat(data.bits()).isEqualTo(BitsPerByte.UNKNOWN);
        task(data);
        assertThat(data.bits().known()).isTrue();
        TuningData other = (tuned, opened, train, out) -> null;
        assertThat(other.bits()).isEqualTo(BitsPerByte.UNKNOWN);
        assertThat(other.base(base)).isSameAs(base);
    }

    @Test
    void conversationsHaveRowsTogetherOrAlone() throws IOException {
        Path file = Files.writeString(
                folder.resolve("chats.jsonl"),
                ("{\"messages\": [{\"role\": \"user\", \"content\": \"a\"},"
                                + " {\"role\": \"assistant\", \"content\": \"b\"}]}\n")
                        .repeat(40));
        List<String> said = new ArrayList<>();
        InstructionData.Settings settings = InstructionData.Settings.defaults().withPlaces(64);
        assertThat(settings.packed()).isTrue();
        var data = new InstructionData(List.of(file), ChatFormat.PLAIN, settings, said::add);
        OpenBase chat = data.base(base(80));
        assertThat(chat.saved().text().tokenizer().roles().chatTemplate()).isPresent();
        Tuned whole = new FullTuning().on(chat, Rng.of(2));
        Task packed = data.task(whole, chat, TrainConfig.defaults(), folder);
        assertThat(packed).isInstanceOf(InstructionTuning.class);
        assertThat(said).hasSize(2).last().asString().contains(" rows of 64 places an epoch");
        int together = ((InstructionTuning) packed).load().rows();
        var alone = new InstructionData(List.of(file), ChatFormat.PLAIN, settings.withPacked(false), said::add);
        Task rows = alone.task(whole, chat, TrainConfig.defaults(), folder);
        assertThat(((InstructionTuning) rows).load().rows()).isGreaterThan(together);
        // a prefix stands before each row, so conversations cannot share one
        said.clear();
        Tuned prefix = new PrefixTuning(2, new PromptStart.Random()).on(chat, Rng.of(2));
        data.task(prefix, chat, TrainConfig.defaults(), folder);
        assertThat(said).hasSize(3).element(1).asString().contains("cannot share one");
        data.save(folder.resolve("out"), chat);
        assertThat(Tokenizers.load(folder.resolve("out")).roles().chatTemplate())
                .contains(ChatFormat.PLAIN.template());
    }

    @Test
    void eachMethodWritesWhatItLearnt() {
        Path out = folder.resolve("out");
        new AdapterTuning(LORA, 1).on(base, Rng.of(2)).save(out.resolve("lora"), base);
        assertThat(out.resolve("lora/adapter_model.safetensors")).isRegularFile();
        assertThat(PeftFolder.trainedTokens(out.resolve("lora"))).isEmpty();
        OpenBase again = OpenBase.of(base.path());
        new PromptTuning(2, new PromptStart.Random()).on(again, Rng.of(2)).save(out.resolve("prompt"), again);
        assertThat(SoftPromptFolder.is(out.resolve("prompt"))).isTrue();
        assertThat(SoftPromptFolder.is(out.resolve("lora"))).isFalse();
        new FullTuning().on(again, Rng.of(2)).save(out.resolve("full"), again);
        assertThat(OpenBase.of(out.resolve("full/model"))
                        .model()
                        .namedParameters()
                        .keySet())
                .isEqualTo(again.model().namedParameters().keySet());
    }

    @Test
    void whatFollowsFitsTheMethod() {
        Tuned lora = new AdapterTuning(LORA, 1).on(base, Rng.of(2));
        for (String steps : List.of("merge,gguf", "merge,hf", "adapter-gguf,modelfile")) {
            assertThatCode(() -> Then.of(steps).requireFits(base, lora)).doesNotThrowAnyException();
        }
        refused("gguf", lora, "an adapter is merged before hf or gguf; begin with merge");
        refused("hf", lora, "an adapter is merged before hf or gguf; begin with merge");
        OpenBase other = OpenBase.of(base.path());
        Tuned full = new FullTuning().on(other, Rng.of(2));
        for (String steps : List.of("gguf", "hf")) {
            assertThatCode(() -> Then.of(steps).requireFits(other, full)).doesNotThrowAnyException();
        }
        refused("merge,hf", full, "--method full has nothing to merge; begin with hf or gguf");
        refused("adapter-gguf", full, "--method full has no adapter for adapter-gguf");
        Tuned prompt = new PromptTuning(2, new PromptStart.Random()).on(OpenBase.of(base.path()), Rng.of(2));
        refused("hf", prompt, "what this method learns cannot be merged or exported");
        assertThatCode(() -> Then.of(null).requireFits(base, prompt)).doesNotThrowAnyException();
    }

    /// A head that shares the table would change with it; a matrix that is trained as a whole is no LoRA.
    @Test
    void whatFollowsFitsTheAdapter() {
        LlamaConfig tied = LlamaConfig.of(16, 2, 1)
                .withHidden(24)
                .withVocabSize(TOKENIZER.vocabularySize())
                .withContext(CONTEXT)
                .withTied(true);
        Path path = folder.resolve("tied");
        HuggingFaceFolder.save(path, new Llama(tied, Rng.of(1)).eval(), TOKENIZER);
        OpenBase shared = OpenBase.of(path);
        Tuned table =
                new AdapterTuning(LORA.withTargets(Targets.named(List.of("embed_tokens"))), 1).on(shared, Rng.of(2));
        assertThatThrownBy(() -> Then.of("merge,hf").requireFits(shared, table))
                .isInstanceOf(UsageException.class)
                .hasMessageStartingWith("--then: the adapter changes the token table, which this model's head shares");
        Tuned whole = new AdapterTuning(LORA.withModulesToSave("lm_head"), 1).on(base, Rng.of(2));
        assertThatThrownBy(() -> Then.of("adapter-gguf").requireFits(base, whole))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("llama.cpp cannot replace lm_head.weight by an adapter's");
        assertThatCode(() -> Then.of("merge,gguf").requireFits(base, whole)).doesNotThrowAnyException();
    }

    private void refused(String steps, Tuned tuned, String message) {
        assertThatThrownBy(() -> Then.of(steps).requireFits(base, tuned))
                .isInstanceOf(UsageException.class)
                .hasMessage("--then: " + message);
    }
}
