package gradus.train.pretrained.gguf;

import static org.assertj.core.api.Assertions.assertThat;

import gradus.layers.model.Llama;
import gradus.layers.model.config.LlamaConfig;
import gradus.tensor.random.Rng;
import gradus.tokenizer.ByteLevelBpe;
import gradus.tokenizer.TokenizerPipeline;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTokens;
import gradus.tokenizer.pretokenize.Llama3PreTokenizer;
import gradus.tokenizer.train.BpeTrainer;
import gradus.tokenizer.train.BpeTrainerOptions;
import gradus.train.chat.ChatModel;
import gradus.train.chat.ChatSession;
import gradus.train.checkpoint.GgufType;
import gradus.train.cli.Cli;
import gradus.train.corpus.WordNet;
import gradus.train.generate.Sampling;
import gradus.train.instruct.WordNetQuestions;
import gradus.train.pretrained.HuggingFaceFolder;
import gradus.train.run.ExchangedModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// llama.cpp gives the answers of a model that was tuned for conversations here, and ends where it does.
class LlamaCppChatTest {
    private static final List<String> QUESTIONS = List.of("who is it?", "is it?", "is it me?", "who?");

    @TempDir
    private Path folder;

    @Test
    void answersAlikeAndEndsByItself() throws IOException, InterruptedException {
        ByteLevelBpe bpe = new BpeTrainer(BpeTrainerOptions.of(280).withPreTokenizer(new Llama3PreTokenizer()))
                .train("who is it? it is me. yes! no, ".repeat(40));
        LlamaConfig size = LlamaConfig.of(32, 2, 1)
                .withVocabSize(bpe.vocabularySize())
                .withContext(96)
                .withHidden(48);
        HuggingFaceFolder.save(folder.resolve("base"), new Llama(size, Rng.of(1)), bpe);
        List<String> answers = List.of("it is me.", "yes!", "yes! it is me.", "me.");
        StringBuilder rows = new StringBuilder();
        IntStream.range(0, 40)
                .forEach(i -> rows.append("{\"instruction\": \"%s\", \"output\": \"%s\"}\n"
                        .formatted(QUESTIONS.get(i % 4), answers.get(i % 4))));
        Path data = Files.writeString(folder.resolve("rows.jsonl"), rows);
        Cli cli = Cli.run(
                "finetune",
                "--base=" + folder.resolve("base"),
                "--data",
                data.toString(),
                "--out=" + folder.resolve("tuned"),
                "--chat-template=chatml",
                "--method=full",
                "--steps=80",
                "--batch-size=4",
                "--lr=1e-2");
        assertThat(cli.code()).as(cli.err()).isZero();
        assertThat(alike(folder.resolve("tuned/model"), QUESTIONS, folder)).isEqualTo(answers);
    }

    /// Our greedy answers, if llama.cpp's are the same.
    private static List<String> alike(Path tuned, List<String> questions, Path folder)
            throws IOException, InterruptedException {
        ExchangedModel model = ExchangedModel.open(tuned);
        Path file = folder.resolve("model.gguf");
        new GgufModel(model.model(), (TokenizerPipeline) model.tokenizer())
                .withTokensOf(model.generation())
                .write(file, GgufType.F32);
        ChatModel chat = ChatModel.open(file, null, null);
        List<String> ours = new ArrayList<>();
        List<String> prompts = new ArrayList<>();
        for (String question : questions) {
            try (ChatSession session = new ChatSession(chat, Sampling.greedy(), 0, Rng.of(1))) {
                ChatSession.Answer answer = session.ask(question, piece -> true);
                ours.add(answer.text());
                if (answer.end() != ChatSession.End.CLOSED) {
                    System.out.println("does not end: " + question);
                }
            }
            prompts.add(chat.template()
                    .render(List.of(ChatMessage.user(question)), true)
                    .text());
        }
        List<LlamaCpp.Answer> theirs = LlamaCpp.goOn(file, prompts, 60);
        for (int i = 0; i < questions.size(); i++) {
            assertThat(theirs.get(i).ids())
                    .as(questions.get(i))
                    .isEqualTo(ChatTokens.of(chat.template(), chat.tokenizer())
                            .prompt(List.of(ChatMessage.user(questions.get(i))), null));
            assertThat(theirs.get(i).text()).as(questions.get(i)).isEqualTo(ours.get(i));
        }
        return ours;
    }

    /// The same of a model of your own, with questions about words: `… MODEL COUNT FOLDER`.
    public static void main(String[] arguments) throws IOException, InterruptedException {
        WordNetQuestions questions = new WordNetQuestions(WordNet.read(), 1, true);
        List<String> asked = IntStream.range(0, Integer.parseInt(arguments[1]))
                .mapToObj(i -> questions.question(i).text())
                .toList();
        List<String> answers = alike(Path.of(arguments[0]), asked, Files.createDirectories(Path.of(arguments[2])));
        for (int i = 0; i < asked.size(); i++) {
            System.out.println(asked.get(i) + " -> " + answers.get(i));
        }
    }
}
