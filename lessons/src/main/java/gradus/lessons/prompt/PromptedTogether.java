package gradus.lessons.prompt;

import gradus.error.GradusException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.stream.IntStream;

/// Asks many questions by one way of prompting, and lets the model write for all of them at once.
/// ```java
/// List<Outcome> outcomes = PromptedTogether.ask(model, questions, same -> new ZeroShotChain(same, extractor));
/// ```
/// A way of prompting asks its model again and again and waits for each answer. Here each question has a thread
/// of its own. Whenever all threads that are left wait, what they asked for is one call of
/// [TextModel#complete(List)]: the second step of every chain is one batch, and so is the second vote of every
/// question. The answers are those of questions that are asked one after the other, up to the rounding of a
/// batch: each request has its own seed.
///
/// **Threads.** The model is asked by the caller's alone, but for its scorer.
public final class PromptedTogether {
    private final TextModel model;
    private final SequencedMap<Integer, Waiting> waiting = new TreeMap<>(); // by the question's place
    private int running;

    private record Waiting(CompletionRequest request, CompletableFuture<String> answer) {}

    private PromptedTogether(TextModel model) {
        this.model = model;
    }

    /// What each question comes to.
    ///
    /// @param method makes the way of prompting of a model; it is called for each question
    /// @throws GradusException the failure of the first question that failed
    public static List<Outcome> ask(TextModel model, List<String> questions, Function<TextModel, PromptMethod> method) {
        return run(model, questions, (same, question) -> method.apply(same).ask(question));
    }

    /// What a program that asks a model makes of a question.
    @FunctionalInterface
    public interface Program<T> {
        T of(TextModel model, String question);
    }

    /// What a program makes of each question.
    ///
    /// @throws GradusException the failure of the first question that failed
    public static <T> List<T> run(TextModel model, List<String> questions, Program<T> program) {
        return new PromptedTogether(model).all(questions, program);
    }

    private <T> List<T> all(List<String> questions, Program<T> program) {
        List<CompletableFuture<T>> results = new ArrayList<>();
        running = questions.size();
        for (int i = 0; i < questions.size(); i++) {
            int place = i;
            CompletableFuture<T> result = new CompletableFuture<>();
            results.add(result);
            Thread.ofVirtual().start(() -> {
                try {
                    result.complete(program.of(new Place(place), questions.get(place)));
                } catch (RuntimeException | Error failure) {
                    result.completeExceptionally(failure);
                }
                end();
            });
        }
        for (List<Waiting> all = next(); !all.isEmpty(); all = next()) {
            answer(all);
        }
        return results.stream().map(PromptedTogether::of).toList();
    }

    private synchronized void end() {
        running--;
        notifyAll();
    }

    /// What is asked, once all threads that are left wait; nothing once all have ended.
    private synchronized List<Waiting> next() {
        while (waiting.size() < running) {
            try {
                wait();
            } catch (InterruptedException stopped) {
                Thread.currentThread().interrupt();
                waiting.values().forEach(each -> each.answer.cancel(false));
                throw new CancellationException("interrupted while questions were asked");
            }
        }
        List<Waiting> all = List.copyOf(waiting.values());
        waiting.clear();
        return all;
    }

    /// All at once; where something is refused, each alone, so that the failure is that of its own question.
    private void answer(List<Waiting> all) {
        try {
            List<String> texts =
                    model.complete(all.stream().map(Waiting::request).toList());
            IntStream.range(0, all.size()).forEach(i -> all.get(i).answer.complete(texts.get(i)));
        } catch (RuntimeException refused) {
            all.forEach(this::answerAlone);
        }
    }

    private void answerAlone(Waiting each) {
        try {
            each.answer.complete(model.complete(each.request.prompt(), each.request.options()));
        } catch (RuntimeException refused) {
            each.answer.completeExceptionally(refused);
        }
    }

    private CompletableFuture<String> ask(int place, CompletionRequest request) {
        CompletableFuture<String> answer = new CompletableFuture<>();
        synchronized (this) {
            waiting.put(place, new Waiting(request, answer));
            notifyAll();
        }
        return answer;
    }

    /// What a thread came to.
    private static <T> T of(CompletableFuture<T> result) {
        try {
            return result.join();
        } catch (CompletionException failed) {
            if (failed.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw (Error) failed.getCause();
        }
    }

    /// The model, as the program of one question sees it.
    private final class Place implements TextModel {
        private final int place;

        private Place(int place) {
            this.place = place;
        }

        @Override
        public String complete(String prompt, CompletionOptions options) {
            return PromptedTogether.of(ask(place, new CompletionRequest(prompt, options)));
        }

        @Override
        public Optional<Scorer> scorer() {
            return model.scorer();
        }
    }
}
