package gradus.train.chat;

import gradus.tensor.random.Rng;
import gradus.tokenizer.StreamingDecoder;
import gradus.tokenizer.chat.ChatMessage;
import gradus.tokenizer.chat.ChatTokens;
import gradus.train.corpus.WordNet;
import gradus.train.generate.Generator;
import gradus.train.generate.Sampling;
import gradus.train.instruct.WordNetQuestions;
import gradus.train.instruct.WordNetQuestions.Kind;
import gradus.train.instruct.WordNetQuestions.Question;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// A measurement, no test: asks a tuned model questions about words that were kept apart, always taking the
/// likeliest token, and prints how many answers ended by themselves and how many are right, by kind.
///
/// `java gradus.train.chat.WordNetAnswersLab MODEL [COUNT]`
final class WordNetAnswersLab {
    private static final int BATCH = 50;

    private WordNetAnswersLab() {}

    public static void main(String[] arguments) {
        ChatModel chat = ChatModel.open(Path.of(arguments[0]), null, null);
        int count = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 500;
        ChatTokens.Encoder encoder = ChatTokens.of(chat.template(), chat.tokenizer());
        WordNetQuestions questions = new WordNetQuestions(WordNet.read(), 1, true);
        Map<Kind, int[]> right = new EnumMap<>(Kind.class); // right, asked
        int ended = 0;
        for (int from = 0; from < count; from += BATCH) {
            List<Question> asked = new ArrayList<>();
            List<int[]> prompts = new ArrayList<>();
            for (int i = from; i < Math.min(count, from + BATCH); i++) {
                Question question = questions.question(i);
                asked.add(question);
                prompts.add(encoder.prompt(List.of(ChatMessage.user(question.text())), null));
            }
            boolean[] closed = new boolean[asked.size()];
            int limit = chat.model().context()
                    - prompts.stream().mapToInt(ids -> ids.length).max().orElseThrow();
            int[][] added = new Generator(chat.model(), Sampling.greedy())
                    .generate(prompts, limit, Rng.of(1), (text, token) -> {
                        closed[text] |= chat.ends().contains(token);
                        return !closed[text];
                    });
            for (int i = 0; i < asked.size(); i++) {
                ended += closed[i] ? 1 : 0;
                StreamingDecoder decoder = chat.tokenizer().decoder();
                StringBuilder said = new StringBuilder();
                for (int id : added[i]) {
                    said.append(chat.ends().contains(id) ? "" : decoder.accept(id));
                }
                Question question = asked.get(i);
                int[] counts = right.computeIfAbsent(question.kind(), kind -> new int[2]);
                counts[0] += questions.accepts(question, said.toString()) ? 1 : 0;
                counts[1]++;
                if (from + i < 10) {
                    System.out.println(question.text() + " -> " + said);
                }
            }
        }
        System.out.printf("%d of %d answers end by themselves%n", ended, count);
        right.forEach((kind, counts) -> System.out.printf("%s: %d of %d right%n", kind, counts[0], counts[1]));
    }
}
