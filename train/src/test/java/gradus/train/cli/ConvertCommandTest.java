package gradus.train.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import gradus.layers.Layer;
import gradus.layers.adapter.Quantization;
import gradus.layers.model.Bert;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.BertMaskedLm;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Mixtral;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.mask.KeyMask;
import gradus.tensor.random.Rng;
import gradus.tensor.type.Indices;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.format.Tokenizers;
import gradus.train.checkpoint.Gguf;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.pretrained.gguf.GgufModel;
import gradus.train.pretrained.gguf.GgufPooling;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `gradus convert` between folders and GGUF files, of models that `train` does not make.
class ConvertCommandTest {
    private static final BertConfig BERT = new BertConfig(20, 16, 2, 2, 4, 64, 96, 0, 1e-12);
    private static final List<String> PIECES =
            List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "whale", "##s", "w", "##h", "##ale", "e", ",");

    @TempDir
    private Path folder;

    private Path hf;
    private Path gguf;
    private Path back;

    @BeforeEach
    void paths() throws IOException {
        hf = Files.createDirectory(folder.resolve("hf"));
        gguf = folder.resolve("model.gguf");
        back = folder.resolve("back");
    }

    private static String convert(Path from, Path to, String... more) {
        String[] arguments = new String[3 + more.length];
        arguments[0] = "convert";
        arguments[1] = from.toString();
        arguments[2] = to.toString();
        System.arraycopy(more, 0, arguments, 3, more.length);
        Cli cli = Cli.run(arguments);
        assertThat(cli.code()).as(cli.err()).isZero();
        return cli.err();
    }

    private Tokenizer words() throws IOException {
        Path own = Files.createDirectory(folder.resolve("words"));
        Files.write(own.resolve("vocab.txt"), PIECES);
        Files.writeString(own.resolve("tokenizer_config.json"), """
                {"tokenizer_class": "BertTokenizer", "do_lower_case": true}""");
        return Tokenizers.load(own);
    }

    private static double[] states(Layer bert) {
        Indices ids = Indices.of(2, 5, 6, 7, 3).reshape(1, 5);
        return ((BertEncoder) bert)
                .forward(ids, Indices.of(0, 0, 0, 1, 1).reshape(1, 5), KeyMask.full())
                .toArray();
    }

    @Test
    void bertGoesBothWays() throws IOException {
        Bert bert = new Bert(BERT, Rng.of(3));
        bert.eval();
        HuggingFaceFolder.save(hf, bert, words());
        Files.writeString(hf.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"}]""");
        Files.writeString(Files.createDirectory(hf.resolve("1_Pooling")).resolve("config.json"), """
                {"word_embedding_dimension": 64, "pooling_mode_mean_tokens": true}""");

        assertThat(convert(hf, gguf)).contains("written: " + gguf);
        GgufModel read = GgufModel.read(gguf);
        assertThat(read.pooling()).isEqualTo(GgufPooling.MEAN);
        assertThat(states(read.model())).isEqualTo(states(bert));
        assertThat(Files.readString(folder.resolve("Modelfile"))).isEqualTo("FROM ./model.gguf\n");

        assertThat(convert(gguf, back)).contains("left out: pooling MEAN");
        assertThat(states(HuggingFaceFolder.loadBert(back))).isEqualTo(states(bert));
        assertThat(SentenceEmbedding.load(back).embed("The whales, the"))
                .isEqualTo(SentenceEmbedding.load(hf).embed("The whales, the"));
        Path again = folder.resolve("again.gguf");
        convert(gguf, again, "--type", "q8_0");
        assertThat(GgufModel.read(again).pooling()).isEqualTo(GgufPooling.MEAN);
        Cli.run("sample", "--run", gguf.toString()).assertOneLine(1, "is no model that predicts the next token");
    }

    @Test
    void theHeadThatPredictsMaskedTokensIsLeftOutAloud() throws IOException {
        BertMaskedLm masked = new BertMaskedLm(BERT, Rng.of(3));
        masked.eval();
        HuggingFaceFolder.save(hf, masked, words());
        assertThat(convert(hf, gguf)).contains("left out: the head that predicts masked tokens");
        GgufModel read = GgufModel.read(gguf);
        assertThat(read.pooling()).isNull();
        assertThat(states(read.model())).isEqualTo(states(masked.encoder()));
    }

    private static Tokenizer bytes() throws URISyntaxException {
        return Tokenizers.load(Path.of(ConvertCommandTest.class
                .getResource("/gradus/train/pretrained/llama_tokenizer")
                .toURI()));
    }

    @Test
    void mixtralGoesBothWays() throws URISyntaxException {
        LlamaConfig config = LlamaConfig.of(64, 4, 2)
                .withVocabSize(300)
                .withContext(16)
                .withKvHeads(2)
                .withHidden(96);
        Mixtral mixtral = new Mixtral(config, 3, 2, Rng.of(4));
        mixtral.eval();
        HuggingFaceFolder.save(hf, mixtral, bytes());
        convert(hf, gguf);
        assertThat(Gguf.open(gguf).size("llama.expert_count")).isEqualTo(3);
        convert(gguf, back);
        Indices ids = Indices.of(1, 50, 7, 200, 3).reshape(1, 5);
        double[] logits = mixtral.forward(ids).toArray();
        assertThat(((LanguageModel) GgufModel.read(gguf).model()).forward(ids).toArray())
                .isEqualTo(logits);
        assertThat(HuggingFaceFolder.loadMixtral(back).forward(ids).toArray()).isEqualTo(logits);
    }

    /// Several ends stand in generation_config.json only, beside the tokenizer's own, 0; there and back none
    /// is lost.
    @Test
    void f7_everyEndOfAFolderReachesTheFileAndTheModelfile() throws IOException, URISyntaxException {
        LlamaConfig config = LlamaConfig.of(64, 4, 1)
                .withVocabSize(300)
                .withContext(16)
                .withKvHeads(2)
                .withHidden(96);
        Mixtral mixtral = new Mixtral(config, 3, 2, Rng.of(4));
        HuggingFaceFolder.save(hf, mixtral, bytes());
        Files.writeString(hf.resolve("generation_config.json"), """
                {"bos_token_id": 268, "eos_token_id": [269, 267], "do_sample": true, "temperature": 0.6,
                 "top_p": 0.9, "num_beams": 3, "stop_strings": ["User: \\"", "\\u0007"]}""");
        Files.writeString(
                hf.resolve("config.json"),
                Files.readString(hf.resolve("config.json"))
                        .replaceAll("\"eos_token_id\" : [^,}]*", "\"eos_token_id\" : [269, 267]"));
        String said = convert(hf, gguf);
        assertThat(said).contains("a search by 3 beams").contains("PARAMETER stop \\u0007");
        assertThat(GgufModel.read(gguf).tokenizer().roles().eos()).containsExactly(0, 269, 267);
        assertThat(Files.readString(folder.resolve("Modelfile")))
                .contains("PARAMETER temperature 0.6\n")
                .contains("PARAMETER top_k 50\n")
                .contains("PARAMETER top_p 0.9\n")
                .contains("PARAMETER stop User: \"\n");
        convert(gguf, back);
        assertThat(Files.readString(back.resolve("generation_config.json")).replaceAll("\\s", ""))
                .contains("\"eos_token_id\":[0,269,267]");
        Files.writeString(hf.resolve("generation_config.json"), "{\"eos_token_id\": [269, 267, 266]}");
        Cli.run("convert", hf.toString(), gguf.toString(), "--overwrite")
                .assertOneLine(1, "can name 3 tokens that end a text", "[0, 269, 267, 266]");
    }

    /// To 4 bits, where the folder says so and is read so, and from there to a GGUF file.
    @Test
    void aFolderGoesToFourBitsAndOn() throws IOException {
        Bert bert = new Bert(BERT, Rng.of(3));
        bert.eval();
        HuggingFaceFolder.save(hf, bert, words());
        assertThat(convert(hf, back, "--quantize", "nf4-double"))
                .contains("quantised to nf4-double: 13 linear layers; embeddings and head stay float32");
        Layer read = HuggingFaceFolder.load(back);
        assertThat(Quantization.matrices(read)).hasSize(13);
        double[] quantized = states(read);
        assertThat(convert(back, gguf)).contains("dequantised first: ").contains("which this file stores as f32");
        double[] widened = states(GgufModel.read(gguf).model());
        for (int i = 0; i < quantized.length; i++) {
            assertThat(widened[i]).isCloseTo(quantized[i], within(1e-4)); // the same weights, summed in another order
        }
        Cli wrong = Cli.run("convert", hf.toString(), folder.resolve("x.gguf").toString(), "--quantize", "nf4");
        assertThat(wrong.code()).isEqualTo(2);
        assertThat(wrong.err()).contains("--quantize is for a Hugging Face folder; a GGUF file takes --type q8_0");
        Cli unknown = Cli.run("convert", hf.toString(), folder.resolve("x").toString(), "--quantize", "nf5");
        assertThat(unknown.code()).isEqualTo(2);
        assertThat(unknown.err()).contains("the format must be one of nf4-double, nf4; got nf5");
    }
}
