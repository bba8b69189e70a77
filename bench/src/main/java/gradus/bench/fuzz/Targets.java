package gradus.bench.fuzz;

import gradus.error.GradusException;
import gradus.layers.model.BertEncoder;
import gradus.layers.model.Gpt;
import gradus.layers.model.LanguageModel;
import gradus.layers.model.Llama;
import gradus.layers.model.config.BertConfig;
import gradus.layers.model.config.GptConfig;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.Scope;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.CharTokenizer;
import gradus.tokenizer.Tokenizer;
import gradus.tokenizer.WordPiece;
import gradus.tokenizer.corpus.TokenFile;
import gradus.tokenizer.corpus.TokenFileWriter;
import gradus.tokenizer.format.Gpt2Files;
import gradus.tokenizer.format.TiktokenFile;
import gradus.tokenizer.format.Tokenizers;
import gradus.tokenizer.pretokenize.Gpt2PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.tokenizer.train.WordPieceLikelihoodTrainer;
import gradus.tokenizer.train.WordPieceTrainerOptions;
import gradus.train.checkpoint.GgufType;
import gradus.train.checkpoint.OnnxWeights;
import gradus.train.checkpoint.Safetensors;
import gradus.train.checkpoint.SafetensorsWriter;
import gradus.train.checkpoint.ShardedSafetensors;
import gradus.train.checkpoint.TensorSource;
import gradus.train.pretrained.GenerationConfig;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.pretrained.SentenceEmbedding;
import gradus.train.pretrained.gguf.GgufModel;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/// Every reader, with a small sound folder that the library itself wrote, as far as it writes such files.
final class Targets {
    private static final String TEXT =
            "the quick brown fox jumps over the lazy dog and 12 more; the whale lives in the sea, \u00e9\u00e8 \u7a7a";

    private final Path folder;
    private final List<Target> targets = new ArrayList<>();
    private final ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(280)).train(TEXT);
    private final WordPiece wordPiece = new WordPieceLikelihoodTrainer(WordPieceTrainerOptions.of(60)).train(TEXT);
    private final Llama llama = new Llama(
            LlamaConfig.of(8, 2, 2)
                    .withVocabSize(bpe.vocabularySize())
                    .withContext(16)
                    .withHidden(12),
            Rng.of(1));

    private Targets(Path folder) {
        this.folder = folder;
    }

    /// @param folder where the sound files are made
    static List<Target> all(Path folder) throws IOException {
        Targets all = new Targets(folder);
        all.weights();
        all.models();
        all.tokenizers();
        all.runs();
        return all.targets;
    }

    /// What makes a folder's files.
    private interface Maker {
        void make(Path own) throws IOException;
    }

    private void add(String name, Maker maker, Target.Reader reader) throws IOException {
        Path own = Files.createDirectories(folder.resolve("sound-" + name));
        maker.make(own);
        SequencedMap<String, byte[]> files = new LinkedHashMap<>();
        Set<String> texts = new TreeSet<>();
        try (Stream<Path> all = Files.walk(own)) {
            for (Path file : all.filter(Files::isRegularFile).sorted().toList()) {
                String path = own.relativize(file).toString();
                files.put(path, Files.readAllBytes(file));
                if (path.matches(".*\\.(json|jsonl|txt|tiktoken)")) {
                    texts.add(path);
                }
            }
        }
        targets.add(new Target(name, files, texts, name.startsWith("run") || name.equals("resume"), reader));
    }

    private static void readAll(TensorSource source) {
        for (String tensor : source.names()) {
            try (var scope = Scope.open()) {
                source.read(tensor);
            }
        }
    }

    private void weights() throws IOException {
        add(
                "safetensors",
                own -> SafetensorsWriter.write(
                        own.resolve("model.safetensors"), llama.state(), SafetensorsWriter.METADATA),
                own -> readAll(Safetensors.open(own.resolve("model.safetensors"))));
        add("sharded", this::shards, own -> readAll(ShardedSafetensors.open(own.resolve(ShardedSafetensors.INDEX))));
        add(
                "onnx",
                own -> Files.write(own.resolve("model.onnx"), OnnxSample.file()),
                own -> readAll(OnnxWeights.open(own.resolve("model.onnx"))));
        add(
                "gguf",
                own -> new GgufModel(llama, bpe).write(own.resolve("model.gguf"), GgufType.F32),
                own -> GgufModel.read(own.resolve("model.gguf")));
        add("gguf-gpt2", this::gpt2, own -> GgufModel.read(own.resolve("model.gguf")));
    }

    private void shards(Path own) throws IOException {
        StringBuilder map = new StringBuilder();
        int i = 0;
        for (var tensor : llama.state().entrySet()) {
            String file = "model-%d.safetensors".formatted(i++ % 2);
            SequencedMap<String, gradus.tensor.Tensor> part = new LinkedHashMap<>();
            llama.state().forEach((name, value) -> {
                if (List.copyOf(llama.state().keySet()).indexOf(name) % 2 == Integer.parseInt(file.substring(6, 7))) {
                    part.put(name, value);
                }
            });
            SafetensorsWriter.write(own.resolve(file), part, SafetensorsWriter.METADATA);
            map.append(map.isEmpty() ? "" : ",\n").append("\"%s\": \"%s\"".formatted(tensor.getKey(), file));
        }
        Files.writeString(
                own.resolve(ShardedSafetensors.INDEX),
                "{\"metadata\": {\"total_size\": 4}, \"weight_map\": {%s}}".formatted(map));
    }

    private void gpt2(Path own) {
        Gpt gpt = new Gpt(new GptConfig(bpe.vocabularySize(), 16, 1, 2, 8, 0), Rng.of(1));
        new GgufModel(gpt, bpe).write(own.resolve("model.gguf"), GgufType.F32);
    }

    private void models() throws IOException {
        add("huggingface", own -> HuggingFaceFolder.save(own, llama, bpe), own -> {
            HuggingFaceFolder.load(own, LanguageModel.class);
            GenerationConfig.read(own);
            Tokenizers.load(own);
        });
        BertConfig size = new BertConfig(wordPiece.vocabularySize(), 16, 2, 1, 2, 8, 12, 0, 1e-12);
        add("sentences", own -> sentences(own, new BertEncoder(size, Rng.of(1))), SentenceEmbedding::load);
    }

    private void sentences(Path own, BertEncoder encoder) throws IOException {
        HuggingFaceFolder.save(own, encoder, wordPiece);
        Files.writeString(own.resolve("modules.json"), """
                [{"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
                 {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
                 {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"}]
                """);
        Files.writeString(
                own.resolve("sentence_bert_config.json"), "{\"max_seq_length\": 8, \"do_lower_case\": false}");
        Files.createDirectories(own.resolve("1_Pooling"));
        Files.writeString(
                own.resolve("1_Pooling/config.json"),
                "{\"word_embedding_dimension\": 8, \"pooling_mode_cls_token\": false,"
                        + " \"pooling_mode_mean_tokens\": true}");
    }

    /// Loads, and lets the tokenizer work: what it then refuses is its own affair, but it must be a refusal.
    private static void use(Tokenizer tokenizer) {
        try {
            int[] ids = tokenizer.encode(TEXT);
            tokenizer.encode(TEXT, tokenizer.specialTokens());
            tokenizer.decode(ids);
            for (int id = 0; id < Math.min(400, tokenizer.vocabularySize()); id++) {
                tokenizer.idToToken(id);
            }
        } catch (GradusException refused) {
            // a text with characters that the damaged vocabulary lacks
        }
    }

    private void tokenizers() throws IOException {
        Target.Reader load = own -> use(Tokenizers.load(own));
        add("tokenizer-bpe", folder -> Tokenizers.save(bpe, folder), load);
        add("tokenizer-wordpiece", folder -> Tokenizers.save(wordPiece, folder), load);
        add("tokenizer-char", folder -> Tokenizers.save(CharTokenizer.of(TEXT), folder), load);
        add("tokenizer-unigram", TokenizerSamples::unigram, load);
        add("tokenizer-model", TokenizerSamples::sentencePiece, load);
        add(
                "gpt2-files",
                own -> {
                    Gpt2Files.write(bpe, own);
                    Files.deleteIfExists(own.resolve("tokenizer.json"));
                    TokenizerSamples.besideVocabulary(own, 0);
                },
                load);
        add("vocab-txt", own -> TokenizerSamples.vocabTxt(own, wordPiece), load);
        add(
                "tiktoken",
                own -> TiktokenFile.write(bpe, own, "ranks.tiktoken"),
                own -> use(TiktokenFile.read(own.resolve("ranks.tiktoken"), new Gpt2PreTokenizer(), new TreeMap<>())));
        add("tokens", own -> TokenFileWriter.write(own.resolve("text.tokens"), bpe, bpe.encode(TEXT)), own -> {
            try (TokenFile file = TokenFile.open(own.resolve("text.tokens"))) {
                file.readAll();
            }
        });
    }

    private void runs() throws IOException {
        add("run", this::run, own -> {
            RunCommand.read(own, "sample", "--run", own.toString(), "--tokens", "3", "--prompt", "t");
        });
        add("resume", this::run, own -> RunCommand.read(own, "train", "--resume", own.toString()));
    }

    private void run(Path own) throws IOException {
        Path data = folder.resolve("data.txt");
        Files.writeString(data, (TEXT + "\n").repeat(30), StandardCharsets.UTF_8);
        try {
            RunCommand.read(
                    own,
                    "train",
                    "--data",
                    data.toString(),
                    "--out",
                    own.toString(),
                    "--overwrite",
                    "--steps=2",
                    "--model.layers=1",
                    "--model.heads=2",
                    "--model.dim=8",
                    "--model.context=8",
                    "--train.batchSize=2",
                    "--train.warmup=1");
        } catch (Exception e) {
            throw new IOException("the run that is to be damaged failed: " + e.getMessage(), e);
        }
        try (Stream<Path> all = Files.walk(own)) {
            all.filter(path -> path.toString().matches(".*(\\.png|\\.lock|\\.html)"))
                    .forEach(path -> path.toFile().delete());
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }
}
